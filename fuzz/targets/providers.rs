//! The readers of the providers' answers: an answer is read, or named as wrong; never more.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| phone_dir::providers::read_answer(bytes));
