//! Both Twilio hosts.

use phone_dir::sandbox::{ACCOUNT_SID, API_KEY, API_SECRET, SUBACCOUNT_SID, SUBACCOUNT_TOKEN, SandboxOptions};
use serde_json::{Value, json};

use crate::sandbox::http::{Caller, Http, numbers_path};

fn texts<'a>(records: &'a [Value], field: &str) -> Vec<&'a str> {
    records.iter().filter_map(|record| record[field].as_str()).collect()
}

#[test]
fn small_pages_give_every_number_once_in_the_order_of_one_large_page() {
    let http = Http::start();
    let paged = http.twilio_list(&format!("{}?PageSize=2", numbers_path()), "incoming_phone_numbers");
    let whole = http.twilio_list(&format!("{}?PageSize=1000", numbers_path()), "incoming_phone_numbers");
    assert_eq!(whole.len(), 13);
    assert_eq!(paged, whole);
}

#[test]
fn a_page_above_zero_needs_its_token_and_a_page_has_at_most_1000_rows() {
    let http = Http::start();
    for (query, code) in [("Page=1", 20001), ("Page=1&PageToken=nonsense", 20001), ("PageSize=1001", 20007)] {
        let answer = http.get(&format!("{}?{query}", numbers_path()), Caller::Twilio);
        assert_eq!((answer.status, &answer.json["code"]), (400, &json!(code)), "{query}");
    }
}

#[test]
fn page_links_keep_the_filters_and_lead_back_too() {
    let http = Http::start();
    let first = http.get(&format!("{}?PageSize=2&PhoneNumber=415555", numbers_path()), Caller::Twilio).json;
    let second = http.get(first["next_page_uri"].as_str().expect("a second page"), Caller::Twilio).json;
    assert!(texts(second["incoming_phone_numbers"].as_array().unwrap(), "phone_number")[0].starts_with("+1415555"));
    let back = http.get(second["previous_page_uri"].as_str().expect("a way back"), Caller::Twilio).json;
    assert_eq!(back["incoming_phone_numbers"], first["incoming_phone_numbers"]);
}

#[test]
fn dates_are_rfc_2822_on_one_host_and_iso_8601_on_the_other() {
    let http = Http::start();
    let number =
        &http.twilio_list(&format!("{}?PhoneNumber=%2B14155550101", numbers_path()), "incoming_phone_numbers")[0];
    assert_eq!(number["date_created"], "Sat, 15 Nov 2025 10:00:00 +0000");
    let trunks = http.twilio_list("/v1/Trunks", "trunks");
    assert_eq!(trunks[0]["date_created"], "2025-11-15T10:00:00Z");
}

#[test]
fn an_api_key_opens_the_account_and_wrong_credentials_are_code_20003() {
    let http = Http::start();
    assert_eq!(http.get(&numbers_path(), Caller::TwilioPair(API_KEY, API_SECRET)).status, 200);
    let other_account = numbers_path().replace(ACCOUNT_SID, &format!("AC{}", "0".repeat(32)));
    let attempts = [
        (numbers_path(), Caller::Nobody),
        (numbers_path(), Caller::TwilioPair(ACCOUNT_SID, "wrong")),
        (numbers_path(), Caller::Staging),
        ("/v1/Trunks".to_owned(), Caller::Nobody),
        (other_account, Caller::Twilio),
    ];
    for (path, caller) in attempts {
        let answer = http.get(&path, caller);
        let expected = json!({
            "code": 20003,
            "message": "Authenticate",
            "more_info": "https://www.twilio.com/docs/errors/20003",
            "status": 401,
        });
        assert_eq!((answer.status, answer.json), (401, expected), "{path}");
    }
}

#[test]
fn what_does_not_exist_is_code_20404_whoever_looks() {
    let http = Http::start();
    for path in ["/v1/Trunks/TK0", "/v1/Trunks/TK0/OriginationUrls", "/v1/Nothing"] {
        let answer = http.get(path, Caller::Twilio);
        assert_eq!((answer.status, &answer.json["code"]), (404, &json!(20404)), "{path}");
        assert_eq!(answer.json["message"], format!("The requested resource {path} was not found"));
    }
}

#[test]
fn trunks_show_every_kind_of_authentication_and_origination() {
    let http = Http::start();
    let trunks = http.twilio_list("/v1/Trunks?PageSize=1", "trunks");
    assert_eq!(texts(&trunks, "auth_type"), ["", "CREDENTIAL_LIST", "IP_ACL", "CREDENTIAL_LIST"]);
    let parts = |trunk: &Value, link: &str, key: &str| {
        http.twilio_list(&format!("{}?PageSize=1", trunk["links"][link].as_str().unwrap()), key)
    };
    let lists: Vec<_> = trunks.iter().map(|trunk| parts(trunk, "credential_lists", "credential_lists").len()).collect();
    assert_eq!(lists, [0, 2, 0, 1]);
    let ips: Vec<_> =
        trunks.iter().map(|trunk| parts(trunk, "ip_access_control_lists", "ip_access_control_lists").len()).collect();
    assert_eq!(ips, [0, 0, 1, 0]);
    let priorities: Vec<_> = parts(&trunks[3], "origination_urls", "origination_urls")
        .iter()
        .map(|url| url["priority"].as_u64().unwrap())
        .collect();
    assert_eq!(priorities, [10, 20]);
    let disabled = parts(&trunks[2], "origination_urls", "origination_urls");
    assert_eq!(disabled.iter().filter(|url| url["enabled"] == json!(false)).count(), 1);
}

