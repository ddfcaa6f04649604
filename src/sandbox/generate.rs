//! Large accounts: any quantity of fictional numbers, spread over trunks, agents and both workspaces.
//!
//! All numbers are exchange 555 of real area codes; the first 30,000 or so are the reserved 555-01xx.

use chrono::TimeDelta;

use super::account::{Account, Capabilities, IncomingNumber, RetellNumber, SandboxTrunk, default_friendly_name};
use super::agents::voice_folders;
use super::seed::{hours_later, mix, opened, origination, sid, trunk};
use super::seed_retell::{imported, one};

/// Area codes of the United States that libphonenumber knows.
const AREA_CODES: &str = "\
    201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 220 223 224 225 228 229 231 234 \
    239 240 248 251 252 253 254 256 260 262 267 269 270 272 274 276 279 281 283 301 302 303 304 305 307 \
    308 309 310 312 313 314 315 316 317 318 319 320 321 323 325 326 327 330 331 332 334 336 337 339 341 \
    346 347 351 352 360 361 364 380 385 386 401 402 404 405 406 407 408 409 410 412 413 414 415 417 419 \
    423 424 425 430 432 434 435 440 442 443 445 447 448 458 463 464 469 470 475 478 479 480 484 501 502 \
    503 504 505 507 508 509 510 512 513 515 516 517 518 520 530 531 534 539 540 541 551 559 561 562 563 \
    564 567 570 571 573 574 575 580 585 586 601 602 603 605 606 607 608 609 610 612 614 615 616 617 618 \
    619 620 623 626 628 629 630 631 636 640 641 646 650 651 656 657 659 660 661 662 667 669 678 680 681 \
    682 689 701 702 703 704 706 707 708 712 713 714 715 716 717 718 719 720 724 725 726 727 730 731 732 \
    734 737 740 743 747 754 757 760 762 763 765 769 770 771 772 773 774 775 779 781 785 786 801 802 803 \
    804 805 806 808 810 812 813 814 815 816 817 818 820 826 828 830 831 832 838 839 840 843 845 847 848 \
    850 854 856 857 858 859 860 862 863 864 865 870 872 878 901 903 904 906 907 908 909 910 912 913 914 \
    915 916 917 918 919 920 925 928 929 930 931 934 936 937 938 940 941 943 945 947 948 949 951 952 954 \
    956 959 970 971 972 973 978 979 980 983 984 985 986 989";

/// Toll-free codes, for one generated number in twenty.
const TOLL_FREE_CODES: [&str; 7] = ["800", "833", "844", "855", "866", "877", "888"];

/// Adds trunks until the account has `total`; each has a domain, one credential list and one origination URL.
pub(super) fn fill_trunks(account: &mut Account, total: usize) {
    for index in account.trunks.len()..total {
        let name = format!("generated-{index:04}");
        account.trunks.push(SandboxTrunk {
            domain_name: Some(format!("{name}.pstn.twilio.com")),
            origination_urls: [origination("Retell Origination", "sip:sip.retellai.com", 10, 1)].into_iter().collect(),
            credential_lists: vec![sid("CL", "retell")],
            ..trunk(&name, &format!("Trunk {index:04}"))
        });
    }
}

/// Adds numbers until the Twilio account has `total`; `seed` decides who answers which.
///
/// Four in five numbers are also in production, one in ten is bound to no agent.
pub(super) fn fill_numbers(account: &mut Account, total: usize, seed: u64) {
    let wanted = total.saturating_sub(account.numbers.len());
    let taken: std::collections::HashSet<String> =
        account.numbers.iter().map(|number| number.phone_number.clone()).collect();
    let trunks: Vec<(String, String)> =
        account.trunks.iter().filter_map(|trunk| Some((trunk.sid.clone(), trunk.domain_name.clone()?))).collect();
    let numbers = fictional_numbers().filter(|(number, _)| !taken.contains(number)).take(wanted);
    for (index, (phone_number, kind)) in numbers.enumerate() {
        let chance = mix(seed ^ mix(index as u64));
        let (trunk_sid, domain) = &trunks[index % trunks.len()];
        account.numbers.push(twilio_number(&phone_number, kind, trunk_sid, index));
        add_to_workspaces(account, &phone_number, domain, chance);
    }
}

