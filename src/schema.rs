//! The JSON Schemas of the project's files, and what a document violates in them.
//!
//! The schemas are part of the program, so that a pull request cannot weaken the check that it goes through. They
//! describe one file at a time: what several files say of each other is for [validate](crate::validate).
//! `tests/schema_agreement.rs` holds them and the types of [`model`](crate::model) to the same verdicts.

mod wording;

use std::fmt;
use std::sync::OnceLock;

use jsonschema::{PatternOptions, Validator};
use serde_json::Value;

use crate::model::paths::FileKind;

/// The schema of one kind of file.
pub struct Schema {
    /// The name, as `phone-dir schema` takes it and [`FileKind::schema`] gives it.
    pub name: &'static str,
    /// The file's name below `schemas/`.
    pub file: &'static str,
    /// The schema itself, JSON of draft 2020-12.
    pub text: &'static str,
    /// The path of the files that it describes, from the project's root, with `<name>` and `<workspace>`.
    pub applies_to: &'static str,
    /// Whether the values of such a file may be shown to people.
    pub values: Values,
    compiled: OnceLock<Compiled>,
}

/// Whether messages may quote the values of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// A wrong text or number is quoted, shortened.
    Shown,
    /// No value is quoted, because it may be a secret. Names of properties are.
    Masked,
}

/// One way in which a document is not what its schema asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The JSON pointer of what is wrong: the object that misses a property, else the property or element itself.
    pub pointer: String,
    /// The schema's keyword, such as `pattern` or `additionalProperties`.
    pub keyword: String,
    /// What is wrong, in lower case, without a final stop. Names and quoted values are bounded in length.
    pub message: String,
}

impl fmt::Debug for Schema {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Schema").field(&self.name).finish()
    }
}

struct Compiled {
    document: Value,
    validator: Validator,
}

macro_rules! schema {
    ($name:literal, $applies_to:literal, $values:ident) => {
        Schema {
            name: $name,
            file: concat!($name, ".schema.json"),
            text: include_str!(concat!("../schemas/", $name, ".schema.json")),
            applies_to: $applies_to,
            values: Values::$values,
            compiled: OnceLock::new(),
        }
    };
}

/// Every schema, in the order in which the specification names the files.
pub static SCHEMAS: [Schema; 10] = [
    schema!("directory", "phone-numbers/directory.json", Shown),
    schema!("numbers", "phone-numbers/<workspace>/numbers.json", Shown),
    schema!("assignments", "phone-numbers/<workspace>/assignments.json", Shown),
    schema!("pools", "phone-numbers/pools.json", Shown),
    schema!("prices", "phone-numbers/prices.json", Shown),
    schema!("trunks", "phone-numbers/twilio/trunks.json", Masked),
    schema!("sync", "phone-numbers/twilio/sync.json", Shown),
    schema!("agent", "agents/<name>/agent.json", Shown),
    schema!("agent-workspace", "agents/<name>/<workspace>.json", Shown),
    schema!("workspaces", "workspaces.json", Masked),
];

/// The schemas of files that commands write where they are told to, and that are no part of a project.
pub static OUTPUT_SCHEMAS: [Schema; 1] = [schema!("plan", "a plan: phone-dir plan --output FILE", Shown)];

pub fn all() -> impl Iterator<Item = &'static Schema> {
    SCHEMAS.iter().chain(&OUTPUT_SCHEMAS)
}

pub fn named(name: &str) -> Option<&'static Schema> {
    all().find(|schema| schema.name == name)
}

/// Finds the schema that a kind of file has to satisfy.
pub fn of(kind: &FileKind) -> &'static Schema {
    named(kind.schema()).expect("every kind of file has a schema in the table, as a test shows")
}

impl Schema {
    /// Whether a document satisfies the schema.
    pub fn accepts(&self, document: &Value) -> bool {
        self.compiled().validator.is_valid(document)
    }

    /// Lists what a document violates, ordered by pointer text; empty for one that satisfies the schema.
    ///
    /// [`Schema::values`] is the choice of `values` that suits this kind of file.
    pub fn violations(&self, document: &Value, values: Values) -> Vec<Violation> {
        let Compiled { document: schema, validator } = self.compiled();
        let errors = validator.iter_errors(document);
        pruned(errors.flat_map(|error| wording::violations(schema, &error, values)).collect())
    }

