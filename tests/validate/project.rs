//! Projects in memory: a healthy one, and ways to spoil it.

use phone_dir::model::{AgentId, AgentPath, Directory, PhoneNumber, Timestamp, WorkspaceName, derive};
use phone_dir::model::{Assignment, NumberEntry, RegistryEntry, WorkspaceEntry};
use phone_dir::snapshot::{Content, Snapshot};
use phone_dir::validate::{Occasion, Settings, Source, ValidationReport, validate};

pub const MASTER: &str = "phone-numbers/directory.json";
pub const STAGING_NUMBERS: &str = "phone-numbers/staging/numbers.json";
pub const STAGING: &str = "phone-numbers/staging/assignments.json";
pub const PRODUCTION_NUMBERS: &str = "phone-numbers/production/numbers.json";
pub const PRODUCTION: &str = "phone-numbers/production/assignments.json";
pub const TRUNKS: &str = "phone-numbers/twilio/trunks.json";
pub const SYNC: &str = "phone-numbers/twilio/sync.json";
pub const POOLS: &str = "phone-numbers/pools.json";
pub const SETTINGS: &str = "phone-dir.toml";

/// In both workspaces, on a trunk, answered by `agents/customer-service`.
pub const FIRST: &str = "+14155550123";
/// In both workspaces, bought through Retell, answered by `agents/sales`.
pub const SECOND: &str = "+14155550124";

/// A project's files, and the occasion on which they are checked.
#[derive(Clone)]
pub struct Project {
    pub files: Snapshot,
    pub occasion: Occasion,
}

impl Project {
    /// Two numbers in two workspaces, with nothing wrong.
    pub fn healthy() -> Self {
        let mut files = Snapshot::default();
        for (agent, name) in [("customer-service", "Customer Service Agent"), ("sales", "Sales Agent")] {
            files.insert(format!("agents/{agent}/agent.json"), format!("{{\"agent_name\": \"{name}\"}}\n"));
            for workspace in ["staging", "production"] {
                let text = format!("{{\"agent_id\": \"{}\"}}\n", id(agent, workspace));
                files.insert(format!("agents/{agent}/{workspace}.json"), text);
            }
        }
        let mut directory = Directory::empty();
        for (text, agent, is_trunk) in [(FIRST, "customer-service", true), (SECOND, "sales", false)] {
            directory.master.numbers.insert(number(text), entry(text, agent, is_trunk));
            for workspace in ["staging", "production"] {
                let files = directory.workspace_mut(&name(workspace));
                files.numbers.numbers.push(registered(text, is_trunk));
                files.assignments.assignments.push(assignment(text, agent, workspace));
            }
        }
        directory.trunks = Some(serde_json::from_str(TRUNKS_TEXT).unwrap());
        directory.sync_log = Some(serde_json::from_str(SYNC_TEXT).unwrap());
        let occasion = Occasion::new(Source::Worktree, time("2025-11-19T12:30:00Z"));
        let mut project = Self { files, occasion };
        project.store(directory, true);
        project
    }

    /// Changes the model and computes everything derived anew.
    pub fn change(&mut self, change: impl FnOnce(&mut Directory)) {
        let mut directory = Directory::load(&self.files).unwrap();
        change(&mut directory);
        self.store(directory, true);
    }

    /// Changes the model, and nothing else.
    pub fn tamper(&mut self, change: impl FnOnce(&mut Directory)) {
        let mut directory = Directory::load(&self.files).unwrap();
        change(&mut directory);
        self.store(directory, false);
    }

    fn store(&mut self, mut directory: Directory, derived: bool) {
        if derived {
            // What derives from the agents' folders needs them.
            directory.agents = phone_dir::model::directory::Reading::of(&self.files).directory.agents;
            derive::recompute(&mut directory);
        }
        for (path, text) in directory.to_files() {
            self.files.insert(path, text);
        }
    }

    /// Replaces text in a file, which has to hold it.
    pub fn replace(&mut self, path: &str, from: &str, to: &str) {
        let text = self.text(path);
        assert!(text.contains(from), "`{path}` does not hold `{from}`:\n{text}");
        self.put(path, &text.replacen(from, to, 1));
    }

    pub fn put(&mut self, path: &str, text: &str) {
        self.files.insert(path, text.as_bytes());
    }

    pub fn put_irregular(&mut self, path: &str, what: &'static str) {
        self.files.files.insert(path.to_owned(), Content::Irregular(what));
    }

    pub fn remove(&mut self, path: &str) {
        assert!(self.files.files.remove(path).is_some(), "`{path}` is not there");
    }

    pub fn text(&self, path: &str) -> String {
        String::from_utf8(self.files.bytes(path).unwrap_or_else(|| panic!("`{path}` is not there")).to_vec()).unwrap()
    }

