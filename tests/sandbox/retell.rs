//! Retell's numbers and agents.

use phone_dir::sandbox::{Clock, SandboxOptions, agent_folders, agent_id};
use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox::http::{Answer, Caller, Http};

const NUMBER: &str = "/update-phone-number/+14155550101";

fn update(http: &Http, body: &Value) -> Answer {
    http.json(Method::PATCH, NUMBER, Caller::Staging, body)
}

fn import(http: &Http, body: &Value) -> Answer {
    http.json(Method::POST, "/import-phone-number", Caller::Staging, body)
}

fn agent(folder: &str, weight: f64) -> Value {
    json!({ "agent_id": agent_id("staging", folder), "weight": weight })
}

#[test]
fn each_key_sees_its_own_workspace_and_no_other() {
    let http = Http::start();
    let (staging, production) = (http.retell_numbers(Caller::Staging, 50), http.retell_numbers(Caller::Production, 50));
    assert_eq!((staging.len(), production.len()), (14, 9));
    assert!(production.iter().all(|number| staging.contains(number)));
    assert_eq!(http.delete("/delete-phone-number/+14155550101", Caller::Production).status, 204);
    assert_eq!(http.get("/get-phone-number/+14155550101", Caller::Staging).status, 200);
}

#[test]
fn small_pages_give_every_number_once() {
    let http = Http::start();
    assert_eq!(http.retell_numbers(Caller::Staging, 3), http.retell_numbers(Caller::Staging, 1000));
    assert_eq!(http.retell_numbers(Caller::Staging, 1000).len(), 14);
}

#[test]
fn bad_page_parameters_are_400() {
    let http = Http::start();
    for query in ["limit=0", "limit=1001", "limit=many", "sort_order=up", "pagination_key=nonsense"] {
        let answer = http.get(&format!("/v2/list-phone-numbers?{query}"), Caller::Staging);
        assert_eq!((answer.status, &answer.json["status"]), (400, &json!("error")), "{query}");
    }
}

#[test]
fn a_missing_or_wrong_key_is_401() {
    let http = Http::start();
    for caller in [Caller::Nobody, Caller::RetellKey("key_wrong"), Caller::Twilio] {
        let answer = http.get("/v2/list-phone-numbers", caller);
        assert_eq!(answer.json, json!({ "status": "error", "message": "API key is missing or invalid." }));
        assert_eq!(answer.status, 401);
    }
}

#[test]
fn unknown_numbers_agents_and_paths_have_the_documented_statuses() {
    let http = Http::start();
    assert_eq!(http.get("/get-phone-number/+14155550199", Caller::Staging).status, 422);
    assert_eq!(http.delete("/delete-phone-number/+14155550199", Caller::Staging).status, 422);
    assert_eq!(http.get("/get-agent/nobody", Caller::Staging).status, 422);
    assert_eq!(http.get("/no-such-path", Caller::Staging).status, 404);
}

#[test]
fn an_update_changes_what_it_names_and_moves_the_timestamp() {
    let http = Http::start();
    let before = http.get("/get-phone-number/+14155550101", Caller::Staging).json;
    let after = update(&http, &json!({ "inbound_agents": [agent("survey", 1.0)], "some_new_field": 1 }));
    assert_eq!(after.status, 200);
    assert_eq!(after.json["inbound_agents"][0]["agent_id"], agent_id("staging", "survey"));
    assert_eq!(after.json["outbound_agents"], before["outbound_agents"]);
    let time = |number: &Value| number["last_modification_timestamp"].as_i64().unwrap();
    assert!(time(&after.json) > time(&before));
    assert_eq!(http.get("/get-phone-number/+14155550101", Caller::Staging).json, after.json);
}