#[test]
fn credentials_give_user_names_and_never_passwords() {
    let http = Http::start();
    let base = format!("/2010-04-01/Accounts/{ACCOUNT_SID}/SIP/CredentialLists");
    let lists = http.twilio_list(&format!("{base}.json?PageSize=1"), "credential_lists");
    let users: Vec<_> = lists
        .iter()
        .flat_map(|list| {
            let path = format!("{base}/{}/Credentials.json?PageSize=1", list["sid"].as_str().unwrap());
            http.twilio_list(&path, "credentials")
        })
        .collect();
    assert_eq!(texts(&users, "username"), ["dialer_user", "sales_user", "retell_backup", "retell_user"]);
    assert!(!json!(users).to_string().contains("password"));
}

#[test]
fn a_number_can_be_bought_renamed_moved_and_released() {
    let http = Http::start();
    let trunk = http.twilio_list("/v1/Trunks", "trunks")[1]["sid"].as_str().unwrap().to_owned();
    let bought = http.form(&numbers_path(), &[("AreaCode", "415")]);
    assert_eq!((bought.status, &bought.json["phone_number"]), (201, &json!("+14155550100")));
    let path = bought.json["uri"].as_str().unwrap();
    let moved = http.form(path, &[("FriendlyName", "Moved"), ("TrunkSid", &trunk)]).json;
    assert_eq!((&moved["friendly_name"], &moved["trunk_sid"]), (&json!("Moved"), &json!(trunk)));
    assert_eq!(http.get(path, Caller::Twilio).json, moved);
    assert_eq!(http.form(path, &[("TrunkSid", "")]).json["trunk_sid"], Value::Null);
    assert_eq!(http.delete(path, Caller::Twilio).status, 204);
    assert_eq!(http.get(path, Caller::Twilio).status, 404);
}

#[test]
fn a_number_on_a_trunk_is_listed_there() {
    let http = Http::start();
    let trunk = &http.twilio_list("/v1/Trunks", "trunks")[0];
    let list = trunk["links"]["phone_numbers"].as_str().unwrap();
    let number = &http.twilio_list(&format!("{}?PhoneNumber=3125550107", numbers_path()), "incoming_phone_numbers")[0];
    let attached = http.form(list, &[("PhoneNumberSid", number["sid"].as_str().unwrap())]);
    assert_eq!(attached.status, 201);
    assert_eq!(texts(&http.twilio_list(list, "phone_numbers"), "phone_number"), ["+13125550107"]);
    assert_eq!(http.delete(attached.json["url"].as_str().unwrap(), Caller::Twilio).status, 204);
    assert!(http.twilio_list(list, "phone_numbers").is_empty());
}

#[test]
fn bad_purchases_are_refused_with_twilios_codes() {
    let http = Http::start();
    for (fields, code) in [
        (vec![("PhoneNumber", "415")], 21421),
        (vec![("PhoneNumber", "+14155550101")], 21422),
        (vec![("AreaCode", "000")], 21452),
        (vec![("PhoneNumber", "+14155550177"), ("TrunkSid", "TK0")], 21649),
    ] {
        let answer = http.form(&numbers_path(), &fields);
        assert_eq!((answer.status, &answer.json["code"]), (400, &json!(code)), "{fields:?}");
    }
}

#[test]
fn ten_thousand_numbers_come_in_ten_pages_over_all_trunks() {
    let http = Http::with(SandboxOptions { numbers: 10_000, trunks: 20, ..SandboxOptions::default() });
    let numbers = http.twilio_list(&format!("{}?PageSize=1000", numbers_path()), "incoming_phone_numbers");
    assert_eq!(numbers.len(), 10_000);
    assert_eq!(http.sandbox.requests().len(), 10);
    let trunks: std::collections::BTreeSet<_> = texts(&numbers, "trunk_sid").into_iter().collect();
    assert_eq!(trunks.len(), 19, "every trunk but the unfinished one has numbers");
    assert_eq!(http.retell_numbers(Caller::Staging, 1000).len(), 10_001);
}

#[test]
fn a_main_accounts_key_opens_the_numbers_of_its_subaccount_and_not_its_trunks() {
    let http = Http::start();
    let path = format!("/2010-04-01/Accounts/{SUBACCOUNT_SID}/IncomingPhoneNumbers.json");
    let own = Caller::TwilioPair(SUBACCOUNT_SID, SUBACCOUNT_TOKEN);
    for caller in [Caller::Twilio, Caller::TwilioPair(API_KEY, API_SECRET), own] {
        let numbers = http.get(&path, caller).json["incoming_phone_numbers"].clone();
        assert_eq!((numbers.as_array().unwrap().len(), &numbers[0]["account_sid"]), (2, &json!(SUBACCOUNT_SID)));
    }
    assert_eq!(http.get(&numbers_path(), own).status, 401);
    let trunks = |caller| http.get("/v1/Trunks", caller).json["trunks"].clone();
    assert_eq!(trunks(Caller::Twilio)[0]["account_sid"], ACCOUNT_SID);
    assert_eq!((trunks(own).as_array().unwrap().len(), &trunks(own)[0]["account_sid"]), (1, &json!(SUBACCOUNT_SID)));
}