    pub fn staged(&mut self) {
        self.remove(TRUNKS);
        self.remove(SYNC);
        self.occasion.source = Source::Index;
    }

    pub fn report(&self) -> ValidationReport {
        let settings = Settings::of(self.files.bytes(SETTINGS));
        validate(&self.files, &settings, &self.occasion).unwrap()
    }

    /// Every diagnostic as one line.
    pub fn lines(&self) -> Vec<String> {
        lines(&self.report())
    }

    /// The codes of every rule that something breaks, each once.
    pub fn broken(&self) -> Vec<&'static str> {
        let mut codes: Vec<_> = self.report().diagnostics.iter().map(|diagnostic| diagnostic.rule.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }
}

/// Every diagnostic of a report as one line.
pub fn lines(report: &ValidationReport) -> Vec<String> {
    let line = |diagnostic: &phone_dir::validate::Diagnostic| {
        let (location, related) = (&diagnostic.location, &diagnostic.related);
        let start = location.start;
        let related: Vec<String> = related
            .iter()
            .map(|related| {
                let RelatedPlace(place) = RelatedPlace::of(&related.location);
                format!(" [{place} {}]", related.message)
            })
            .collect();
        format!(
            "{}:{}:{} {} {}: {}{}",
            location.file,
            start.line,
            start.column,
            diagnostic.severity,
            diagnostic.rule.code,
            diagnostic.message,
            related.concat()
        )
    };
    report.diagnostics.iter().map(line).collect()
}

struct RelatedPlace(String);

impl RelatedPlace {
    fn of(location: &phone_dir::validate::diagnostic::Location) -> Self {
        Self(format!("{}:{}:{}", location.file, location.start.line, location.start.column))
    }
}

pub fn number(text: &str) -> PhoneNumber {
    PhoneNumber::parse(text).unwrap()
}

pub fn name(text: &str) -> WorkspaceName {
    WorkspaceName::parse(text).unwrap()
}

pub fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub fn agent_id(text: &str) -> AgentId {
    AgentId::parse(text).unwrap()
}

pub fn agent_path(text: &str) -> AgentPath {
    AgentPath::parse(text).unwrap()
}

/// The id of an agent of the healthy project.
pub fn id(agent: &str, workspace: &str) -> String {
    format!("agent_{workspace}_{}", agent.replace('-', "_"))
}

/// The assignment of a number, to change it.
pub fn assigned<'a>(directory: &'a mut Directory, workspace: &str, text: &str) -> &'a mut Assignment {
    let files = directory.workspaces.get_mut(&name(workspace)).unwrap();
    files.assignments.assignments.iter_mut().find(|assignment| assignment.phone_number == number(text)).unwrap()
}

/// The registry entry of a number, to change it.
pub fn registry<'a>(directory: &'a mut Directory, workspace: &str, text: &str) -> &'a mut RegistryEntry {
    let files = directory.workspaces.get_mut(&name(workspace)).unwrap();
    files.numbers.numbers.iter_mut().find(|entry| entry.phone_number == number(text)).unwrap()
}

/// The entry of a number in `directory.json`, to change it.
pub fn master<'a>(directory: &'a mut Directory, text: &str) -> &'a mut NumberEntry {
    directory.master.numbers.get_mut(&number(text)).unwrap()
}

/// The workspace of a number in `directory.json`, to change it.
pub fn binding<'a>(directory: &'a mut Directory, workspace: &str, text: &str) -> &'a mut WorkspaceEntry {
    master(directory, text).workspaces.get_mut(&name(workspace)).unwrap()
}

/// Takes a number out of a workspace, everywhere.
pub fn leave(directory: &mut Directory, workspace: &str, text: &str) {
    master(directory, text).workspaces.remove(&name(workspace));
    let files = directory.workspaces.get_mut(&name(workspace)).unwrap();
    files.numbers.numbers.retain(|entry| entry.phone_number != number(text));
    files.assignments.assignments.retain(|entry| entry.phone_number != number(text));
}

/// Takes every agent off a number in a workspace, everywhere.
pub fn unassign(directory: &mut Directory, workspace: &str, text: &str) {
    let entry = binding(directory, workspace, text);
    (entry.agent_path, entry.agent_id) = (None, None);
    entry.assignment_type = Some(phone_dir::model::AssignmentType::Unassigned);
    let files = directory.workspaces.get_mut(&name(workspace)).unwrap();
    files.assignments.assignments.retain(|entry| entry.phone_number != number(text));
}

