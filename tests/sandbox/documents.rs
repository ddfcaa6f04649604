//! The sandbox's answers against the providers' published descriptions, where those are at hand.
//!
//! The descriptions are not part of the project: `PHONE_DIR_OPENAPI` names their folder, `../shared/openapi` is the
//! default, and without them this says that it is skipped.

use std::path::PathBuf;

use phone_dir::sandbox::{ACCOUNT_SID, agent_id};
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::sandbox::http::{Caller, Http, numbers_path};

/// The published description in `file`, with its schemas made JSON Schema.
fn description(file: &str) -> Option<Value> {
    let default = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/openapi");
    let folder = std::env::var_os("PHONE_DIR_OPENAPI").map_or(default, PathBuf::from);
    let Ok(text) = std::fs::read_to_string(folder.join(file)) else {
        eprintln!("skipped: `{file}` is not in {}; PHONE_DIR_OPENAPI can name its folder", folder.display());
        return None;
    };
    Some(without_nullable(serde_json::from_str(&text).expect("the description is JSON")))
}

/// Replaces what `OpenAPI` 3.0 says in its own way: `nullable`, and `exclusiveMinimum` as a boolean.
fn without_nullable(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(without_nullable).collect(),
        Value::Object(fields) => {
            let mut fields: Map<_, _> = fields.into_iter().map(|(key, value)| (key, without_nullable(value))).collect();
            if fields.get("exclusiveMinimum") == Some(&json!(true)) {
                fields.remove("exclusiveMinimum");
            }
            match fields.remove("nullable") {
                Some(Value::Bool(true)) => json!({ "anyOf": [fields, { "type": "null" }] }),
                _ => Value::Object(fields),
            }
        }
        other => other,
    }
}

/// Makes empty texts null: the descriptions' own examples have them where their schemas want a SID or null.
fn without_empty_texts(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(without_empty_texts).collect(),
        Value::Object(fields) => fields.into_iter().map(|(key, value)| (key, without_empty_texts(value))).collect(),
        Value::String(text) if text.is_empty() => Value::Null,
        other => other,
    }
}

