//! A project in a temporary folder, built number by number, and the program run in it in a sealed environment.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use phone_dir::model::master::Capabilities;
use phone_dir::model::sid::{PhoneNumberSid, TrunkSid};
use phone_dir::model::{
    AgentId, AgentPath, Assignment, AssignmentType, Directory, ImportMethod, NumberEntry, NumberType, PhoneNumber,
    Provider, RegistryEntry, SipConfig, Timestamp, TwilioData, WorkspaceEntry, WorkspaceName, derive, numbering,
};
use tempfile::TempDir;

/// The time that every command is run at.
pub const NOW: &str = "2025-11-19T12:00:00Z";
/// The date of everything that has no other.
const THEN: &str = "2025-11-16T09:00:00Z";

/// An agent's folder: its path, its name, and its id in each workspace.
type Folder = (String, String, Vec<(String, String)>);

/// A directory in the making.
pub struct Builder {
    pub directory: Directory,
    folders: Vec<Folder>,
}

/// A number in a workspace.
#[derive(Clone, Copy)]
pub struct Import<'a> {
    pub workspace: &'a str,
    pub number: &'a str,
    pub nickname: Option<&'a str>,
    pub method: ImportMethod,
    pub imported: &'a str,
    /// The folder's name and which directions it handles.
    pub agent: Option<(&'a str, AssignmentType)>,
    pub assigned: &'a str,
}

impl<'a> Import<'a> {
    pub fn new(workspace: &'a str, number: &'a str) -> Self {
        Self {
            workspace,
            number,
            nickname: None,
            method: ImportMethod::SipTrunk,
            imported: THEN,
            agent: None,
            assigned: THEN,
        }
    }
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn parse(number: &str) -> PhoneNumber {
    PhoneNumber::parse(number).unwrap()
}

impl Builder {
    pub fn new() -> Self {
        let mut directory = Directory::empty();
        for workspace in WorkspaceName::default_pair() {
            directory.workspace_mut(&workspace);
        }
        Self { directory, folders: Vec::new() }
    }

    pub fn agent(&mut self, folder: &str, name: &str, ids: &[(&str, &str)]) -> &mut Self {
        let path = AgentPath::of_folder(folder).unwrap();
        self.directory.agents.folder(path.clone()).name = Some(name.to_owned());
        for (workspace, id) in ids {
            let workspace = WorkspaceName::parse(workspace).unwrap();
            self.directory.agents.add_id(&path, &workspace, Some(AgentId::parse(id).unwrap()));
        }
        let ids = ids.iter().map(|(workspace, id)| ((*workspace).to_owned(), (*id).to_owned())).collect();
        self.folders.push((folder.to_owned(), name.to_owned(), ids));
        self
    }

    pub fn number(&mut self, number: &str, friendly_name: &str, tags: &[&str], notes: &str) -> &mut Self {
        let phone_number = parse(number);
        let facts = numbering::describe(phone_number);
        let hexadecimal = format!("{:0>32}", &number[1..]);
        let entry = NumberEntry {
            phone_number,
            phone_number_pretty: facts.pretty.clone(),
            phone_number_type: facts.line,
            provider: Provider::Twilio,
            area_code: facts.area_code.clone(),
            country_code: facts.country_code.clone(),
            capabilities: Some(Capabilities { voice: true, sms: true, mms: true, fax: false }),
            twilio: Some(TwilioData {
                phone_number_sid: PhoneNumberSid::parse(&format!("PN{hexadecimal}")).unwrap(),
                trunk_sid: (facts.line != NumberType::TollFree)
                    .then(|| TrunkSid::parse("TK0123456789abcdef0123456789abcdef").unwrap()),
                friendly_name: Some(friendly_name.to_owned()),
                date_created: Some(time(THEN)),
            }),
            left: None,
            workspaces: phone_dir::model::ByWorkspace::default(),
            sip_config: (facts.line != NumberType::TollFree).then(|| SipConfig {
                termination_uri: Some("mytrunk.pstn.twilio.com".to_owned()),
                origination_uri: Some("sip:sip.retellai.com".to_owned()),
                auth_type: phone_dir::model::master::SipAuthType::Credential,
                has_credentials: true,
            }),
            notes: notes.to_owned(),
            tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
        };
        self.directory.master.numbers.insert(phone_number, entry);
        self
    }

    pub fn import(&mut self, import: Import<'_>) -> &mut Self {
        let workspace = WorkspaceName::parse(import.workspace).unwrap();
        let phone_number = parse(import.number);
        let assignment = import.agent.map(|(folder, kind)| self.assignment(&workspace, &import, folder, kind));
        let facts = numbering::describe(phone_number);
        if let Some(entry) = self.directory.master.numbers.get_mut(&phone_number) {
            entry.workspaces.insert(
                workspace.clone(),
                WorkspaceEntry {
                    imported: true,
                    import_date: Some(time(import.imported)),
                    agent_path: assignment.as_ref().and_then(|known| known.agent_path.clone()),
                    agent_id: assignment.as_ref().and_then(|known| known.agent_id.clone()),
                    assignment_type: Some(import.agent.map_or(AssignmentType::Unassigned, |(_, kind)| kind)),
                },
            );
        }
        let files = self.directory.workspace_mut(&workspace);
        files.numbers.numbers.push(RegistryEntry {
            phone_number,
            phone_number_pretty: facts.pretty.clone(),
            phone_number_type: facts.line,
            provider: Provider::Twilio,
            import_method: import.method,
            retell_type: None,
            import_date: Some(time(import.imported)),
            termination_uri: (import.method == ImportMethod::SipTrunk).then(|| "mytrunk.pstn.twilio.com".to_owned()),
            auth_username: None,
            transport: None,
            codecs: None,
            nickname: import.nickname.map(str::to_owned),
            inbound_webhook_url: None,
            inbound_sms_webhook_url: None,
            fallback_number: None,
            allowed_inbound_country_list: None,
            allowed_outbound_country_list: None,
            assigned: import.agent.is_some(),
            last_modified: Some(time(import.assigned)),
            live: None,
        });
        files.assignments.assignments.extend(assignment);
        self
    }