/// Binds a number to another agent in a workspace, everywhere.
pub fn rebind(directory: &mut Directory, workspace: &str, text: &str, path: Option<&str>, id: &str) {
    let entry = binding(directory, workspace, text);
    entry.agent_path = path.map(agent_path);
    entry.agent_id = Some(agent_id(id));
    let assignment = assigned(directory, workspace, text);
    assignment.agent_path = path.map(agent_path);
    assignment.agent_name = path.is_none().then(|| "Somebody".to_owned());
    assignment.agent_id = Some(agent_id(id));
    assignment.inbound_agent_id = Some(agent_id(id));
    assignment.outbound_agent_id = Some(agent_id(id));
}

fn entry(text: &str, agent: &str, is_trunk: bool) -> NumberEntry {
    let binding = |workspace: &str| {
        serde_json::json!({"imported": true, "import_date": "2025-11-16T09:00:00Z", "agent_path": format!("agents/{agent}"),
            "agent_id": id(agent, workspace), "assignment_type": "inbound-outbound"})
    };
    let digits = &text[text.len() - 4..];
    let twilio = is_trunk.then(|| {
        serde_json::json!({"phone_number_sid": format!("PN{}{digits}", "0".repeat(28)), "trunk_sid": format!("TK{}", "a".repeat(32)),
            "friendly_name": null, "date_created": null})
    });
    let sip = is_trunk.then(|| {
        serde_json::json!({"termination_uri": "mytrunk.pstn.twilio.com", "origination_uri": "sip:sip.retellai.com",
            "auth_type": "credential", "has_credentials": true})
    });
    serde_json::from_value(serde_json::json!({
        "phone_number": text, "phone_number_pretty": "", "phone_number_type": "local", "provider": "twilio",
        "area_code": null, "country_code": null, "capabilities": null, "twilio": twilio,
        "workspaces": {"staging": binding("staging"), "production": binding("production")},
        "sip_config": sip, "notes": "", "tags": []
    }))
    .unwrap()
}

fn registered(text: &str, is_trunk: bool) -> RegistryEntry {
    let method = if is_trunk { "sip-trunk" } else { "direct-purchase" };
    serde_json::from_value(serde_json::json!({
        "phone_number": text, "phone_number_pretty": "", "phone_number_type": "local", "provider": "twilio",
        "import_method": method, "import_date": "2025-11-16T09:00:00Z",
        "termination_uri": is_trunk.then_some("mytrunk.pstn.twilio.com"), "nickname": "A line", "assigned": true,
        "last_modified": "2025-11-18T15:30:00Z"
    }))
    .unwrap()
}

/// A healthy number's assignment.
pub fn assignment(text: &str, agent: &str, workspace: &str) -> Assignment {
    let id = id(agent, workspace);
    let agent_name = if agent == "sales" { "Sales Agent" } else { "Customer Service Agent" };
    serde_json::from_value(serde_json::json!({
        "phone_number": text, "agent_path": format!("agents/{agent}"), "agent_name": agent_name, "agent_id": id,
        "assignment_type": "inbound-outbound", "inbound_agent_id": id, "outbound_agent_id": id,
        "assigned_date": "2025-11-16T09:00:00Z", "last_modified": "2025-11-18T15:30:00Z"
    }))
    .unwrap()
}

const TRUNKS_TEXT: &str = r#"{
  "last_sync": "2025-11-19T12:00:00Z",
  "trunks": {
    "TKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": {
      "trunk_sid": "TKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "friendly_name": null,
      "domain_name": "mytrunk.pstn.twilio.com", "auth_type": "credential_list", "credential_list_sid": null,
      "origination_urls": [], "phone_numbers": [], "date_created": null, "date_updated": null
    }
  },
  "credentials": {}
}"#;

const SYNC_TEXT: &str = r#"{
  "last_full_sync": "2025-11-19T12:00:00Z", "last_incremental_sync": null, "sync_history": [],
  "next_sync": null, "sync_interval_minutes": 60
}"#;

/// Writes a pool `sales` of US numbers for production, with these members.
pub fn pools(project: &mut Project, members: &[(&str, serde_json::Value)]) {
    let pool = serde_json::json!({"purpose": "Outbound campaigns", "owner": "team-sales", "workspaces": ["production"],
        "quarantine": "30d", "accepts": {"country": "US", "type": ["local"]}});
    let members: std::collections::BTreeMap<_, _> = members.iter().cloned().collect();
    let file: phone_dir::model::PoolsFile =
        serde_json::from_value(serde_json::json!({"pools": {"sales": pool}, "members": members})).unwrap();
    project.put(POOLS, &phone_dir::model::canonical::to_text(&file));
}

/// A member of `sales` in a state.
pub fn member(state: &serde_json::Value) -> serde_json::Value {
    let mut member = serde_json::json!({"pool": "sales", "since": "2025-11-01T09:00:00Z"});
    let state = state.as_object().cloned().unwrap_or_default();
    member.as_object_mut().unwrap().extend(state);
    member
}