/// Where `answer` does not fit the schema of an operation's path, method and status.
///
/// Formats are not checked, because the descriptions call relative links URIs.
fn misfits(document: &Value, operation: [&str; 3], answer: &Value) -> Vec<String> {
    let [path, method, status] = operation;
    let schema = &document["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"];
    assert!(schema.is_object(), "{path} {method} {status} is not described");
    let mut root = document.clone();
    root["allOf"] = json!([schema]);
    let validator =
        jsonschema::draft7::options().should_validate_formats(false).build(&root).expect("the schema is valid");
    let answer = without_empty_texts(answer.clone());
    validator.iter_errors(&answer).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn assert_fits(document: &Value, operation: [&str; 3], answer: &Value) {
    let misfits = misfits(document, operation, answer);
    assert!(misfits.is_empty(), "{operation:?}: {misfits:#?}");
}

#[test]
fn this_judge_notices_wrong_types_and_unknown_values() {
    let Some(document) = description("retell.json") else { return };
    for fault in ["wrong-type", "unknown-enum"] {
        let answer = Http::with_faults(&[fault]).get("/v2/list-phone-numbers", Caller::Staging).json;
        assert_eq!(misfits(&document, ["/v2/list-phone-numbers", "get", "200"], &answer).len(), 1, "{fault}");
    }
}

fn assert_has_every_property(document: &Value, schema: &str, record: &Value) {
    let properties =
        document["components"]["schemas"][schema]["properties"].as_object().expect("the schema has properties");
    let missing: Vec<_> = properties.keys().filter(|name| record.get(name.as_str()).is_none()).collect();
    assert!(missing.is_empty(), "{schema} lacks {missing:?}");
}

fn assert_has_every_item_property(document: &Value, agents: &Value) {
    let path = "/paths/~1v2~1list-agents/post/responses/200/content/application~1json/schema/properties/items/items";
    let item = document.pointer(path).expect("the items are described");
    let missing: Vec<_> = item["properties"]
        .as_object()
        .expect("the schema has properties")
        .keys()
        .filter(|name| agents["items"][0].get(name.as_str()).is_none())
        .collect();
    assert!(missing.is_empty(), "an agent lacks {missing:?}");
}

#[test]
fn api_twilio_com_answers_as_its_description_says() {
    let Some(document) = description("twilio_api_v2010.json") else { return };
    let http = Http::start();
    let account = "/2010-04-01/Accounts/{AccountSid}";
    let base = format!("/2010-04-01/Accounts/{ACCOUNT_SID}");
    let numbers = http.get(&format!("{}?PageSize=5", numbers_path()), Caller::Twilio).json;
    assert_fits(&document, [&format!("{account}/IncomingPhoneNumbers.json"), "get", "200"], &numbers);
    let schema = "api.v2010.account.incoming_phone_number";
    assert_has_every_property(&document, schema, &numbers["incoming_phone_numbers"][0]);
    let lists = http.get(&format!("{base}/SIP/CredentialLists.json"), Caller::Twilio).json;
    assert_fits(&document, [&format!("{account}/SIP/CredentialLists.json"), "get", "200"], &lists);
    let list = &lists["credential_lists"][0];
    assert_has_every_property(&document, "api.v2010.account.sip.sip_credential_list", list);
    let credentials = http.get(list["subresource_uris"]["credentials"].as_str().unwrap(), Caller::Twilio).json;
    let path = format!("{account}/SIP/CredentialLists/{{CredentialListSid}}/Credentials.json");
    assert_fits(&document, [&path, "get", "200"], &credentials);
}

#[test]
fn trunking_twilio_com_answers_as_its_description_says() {
    let Some(document) = description("twilio_trunking_v1.json") else { return };
    let http = Http::start();
    let trunks = http.get("/v1/Trunks?PageSize=2", Caller::Twilio).json;
    assert_fits(&document, ["/v1/Trunks", "get", "200"], &trunks);
    assert_has_every_property(&document, "trunking.v1.trunk", &trunks["trunks"][0]);
    for trunk in http.twilio_list("/v1/Trunks", "trunks") {
        for (part, schema) in [
            ("OriginationUrls", "origination_url"),
            ("CredentialLists", "credential_list"),
            ("IpAccessControlLists", "ip_access_control_list"),
            ("PhoneNumbers", "phone_number"),
        ] {
            let answer = http.get(&format!("{}/{part}", trunk["url"].as_str().unwrap()), Caller::Twilio).json;
            assert_fits(&document, [&format!("/v1/Trunks/{{TrunkSid}}/{part}"), "get", "200"], &answer);
            if let Some(record) = answer[answer["meta"]["key"].as_str().unwrap()].get(0) {
                assert_has_every_property(&document, &format!("trunking.v1.trunk.{schema}"), record);
            }
        }
    }
}

#[test]
fn retell_answers_as_its_description_says() {
    let Some(document) = description("retell.json") else { return };
    let http = Http::start();
    for caller in [Caller::Staging, Caller::Production] {
        let numbers = http.get("/v2/list-phone-numbers?limit=1000", caller).json;
        assert_fits(&document, ["/v2/list-phone-numbers", "get", "200"], &numbers);
        let agents = http.json(Method::POST, "/v2/list-agents", caller, &json!({})).json;
        assert_fits(&document, ["/v2/list-agents", "post", "200"], &agents);
        assert_has_every_item_property(&document, &agents);
        let info = http.get("/get-api-key-info", caller).json;
        assert_fits(&document, ["/get-api-key-info", "get", "200"], &info);
    }
    let body = json!({ "phone_number": "+14155550170", "termination_uri": "x.pstn.twilio.com" });
    let imported = http.json(Method::POST, "/import-phone-number", Caller::Staging, &body).json;
    assert_fits(&document, ["/import-phone-number", "post", "201"], &imported);
    let agent = http.get(&format!("/get-agent/{}", agent_id("staging", "survey")), Caller::Staging).json;
    assert_fits(&document, ["/get-agent/{agent_id}", "get", "200"], &agent);
    let update = json!({ "inbound_agents": null, "transport": null, "codecs": ["PCMU"] });
    let path = "/update-phone-number/{phone_number}";
    let updated = http.json(Method::PATCH, "/update-phone-number/+14155550170", Caller::Staging, &update).json;
    assert_fits(&document, [path, "patch", "200"], &updated);
}