    fn assignment(
        &self,
        workspace: &WorkspaceName,
        import: &Import<'_>,
        folder: &str,
        kind: AssignmentType,
    ) -> Assignment {
        let path = AgentPath::of_folder(folder).unwrap();
        let id = self.directory.agents.id_in(&path, workspace).cloned();
        let inbound = kind != AssignmentType::OutboundOnly;
        let outbound = kind != AssignmentType::InboundOnly;
        Assignment {
            phone_number: parse(import.number),
            agent_name: self.directory.agents.name_of(&path).map(str::to_owned),
            agent_path: Some(path),
            agent_id: id.clone(),
            assignment_type: kind,
            inbound_agent_id: id.clone().filter(|_| inbound),
            outbound_agent_id: id.filter(|_| outbound),
            inbound_agents: None,
            outbound_agents: None,
            inbound_sms_agents: None,
            outbound_sms_agents: None,
            assigned_date: Some(time(import.assigned)),
            last_modified: Some(time(import.assigned)),
        }
    }

    /// Writes the project.
    pub fn write(&mut self) -> Project {
        derive::recompute(&mut self.directory);
        let project = Project { folder: TempDir::new().unwrap() };
        for (path, text) in self.directory.to_files() {
            project.write(&path, &text);
        }
        for (folder, name, ids) in &self.folders {
            project
                .write(&format!("agents/{folder}/agent.json"), &serde_json::json!({ "agent_name": name }).to_string());
            for (workspace, id) in ids {
                let text = serde_json::json!({ "agent_id": id }).to_string();
                project.write(&format!("agents/{folder}/{workspace}.json"), &text);
            }
        }
        project
    }
}

/// A project in a temporary folder.
pub struct Project {
    folder: TempDir,
}

/// What a run of the program printed, and how it ended.
#[derive(Debug)]
pub struct Run {
    pub out: String,
    pub error: String,
    pub code: i32,
}

impl Project {
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, path: &str, text: &str) {
        let place = self.root().join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }

    /// Runs the program with these words.
    #[must_use]
    pub fn run(&self, words: &[&str]) -> Run {
        let mut command = Command::cargo_bin("phone-dir").unwrap();
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", self.root());
        command.env("PHONE_DIR_NOW", NOW).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "Ada").env(format!("GIT_{role}_EMAIL"), "ada@example.com");
        }
        let output = command.current_dir(self.root()).args(words).output().unwrap();
        Run {
            out: String::from_utf8(output.stdout).unwrap(),
            error: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().unwrap(),
        }
    }

    /// Runs the program, which has to succeed, and gives what it printed.
    pub fn answer(&self, words: &[&str]) -> String {
        let run = self.run(words);
        assert_eq!(run.code, 0, "{words:?}: {}", run.error);
        run.out
    }

    /// The same, as JSON.
    pub fn json(&self, words: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.answer(words)).unwrap()
    }
}

/// The data behind the specification's examples of `show`, `agent-numbers` and `unassigned`.
pub fn examples() -> Builder {
    let mut builder = Builder::new();
    builder
        .agent(
            "customer-service",
            "Customer Service Agent",
            &[("staging", "agent_staging_abc123"), ("production", "agent_prod_xyz789")],
        )
        .agent("sales-agent", "Sales Agent", &[("staging", "agent_staging_def456")])
        .number(
            "+14155551234",
            "Customer Service Line",
            &["customer-service", "sales"],
            "Primary customer service line",
        )
        .number("+14155555678", "Support Line", &[], "")
        .number("+18885551234", "Sales Hotline", &["sales"], "")
        .number("+14159991234", "(415) 999-1234", &[], "")
        .number("+14159992345", "Test Number", &[], "");
    let both = AssignmentType::InboundOutbound;
    let line = Import { nickname: Some("Customer Service Line"), ..Import::new("staging", "+14155551234") };
    let customer_service = Some(("customer-service", both));
    builder
        .import(Import { agent: customer_service, ..line })
        .import(Import {
            nickname: Some("Support Line"),
            agent: Some(("customer-service", AssignmentType::InboundOnly)),
            ..Import::new("staging", "+14155555678")
        })
        .import(Import {
            nickname: Some("Sales Hotline"),
            method: ImportMethod::DirectPurchase,
            ..Import::new("staging", "+18885551234")
        })
        .import(Import::new("staging", "+14159991234"))
        .import(Import { nickname: Some("Test Number"), ..Import::new("staging", "+14159992345") })
        .import(Import { workspace: "production", imported: "2025-11-17T14:00:00Z", agent: customer_service, ..line });
    builder
}