    fn compiled(&self) -> &Compiled {
        self.compiled.get_or_init(|| {
            let document = serde_json::from_str(self.text).expect("the embedded schemas are JSON, as a test shows");
            let validator = jsonschema::draft202012::options()
                .offline()
                // Linear in the text's length, whatever a pull request puts into a file.
                .with_pattern_options(PatternOptions::regex())
                .build(&document)
                .expect("the embedded schemas compile, as a test shows");
            Compiled { document, validator }
        })
    }
}

/// Leaves one violation where several keywords say the same, and only the type where the type is wrong.
fn pruned(mut violations: Vec<Violation>) -> Vec<Violation> {
    violations.sort();
    violations.dedup_by(|next, kept| next.pointer == kept.pointer && next.message == kept.message);
    let mistyped: Vec<String> =
        violations.iter().filter(|found| found.keyword == "type").map(|found| found.pointer.clone()).collect();
    violations.retain(|found| found.keyword == "type" || mistyped.binary_search(&found.pointer).is_err());
    violations
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::model::{agent, canonical, phone_number, pools, prices, sid, timestamp, version, workspace};

    fn messages(schema: &str, document: &Value) -> Vec<(String, String)> {
        let schema = named(schema).unwrap();
        let violations = schema.violations(document, schema.values);
        violations.into_iter().map(|found| (found.pointer, found.message)).collect()
    }

    fn the(pointer: &str, message: &str) -> (String, String) {
        (pointer.to_owned(), message.to_owned())
    }

    #[test]
    fn every_kind_of_file_has_its_own_schema() {
        for schema in &SCHEMAS {
            let path = schema.applies_to.replace("<name>", "sales").replace("<workspace>", "staging");
            let kind = FileKind::of(&path).unwrap();
            assert_eq!((of(&kind).name, kind.schema()), (schema.name, schema.name));
            let document = &schema.compiled().document;
            assert_eq!(document["$id"], format!("urn:phone-dir:schema:{}:1", schema.name));
        }
    }

    #[test]
    fn the_schemas_satisfy_their_own_examples() {
        for schema in &SCHEMAS {
            let examples = schema.compiled().document["examples"].as_array().unwrap();
            assert!(!examples.is_empty());
            for example in examples {
                assert_eq!(schema.violations(example, Values::Shown), [], "{}", schema.name);
            }
        }
    }

    #[test]
    fn the_schemas_are_in_canonical_form() {
        for schema in &SCHEMAS {
            assert!(canonical::to_text(&schema.compiled().document) == schema.text, "{}", schema.file);
        }
    }

    #[test]
    fn every_property_has_a_title_and_a_description() {
        fn visit(schema: &Value, at: &str) {
            for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                for key in ["title", "description"] {
                    assert!(property[key].is_string(), "{at}/{name} has no {key}");
                }
                visit(property, &format!("{at}/{name}"));
            }
            for (name, definition) in schema.get("$defs").and_then(Value::as_object).into_iter().flatten() {
                assert!(definition["description"].is_string(), "{at} {name}");
                visit(definition, &format!("{at} {name}"));
            }
        }
        for schema in &SCHEMAS {
            visit(&schema.compiled().document, schema.name);
        }
    }

    #[test]
    fn the_schemas_and_the_types_describe_a_text_in_the_same_words() {
        let expected = BTreeMap::from([
            ("phoneNumber", phone_number::PhoneNumber::EXPECTED),
            ("timestamp", timestamp::Timestamp::EXPECTED),
            ("version", version::FormatVersion::EXPECTED),
            ("workspaceName", workspace::WorkspaceName::EXPECTED),
            ("key", workspace::WorkspaceName::EXPECTED),
            ("poolName", pools::PoolName::EXPECTED),
            ("restPeriod", pools::RestPeriod::EXPECTED),
            ("countryCode", pools::CountryCode::EXPECTED),
            ("price", prices::PriceText::EXPECTED),
            ("agentId", agent::AgentId::EXPECTED),
            ("agentPath", agent::AgentPath::EXPECTED),
            ("phoneNumberSid", sid::PhoneNumberSid::EXPECTED),
            ("trunkSid", sid::TrunkSid::EXPECTED),
            ("credentialListSid", sid::CredentialListSid::EXPECTED),
            ("originationUrlSid", sid::OriginationUrlSid::EXPECTED),
        ]);
        for schema in &SCHEMAS {
            let definitions = schema.compiled().document["$defs"].as_object().cloned().unwrap_or_default();
            for (name, definition) in definitions.iter().filter(|(_, definition)| definition.get("not").is_some()) {
                assert!(expected.contains_key(name.as_str()), "{name}");
                assert_eq!(definition["description"], expected[name.as_str()]);
            }
        }
    }

    #[test]
    fn each_violation_says_what_was_expected_and_what_was_found() {
        let document = json!({
            "workspace": "twilio", "last_sync": 5, "colour": "red",
            "numbers": [{"phone_number": "+1 415"}, 7],
            "summary": {"total": 1.5, "assigned": -1, "unassigned": 0, "import_methods": {"sip_trunk": 0}},
        });
        let found = messages("numbers", &document);
        for expected in [
            the("/colour", "unknown property `colour`"),
            the(
                "/workspace",
                "`workspace`: expected a workspace name: letters, digits, `.`, `_` and `-`, not starting with a dot, \
                 and neither `twilio` nor `agent`, found `twilio`",
            ),
            the("/last_sync", "`last_sync`: expected a string or null, found a number"),
            the(
                "/numbers/0/phone_number",
                "`phone_number`: expected a phone number in E.164 form, such as `+14155550123`, found `+1 415`",
            ),
            the("/numbers/0", "missing property `nickname`"),
            the("/numbers/1", "`numbers[1]`: expected an object, found a number"),
            the("/summary/total", "`total`: expected a whole number, found a fraction"),
            the("/summary/assigned", "`assigned`: expected a whole number from 0, found `-1`"),
            the("/summary/import_methods/sip_trunk", "unknown property `sip_trunk`; there is a property `sip-trunk`"),
        ] {
            assert!(found.contains(&expected), "{expected:?} is not in {found:#?}");
        }
        assert_eq!(found.len(), 8 + 9, "{found:#?}");
    }

    #[test]
    fn names_of_properties_are_checked_at_the_property() {
        let metadata = json!({"total_numbers": 0, "by_workspace": {"a/b": 0}, "by_type": {}, "by_provider": {},
            "assigned": 0, "unassigned": 0});
        let document = json!({"version": "1.0.0", "last_updated": null, "numbers": {}, "metadata": metadata});
        let found = messages("directory", &document);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, "/metadata/by_workspace/a~1b");
        assert!(found[0].1.starts_with("property name `a/b`: expected a workspace name"), "{found:?}");
    }

    #[test]
    fn a_file_that_may_hold_secrets_is_never_quoted() {
        let document =
            json!({"staging": {"api_key": 12_345, "name": false}, "production": null, "agent": {"name": "hunter2"}});
        let schema = named("workspaces").unwrap();
        let found = schema.violations(&document, schema.values);
        assert_eq!(found.len(), 4, "{found:?}");
        for violation in &found {
            assert!(!violation.message.contains("hunter2") && !violation.message.contains("12345"), "{violation:?}");
        }
        let document = json!({"last_sync": "hunter2", "trunks": {}, "credentials": {}});
        assert_eq!(
            messages("trunks", &document),
            [the("/last_sync", "`last_sync`: expected a UTC time such as `2025-11-19T12:00:00Z`")]
        );
    }

    #[test]
    fn words_of_a_list_are_named() {
        let run = json!({"timestamp": "2025-11-19T12:00:00Z", "type": "partial", "numbers_synced": 0,
            "trunks_synced": 0, "duration_ms": 0, "status": {"success": null}});
        let document = json!({"last_full_sync": null, "last_incremental_sync": null, "sync_history": [run],
            "next_sync": null, "sync_interval_minutes": 60});
        assert_eq!(
            messages("sync", &document),
            [
                the(
                    "/sync_history/0/status",
                    "`status`: expected `success`, `incomplete`, `failed` or `refused`, found an object"
                ),
                the("/sync_history/0/type", "`type`: expected `full` or `incremental`, found `partial`"),
            ]
        );
    }
}
