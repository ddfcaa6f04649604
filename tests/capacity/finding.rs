//! What Twilio would sell: a sample with its price, and nothing bought.

use serde_json::json;

use super::{FREE, with_pool};

#[test]
fn a_sample_is_shown_with_its_price_and_nothing_is_bought() {
    let project = with_pool(&FREE);
    project.sandbox.clear_requests();
    let said = project.succeed(&["capacity", "find", "--area-code", "415", "--count", "2"]);
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines.iter().filter(|line| line.starts_with("+1415555")).count(), 2, "{said}");
    assert!(said.contains("A sample of the local numbers of area code 415 in US"), "{said}");
    assert!(said.contains("1.15 USD a month") && said.contains("Nothing was bought."), "{said}");
    let requests = project.sandbox.requests();
    assert!(requests.iter().all(|request| request.method == "GET"), "{requests:?}");
    let (code, answer) = project.json(&["capacity", "find", "--type", "toll-free", "--country", "us"]);
    assert_eq!((code, &answer["price_per_month"], &answer["is_sample"]), (0, &json!("2.15"), &json!(true)));
    assert_eq!(answer["numbers"].as_array().unwrap().len(), 5);
    assert!(answer["numbers"][0]["phone_number"].as_str().unwrap().starts_with("+1888"), "{answer:#}");
}

#[test]
fn none_for_sale_is_said_and_bad_questions_are_refused() {
    let project = with_pool(&FREE);
    let (code, answer) = project.json(&["capacity", "find", "--type", "mobile"]);
    assert_eq!((code, &answer["status"], &answer["numbers"]), (0, &json!("none"), &json!([])));
    assert_eq!(project.run(&["capacity", "find", "--area-code", "415", "--country", "GB"]).code, 2);
    for bad in [["--area-code", "41"], ["--type", "other"], ["--country", "USA"], ["--count", "0"], ["--count", "31"]] {
        assert_eq!(project.run(&[&["capacity", "find"], &bad[..]].concat()).code, 2, "{bad:?}");
    }
    project.fault("status:401,path=AvailablePhoneNumbers");
    assert_eq!(project.run(&["capacity", "find", "--area-code", "415"]).code, 2);
}