fn twilio_number(phone_number: &str, kind: &'static str, trunk_sid: &str, index: usize) -> IncomingNumber {
    let minutes = i64::try_from(index).unwrap_or(i64::MAX) % 500_000;
    let created = opened() + TimeDelta::minutes(minutes);
    IncomingNumber {
        sid: sid("PN", phone_number),
        phone_number: phone_number.to_owned(),
        friendly_name: default_friendly_name(phone_number),
        kind,
        capabilities: if kind == "tollfree" { Capabilities::VOICE_AND_SMS } else { Capabilities::VOICE_AND_MESSAGES },
        trunk_sid: Some(trunk_sid.to_owned()),
        voice_url: String::new(),
        created,
        updated: created,
    }
}

fn add_to_workspaces(account: &mut Account, phone_number: &str, domain: &str, chance: u64) {
    let folders = voice_folders();
    let [folder_dice, production_dice, binding_dice, ..] = chance.to_le_bytes();
    let folder = folders[usize::from(folder_dice) % folders.len()];
    for (name, workspace) in &mut account.workspaces {
        if *name == "production" && production_dice % 5 == 0 {
            continue;
        }
        let agents = || (binding_dice % 10 != 0).then(|| one(name, folder));
        workspace.numbers.push(RetellNumber {
            inbound_agents: agents(),
            outbound_agents: if binding_dice % 3 == 0 { None } else { agents() },
            last_modification_timestamp: hours_later(48).timestamp_millis(),
            ..imported(phone_number, &default_friendly_name(phone_number), domain)
        });
    }
}

/// Every fictional number with Twilio's type of it, all different: one toll-free after each nineteen local ones, while
/// there are any.
fn fictional_numbers() -> impl Iterator<Item = (String, &'static str)> {
    let mut local =
        lines().flat_map(|line| AREA_CODES.split_whitespace().map(move |area| (number(area, line), "local")));
    let mut toll_free =
        lines().flat_map(|line| TOLL_FREE_CODES.iter().map(move |code| (number(code, line), "tollfree")));
    let mut position = 0_u64;
    std::iter::from_fn(move || {
        position += 1;
        if position.is_multiple_of(20) { toll_free.next().or_else(|| local.next()) } else { local.next() }
    })
}

/// The first fictional number of an area code, or of a toll-free one, that is not taken.
pub(super) fn free_number(area: &str, is_taken: impl Fn(&str) -> bool) -> Option<String> {
    free_numbers(area, is_taken).next()
}

/// The numbers of an area code that are not taken; none of a code that is not known.
pub(super) fn free_numbers(area: &str, is_taken: impl Fn(&str) -> bool) -> impl Iterator<Item = String> {
    let is_known = AREA_CODES.split_whitespace().chain(TOLL_FREE_CODES).any(|code| code == area);
    lines().filter(move |_| is_known).map(move |line| number(area, line)).filter(move |number| !is_taken(number))
}

/// The lines of an exchange, the reserved ones (0100 to 0199) first.
fn lines() -> impl Iterator<Item = u32> {
    (100..200).chain(200..10_000)
}

fn number(area: &str, line: u32) -> String {
    format!("+1{area}555{line:04}")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberType};

    use super::*;

    #[test]
    fn generated_numbers_are_all_different() {
        let numbers: HashSet<_> = fictional_numbers().take(50_000).map(|(number, _)| number).collect();
        assert_eq!(numbers.len(), 50_000);
    }

    #[test]
    fn libphonenumber_accepts_every_generated_number_with_its_type() {
        for (number, kind) in fictional_numbers().take(8_000) {
            let parsed = PHONE_NUMBER_UTIL.parse(&number, None).unwrap_or_else(|error| panic!("{number}: {error}"));
            assert!(PHONE_NUMBER_UTIL.is_valid_number(&parsed), "{number} is not valid");
            let is_toll_free = PHONE_NUMBER_UTIL.get_number_type(&parsed) == PhoneNumberType::TollFree;
            assert_eq!(is_toll_free, kind == "tollfree", "{number}");
        }
    }
}