#[test]
fn null_unbinds_and_clears() {
    let http = Http::start();
    let body =
        json!({ "inbound_agents": null, "nickname": null, "inbound_webhook_url": null, "fallback_number": null });
    let number = update(&http, &body).json;
    assert_eq!((&number["inbound_agents"], &number["nickname"]), (&Value::Null, &Value::Null));
    assert!(number["outbound_agents"].is_array());
}

#[test]
fn weights_must_add_up_and_agents_must_exist() {
    let http = Http::start();
    let cases = [
        (json!([agent("survey", 0.5), agent("sales-agent", 0.5)]), 200),
        (json!([agent("survey", 0.7), agent("sales-agent", 0.2), agent("sales-trial", 0.1)]), 200),
        (json!([]), 200),
        (json!([agent("survey", 0.5)]), 400),
        (json!([agent("survey", 0.0), agent("sales-agent", 1.0)]), 400),
        (json!([agent("survey", 1.5)]), 400),
        (json!([{ "agent_id": agent_id("staging", "survey") }]), 400),
        (json!([{ "agent_id": agent_id("staging", "survey"), "weight": 1, "agent_version": "Not A Tag" }]), 400),
        (json!([{ "agent_id": agent_id("staging", "survey"), "weight": 1, "agent_version": "v2" }]), 400),
        (json!([{ "agent_id": agent_id("staging", "survey"), "weight": 1, "agent_version": "latest_published" }]), 200),
        (json!([{ "agent_id": agent_id("production", "survey"), "weight": 1 }]), 422),
        (json!("survey"), 400),
    ];
    for (agents, status) in cases {
        assert_eq!(update(&http, &json!({ "inbound_agents": agents })).status, status, "{agents}");
    }
}

#[test]
fn wrong_types_are_400_and_change_nothing() {
    let http = Http::start();
    let before = http.get("/get-phone-number/+14155550101", Caller::Staging).json;
    for body in [
        json!({ "nickname": 7 }),
        json!({ "nickname": "New", "termination_uri": null }),
        json!({ "nickname": "New", "transport": "SMOKE" }),
        json!({ "nickname": "New", "allowed_inbound_country_list": ["Germany"] }),
        json!(["nickname"]),
    ] {
        let answer = update(&http, &body);
        assert_eq!((answer.status, &answer.json["status"]), (400, &json!("error")), "{body}");
    }
    assert_eq!(http.get("/get-phone-number/+14155550101", Caller::Staging).json, before);
}

#[test]
fn a_fallback_is_another_number_without_a_fallback_of_its_own() {
    let http = Http::start();
    assert_eq!(update(&http, &json!({ "fallback_number": "+14155550101" })).status, 400);
    assert_eq!(update(&http, &json!({ "fallback_number": "+14155550102" })).status, 200);
    let nested = json!({ "fallback_number": "+14155550101" });
    assert_eq!(http.json(Method::PATCH, "/update-phone-number/+14155550103", Caller::Staging, &nested).status, 400);
}

#[test]
fn an_import_is_stored_and_its_password_is_never_returned() {
    let http = Http::start();
    let body = json!({
        "phone_number": "+14155550160",
        "termination_uri": "new.pstn.twilio.com",
        "sip_trunk_auth_username": "user",
        "sip_trunk_auth_password": "made-up-password",
        "outbound_agents": [agent("survey", 1.0)],
    });
    let imported = import(&http, &body);
    assert_eq!((imported.status, &imported.json["phone_number_type"]), (201, &json!("custom")));
    assert_eq!(imported.json["phone_number_pretty"], "+1 (415) 555-0160");
    let config =
        json!({ "termination_uri": "new.pstn.twilio.com", "auth_username": "user", "transport": "TCP", "codecs": [] });
    assert_eq!(imported.json["sip_outbound_trunk_config"], config);
    assert!(!http.get("/v2/list-phone-numbers?limit=1000", Caller::Staging).text.contains("made-up-password"));
    assert_eq!(import(&http, &body).status, 400, "a number can be imported once");
}

