//! How many calls were erased.

use serde::Serialize;

use crate::plural::counted;
use crate::render::escape;
use crate::render::failure::FORMAT_VERSION;

#[derive(Serialize)]
struct ForgottenJson {
    format_version: u32,
    status: &'static str,
    erased: usize,
}

pub fn text(erased: usize) -> String {
    format!("{} erased; the counts of their days stay\n", counted(erased, "call"))
}

pub fn json(erased: usize) -> String {
    let status = if erased == 0 { "unchanged" } else { "success" };
    escape::json_of(&ForgottenJson { format_version: FORMAT_VERSION, status, erased })
}
