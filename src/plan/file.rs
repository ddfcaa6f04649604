//! A plan as JSON: written for people's review and for another run, read as a stranger's input.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{Plan, PlanAllowance, PlanItem, PlanOrigin, PlannedAction};
use crate::change::Impossible;
use crate::error::{Error, Result};
use crate::model::{PhoneNumber, Setting, Settings, Timestamp, WorkspaceName, canonical};

/// The newest form that this program knows.
pub const FORMAT: u64 = 1;
/// What a file has to say that it is.
pub const KIND: &str = "phone-dir-plan";
/// The flags whose allowance a plan can hold.
const FLAGS: [&str; 2] = ["--allow-rebind", "--allow-unbind"];

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanFile {
    format_version: u64,
    kind: String,
    id: String,
    created: Timestamp,
    expires: Timestamp,
    made_by: MadeBy,
    base: Base,
    workspaces: BTreeMap<WorkspaceName, WorkspaceIdentity>,
    allow: PlanAllowance,
    items: Vec<ItemFile>,
    impossible: Vec<ImpossibleFile>,
    summary: BTreeMap<String, u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MadeBy {
    version: String,
    command: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Base {
    commit: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WorkspaceIdentity {
    org_id: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemFile {
    id: u64,
    action: String,
    workspace: WorkspaceName,
    phone_number: PhoneNumber,
    words: String,
    set: Map<String, Value>,
    was: Map<String, Value>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ImpossibleFile {
    phone_number: PhoneNumber,
    workspace: WorkspaceName,
    message: String,
}

impl Plan {
    /// The digest of everything that decides: the same decisions against the same live values have the same id,
    /// whenever and wherever they were planned.
    pub fn id(&self) -> String {
        let mut items: Vec<&PlanItem> = self.items.iter().collect();
        items.sort_by_key(|item| (item.action, item.workspace.clone(), item.phone_number));
        let item = |item: &&PlanItem| {
            json!({
                "action": item.action.as_str(), "workspace": item.workspace, "phone_number": item.phone_number,
                "set": values(&item.set, &item.asked), "was": values(&item.was, &item.asked),
            })
        };
        let deciding = json!({
            "workspaces": self.identities(), "allow": self.allow, "items": items.iter().map(item).collect::<Vec<_>>(),
        });
        let digest = Sha256::digest(canonical::to_text(&deciding).as_bytes());
        let mut id = "sha256:".to_owned();
        for byte in digest {
            // Writing to a text cannot fail.
            let _ = write!(id, "{byte:02x}");
        }
        id
    }

    fn identities(&self) -> BTreeMap<WorkspaceName, WorkspaceIdentity> {
        let identity = |org_id: &Option<String>| WorkspaceIdentity { org_id: org_id.clone() };
        self.workspaces.iter().map(|(name, org_id)| (name.clone(), identity(org_id))).collect()
    }

    /// The file. No password is ever in it: a plan changes what files say, and nothing else.
    pub fn to_text(&self) -> String {
        let item = |item: &PlanItem| ItemFile {
            id: item.id,
            action: item.action.as_str().to_owned(),
            workspace: item.workspace.clone(),
            phone_number: item.phone_number,
            words: item.words.clone(),
            set: values(&item.set, &item.asked),
            was: values(&item.was, &item.asked),
        };
        let impossible = |it: &Impossible| ImpossibleFile {
            phone_number: it.phone_number,
            workspace: it.workspace.clone(),
            message: it.message.clone(),
        };
        canonical::to_text(&PlanFile {
            format_version: FORMAT,
            kind: KIND.to_owned(),
            id: self.id(),
            created: self.origin.created,
            expires: self.origin.expires,
            made_by: MadeBy { version: env!("CARGO_PKG_VERSION").to_owned(), command: self.origin.source.clone() },
            base: Base { commit: self.origin.base.clone() },
            workspaces: self.identities(),
            allow: self.allow.clone(),
            items: self.items.iter().map(item).collect(),
            impossible: self.impossible.iter().map(impossible).collect(),
            summary: self.summary(),
        })
    }

    /// How many items there are of each action.
    pub fn summary(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for item in &self.items {
            *counts.entry(item.action.as_str().to_owned()).or_default() += 1;
        }
        counts
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is no plan, has a newer form, or was edited after it was made: nothing of it may be applied.
    pub fn read(text: &str) -> Result<Self> {
        let not_a_plan = |why: &str| Error::failed(format!("this is not a plan of phone-dir: {why}"));
        let value: Value = serde_json::from_str(text).map_err(|error| {
            not_a_plan(&format!("it is not JSON at line {}, column {}", error.line(), error.column()))
        })?;
        if value.get("kind").and_then(Value::as_str) != Some(KIND) {
            return Err(not_a_plan("its `kind` is another").hint("make one with `phone-dir plan --output FILE`"));
        }
        match value.get("format_version").and_then(Value::as_u64) {
            Some(FORMAT) => {}
            Some(newer) if newer > FORMAT => {
                return Err(
                    Error::failed("the plan has a newer form than this phone-dir knows").hint("upgrade phone-dir")
                );
            }
            _ => return Err(not_a_plan("it has no `format_version`")),
        }
        // Read from the text, so that a key that stands twice is seen.
        let file: PlanFile = serde_json::from_str(text).map_err(|error| {
            not_a_plan(&format!("something is wrong at line {}, column {}", error.line(), error.column()))
        })?;
        let (id, plan) = (file.id.clone(), Self::of_file(file)?);
        if plan.id() != id {
            return Err(Error::failed("the plan was edited after it was made: its id does not fit what it says")
                .hint("make it again with `phone-dir plan`"));
        }
        Ok(plan)
    }

    fn of_file(file: PlanFile) -> Result<Self> {
        if let Some(flag) = file.allow.keys().find(|flag| !FLAGS.contains(&flag.as_str())) {
            return Err(Error::failed(format!("the plan allows what no plan can: `{}`", flag.escape_debug())));
        }
        let items = file.items.into_iter().map(item).collect::<Result<Vec<_>>>()?;
        let mut seen = BTreeSet::new();
        if let Some(twice) = items.iter().find(|item| !seen.insert(item.registration())) {
            return Err(Error::failed(format!("the plan has {} twice in `{}`", twice.phone_number, twice.workspace)));
        }
        let impossible = |it: ImpossibleFile| Impossible {
            phone_number: it.phone_number,
            workspace: it.workspace,
            message: it.message,
        };
        Ok(Self {
            origin: PlanOrigin {
                created: file.created,
                expires: file.expires,
                base: file.base.commit,
                source: file.made_by.command,
            },
            workspaces: file.workspaces.into_iter().map(|(name, identity)| (name, identity.org_id)).collect(),
            allow: file.allow,
            items,
            impossible: file.impossible.into_iter().map(impossible).collect(),
        })
    }
}

/// The asked settings as files write them.
fn values(settings: &Settings, asked: &BTreeSet<Setting>) -> Map<String, Value> {
    asked.iter().map(|setting| (setting.as_str().to_owned(), settings.value(*setting))).collect()
}

fn item(file: ItemFile) -> Result<PlanItem> {
    let ItemFile { id, action, workspace, phone_number, words, set, was } = file;
    let wrong = |what: &str| Error::failed(format!("item {id} of the plan {what}"));
    if action != PlannedAction::Update.as_str() {
        return Err(wrong("does what this phone-dir cannot do").hint("upgrade phone-dir"));
    }
    if set.is_empty() || !set.keys().eq(was.keys()) {
        return Err(wrong("does not say for every field what it was"));
    }
    let mut item = PlanItem {
        id,
        action: PlannedAction::Update,
        workspace,
        phone_number,
        asked: BTreeSet::new(),
        set: Settings::default(),
        was: Settings::default(),
        words,
    };
    for (name, wish) in &set {
        let setting = Setting::decision(name).ok_or_else(|| wrong("names a field that Retell cannot be told"))?;
        let read = |settings: &mut Settings, value: &Value| settings.read_value(setting, value);
        if !(read(&mut item.set, wish) && was.get(name).is_some_and(|was| read(&mut item.was, was))) {
            return Err(wrong(&format!("has a value of `{}` that makes no sense", setting.as_str())));
        }
        item.asked.insert(setting);
    }
    let checked = item.edit().check_alone();
    checked.map_err(|objection| wrong("asks for what Retell does not take").hint(objection.message))?;
    Ok(item)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::plan;
    use super::*;

    #[test]
    fn a_plan_is_read_as_it_was_written_and_its_id_leaves_the_time_out() {
        let made = plan(&[("+14155550101", "a"), ("+14155550102", "b")]);
        assert_eq!(Plan::read(&made.to_text()).unwrap(), made);
        let mut later = made.clone();
        later.origin.created = Timestamp::parse("2027-01-01T00:00:00Z").unwrap();
        later.items.reverse();
        assert_eq!(later.id(), made.id());
        assert_ne!(plan(&[("+14155550101", "a")]).id(), made.id());
    }

    #[test]
    fn the_schema_admits_a_plan_and_nothing_beside_it() {
        let schema = crate::schema::named("plan").unwrap();
        let plan: Value = serde_json::from_str(&plan(&[("+14155550101", "a")]).to_text()).unwrap();
        assert_eq!(schema.violations(&plan, schema.values), []);
        for (pointer, value) in [
            ("/format_version", json!(2)),
            ("/id", json!("9f2c")),
            ("/items/0/set", json!({})),
            ("/items/0/set", json!({"auth_username": "x"})),
            ("/items/0/action", json!("delete")),
            ("/allow", json!({"--overwrite": []})),
            ("/base/commit", json!("main")),
        ] {
            let mut wrong = plan.clone();
            *wrong.pointer_mut(pointer).unwrap() = value;
            assert!(!schema.accepts(&wrong), "{pointer}");
        }
    }

    #[test]
    fn an_edited_plan_is_refused_whatever_was_edited_of_what_decides() {
        let text = plan(&[("+14155550101", "wish")]).to_text();
        for (from, to) in [
            ("\"wish\"", "\"other\""),
            ("\"before\"", "\"other\""),
            ("+14155550101", "+14155550102"),
            ("org_one", "org_two"),
            ("\"allow\": {}", "\"allow\": {\"--allow-rebind\": [\"production\"]}"),
        ] {
            assert!(text.contains(from), "{from}");
            let said = Plan::read(&text.replace(from, to)).unwrap_err();
            assert!(said.message().contains("edited"), "{to}: {said}");
        }
    }

    #[test]
    fn what_is_no_plan_is_said_to_be_none() {
        let text = plan(&[("+14155550101", "wish")]).to_text();
        for (from, to) in [
            ("{", "[{"),
            ("phone-dir-plan", "other"),
            ("\"format_version\": 1", "\"format_version\": 2"),
            ("\"format_version\": 1,", ""),
            ("\"action\": \"update\"", "\"action\": \"delete\""),
            ("\"nickname\": \"wish\"", "\"auth_username\": \"wish\""),
            ("\"nickname\": \"wish\"", "\"nickname\": 7"),
            ("\"allow\": {}", "\"allow\": {\"--overwrite\": []}"),
            ("\"kind\"", "\"more\": 1, \"kind\""),
        ] {
            assert!(text.contains(from), "{from}");
            assert!(Plan::read(&text.replacen(from, to, 1)).is_err(), "{to}");
        }
    }
}