#[test]
fn an_import_needs_its_fields_and_known_agents() {
    let http = Http::start();
    let odd = json!({ "phone_number": "front-desk", "termination_uri": "sip.example" });
    let cases = [
        (json!({ "phone_number": "+14155550161" }), 400),
        (json!({ "termination_uri": "new.pstn.twilio.com" }), 400),
        (
            json!({ "phone_number": "+14155550161", "termination_uri": "x", "inbound_agents": [{ "agent_id": "no", "weight": 1 }] }),
            400,
        ),
        (json!({ "phone_number": "front-desk", "termination_uri": "x", "ignore_e164_validation": false }), 400),
        (odd, 201),
    ];
    for (body, status) in cases {
        assert_eq!(import(&http, &body).status, status, "{body}");
    }
}

#[test]
fn a_purchase_gives_a_free_number_of_the_area_code() {
    let http = Http::start();
    let buy = |body: Value| http.json(Method::POST, "/create-phone-number", Caller::Staging, &body);
    let bought = buy(json!({ "area_code": 415, "number_provider": "telnyx" }));
    assert_eq!((bought.status, &bought.json["phone_number_type"]), (201, &json!("retell-telnyx")));
    assert_eq!(bought.json["phone_number"], "+14155550100");
    assert_eq!(buy(json!({ "toll_free": true })).json["area_code"], 888);
    assert_eq!(buy(json!({ "area_code": "415" })).status, 400);
}

#[test]
fn every_folder_has_its_agent_in_each_workspace_and_one_agent_has_no_folder() {
    let http = Http::start();
    for (workspace, caller) in [("staging", Caller::Staging), ("production", Caller::Production)] {
        let page = http.json(Method::POST, "/v2/list-agents?limit=1000", caller, &json!({})).json;
        let listed: Vec<_> = page["items"].as_array().unwrap().iter().map(|agent| &agent["agent_id"]).collect();
        let folders = agent_folders();
        for folder in &folders {
            let id = &folder.ids.iter().find(|(name, _)| *name == workspace).expect("an id per workspace").1;
            assert!(listed.contains(&&json!(id)), "{}", folder.path);
        }
        assert_eq!(listed.len(), folders.len() + 1);
    }
}

#[test]
fn the_fields_before_lists_with_weights_are_400() {
    let http = Http::start();
    for field in ["inbound_agent_id", "outbound_agent_id", "inbound_agent_version", "inbound_sms_agent_id"] {
        let answer = update(&http, &json!({ field: null }));
        assert_eq!(
            (answer.status, answer.json["message"].as_str()),
            (400, Some("Deprecated API usage is no longer supported"))
        );
    }
}

#[test]
fn what_retell_removed_is_not_there() {
    let http = Http::start();
    for path in ["/list-phone-numbers", "/list-agents"] {
        assert_eq!(http.get(path, Caller::Staging).status, 404, "{path}");
    }
}

#[test]
fn each_key_belongs_to_an_organisation_of_its_own() {
    let http = Http::start();
    let organisation = |caller| http.get("/get-api-key-info", caller).json["org_id"].clone();
    assert_eq!(organisation(Caller::Staging), "org_sandbox_staging");
    assert_eq!(organisation(Caller::Production), "org_sandbox_production");
}

#[test]
fn a_stepping_clock_makes_changes_repeatable() {
    let start = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let run = || {
        let http = Http::with(SandboxOptions { clock: Clock::Stepping(start), ..SandboxOptions::default() });
        http.sandbox.reassign("staging", "+14155550101", "sales-agent").expect("all three exist");
        http.get("/get-phone-number/+14155550101", Caller::Staging).json
    };
    let first = run();
    assert_eq!(first, run());
    assert_eq!(first["last_modification_timestamp"], 1_800_000_000_000_i64);
    assert_eq!(first["inbound_agents"][0]["agent_id"], agent_id("staging", "sales-agent"));
}
