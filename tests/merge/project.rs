//! A project in a real git repository, with the drivers installed by the built program.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use phone_dir::model::assignments::{Assignment, AssignmentType};
use phone_dir::model::master::{NumberEntry, NumberType, Provider, WorkspaceEntry};
use phone_dir::model::registry::{ImportMethod, RegistryEntry};
use phone_dir::model::{
    AgentFolders, AgentId, AgentPath, ByWorkspace, Directory, PhoneNumber, Timestamp, WorkspaceName, derive,
};
use tempfile::TempDir;

pub const STAGING: &str = "staging";
pub const PRODUCTION: &str = "production";
pub const START: &str = "2026-01-01T00:00:00Z";

pub fn number(text: &str) -> PhoneNumber {
    PhoneNumber::parse(text).unwrap()
}

pub fn workspace(name: &str) -> WorkspaceName {
    WorkspaceName::parse(name).unwrap()
}

pub fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// A directory to edit, as a sync at some time would.
#[derive(Clone, Debug)]
pub struct Edit {
    pub directory: Directory,
    pub now: Timestamp,
}

impl Edit {
    /// Two workspaces with the given numbers in both, bound to the agent `sales`.
    pub fn start(numbers: &[&str]) -> Self {
        let mut directory = Directory::empty();
        directory.agents = agents();
        let mut edit = Self { directory, now: time(START) };
        for text in numbers {
            edit.provision(text);
            for name in [STAGING, PRODUCTION] {
                edit.import(name, text, "sales");
            }
        }
        edit
    }

    /// The same at a later time.
    pub fn at(&self, now: &str) -> Self {
        Self { directory: self.directory.clone(), now: time(now) }
    }

    pub fn provision(&mut self, text: &str) {
        let entry = NumberEntry {
            phone_number: number(text),
            phone_number_pretty: String::new(),
            phone_number_type: NumberType::Local,
            provider: Provider::Custom,
            area_code: None,
            country_code: None,
            capabilities: None,
            twilio: None,
            left: None,
            workspaces: ByWorkspace::default(),
            sip_config: None,
            notes: String::new(),
            tags: Vec::new(),
        };
        self.directory.master.numbers.insert(number(text), entry);
    }

    pub fn import(&mut self, name: &str, text: &str, agent: &str) {
        let entry = RegistryEntry {
            phone_number: number(text),
            phone_number_pretty: String::new(),
            phone_number_type: NumberType::Local,
            provider: Provider::Custom,
            import_method: ImportMethod::DirectPurchase,
            retell_type: None,
            import_date: Some(self.now),
            termination_uri: None,
            auth_username: None,
            transport: None,
            codecs: None,
            nickname: None,
            inbound_webhook_url: None,
            inbound_sms_webhook_url: None,
            fallback_number: None,
            allowed_inbound_country_list: None,
            allowed_outbound_country_list: None,
            assigned: true,
            last_modified: Some(self.now),
            live: None,
        };
        let files = self.directory.workspace_mut(&workspace(name));
        files.numbers.numbers.retain(|known| known.phone_number != number(text));
        files.numbers.numbers.push(entry);
        self.touch(name);
        self.assign(name, text, agent);
    }

    /// Binds a number to an agent for both directions.
    pub fn assign(&mut self, name: &str, text: &str, agent: &str) {
        let id = agent_id(name, agent);
        let assignment = Assignment {
            phone_number: number(text),
            agent_path: Some(AgentPath::of_folder(agent).unwrap()),
            agent_name: Some(agent.to_owned()),
            agent_id: Some(id.clone()),
            assignment_type: AssignmentType::InboundOutbound,
            inbound_agent_id: Some(id.clone()),
            outbound_agent_id: Some(id),
            inbound_agents: None,
            outbound_agents: None,
            inbound_sms_agents: None,
            outbound_sms_agents: None,
            assigned_date: Some(self.now),
            last_modified: Some(self.now),
        };
        let (now, files) = (self.now, self.directory.workspace_mut(&workspace(name)));
        files.assignments.assignments.retain(|known| known.phone_number != number(text));
        files.assignments.assignments.push(assignment);
        for entry in files.numbers.numbers.iter_mut().filter(|entry| entry.phone_number == number(text)) {
            entry.last_modified = Some(now);
        }
        self.touch(name);
    }

    pub fn nickname(&mut self, name: &str, text: &str, nickname: &str) {
        let files = self.directory.workspace_mut(&workspace(name));
        // The other side of a case may have taken the number out.
        for entry in files.numbers.numbers.iter_mut().filter(|entry| entry.phone_number == number(text)) {
            entry.nickname = Some(nickname.to_owned());
        }
        self.touch(name);
    }

    /// Takes a number out of a workspace.
    pub fn remove(&mut self, name: &str, text: &str) {
        let files = self.directory.workspace_mut(&workspace(name));
        files.numbers.numbers.retain(|entry| entry.phone_number != number(text));
        files.assignments.assignments.retain(|entry| entry.phone_number != number(text));
        self.touch(name);
    }

    /// Takes a number out of the directory.
    pub fn release(&mut self, text: &str) {
        for name in [STAGING, PRODUCTION] {
            self.remove(name, text);
        }
        self.directory.master.numbers.remove(&number(text));
    }

    pub fn notes(&mut self, text: &str, notes: &str) {
        notes.clone_into(&mut self.directory.master.numbers.get_mut(&number(text)).unwrap().notes);
    }

    pub fn tag(&mut self, text: &str, tag: &str) {
        self.directory.master.numbers.get_mut(&number(text)).unwrap().tags.push(tag.to_owned());
    }

    fn touch(&mut self, name: &str) {
        let now = Some(self.now);
        let files = self.directory.workspace_mut(&workspace(name));
        (files.numbers.last_sync, files.assignments.last_updated) = (now, now);
        self.directory.master.last_updated = now;
    }

    /// The files, with every derived value.
    pub fn files(&self) -> BTreeMap<String, String> {
        let mut directory = self.directory.clone();
        directory.sort();
        for entry in directory.master.numbers.values_mut() {
            entry.workspaces = ByWorkspace::default();
        }
        for (name, files) in &directory.workspaces {
            for registered in &files.numbers.numbers {
                let assignment = files.assignment(registered.phone_number);
                let entry = WorkspaceEntry {
                    imported: true,
                    import_date: registered.import_date,
                    agent_path: assignment.and_then(|known| known.agent_path.clone()),
                    agent_id: assignment.and_then(|known| known.agent_id.clone()),
                    assignment_type: Some(assignment.map_or(AssignmentType::Unassigned, |known| known.assignment_type)),
                };
                let master = directory.master.numbers.get_mut(&registered.phone_number).unwrap();
                master.workspaces.insert(name.clone(), entry);
            }
        }
        derive::recompute(&mut directory);
        directory.to_files()
    }
}

const AGENTS: [&str; 4] = ["sales", "support", "night", "frontdesk"];

fn agent_id(workspace: &str, agent: &str) -> AgentId {
    AgentId::parse(&format!("agent_{workspace}_{agent}")).unwrap()
}

/// The files of the agents' folders.
pub fn agent_files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for agent in AGENTS {
        files.insert(format!("agents/{agent}/agent.json"), format!("{{\"agent_name\": \"{agent}\"}}\n"));
        for name in [STAGING, PRODUCTION] {
            let text = format!("{{\"agent_id\": \"{}\"}}\n", agent_id(name, agent));
            files.insert(format!("agents/{agent}/{name}.json"), text);
        }
    }
    files
}

fn agents() -> AgentFolders {
    let mut folders = AgentFolders::default();
    for agent in AGENTS {
        let path = AgentPath::of_folder(agent).unwrap();
        folders.folder(path.clone()).name = Some(agent.to_owned());
        for name in [STAGING, PRODUCTION] {
            folders.add_id(&path, &workspace(name), Some(agent_id(name, agent)));
        }
    }
    folders
}

/// A repository on disk.
pub struct Project {
    pub root: PathBuf,
    home: PathBuf,
    _folder: TempDir,
}

impl Project {
    /// A repository on `main` whose first commit holds the directory, with the drivers set up.
    pub fn new(edit: &Edit) -> Self {
        let project = Self::empty();
        project.git(&["init", "-q", "-b", "main"]);
        for (path, text) in agent_files() {
            project.write(&path, &text);
        }
        project.write(".gitignore", "/workspaces.json\n/.env\n/phone-numbers.backup.*/\n");
        project.write("phone-numbers/.gitignore", "/twilio/trunks.json\n/twilio/sync.json\n");
        project.put(edit);
        assert!(project.phone_dir(&["setup"]).status.success());
        project.commit("start");
        project
    }

    /// A folder that is not a repository yet.
    pub fn empty() -> Self {
        let folder = TempDir::new().unwrap();
        let (root, home) = (folder.path().join("project"), folder.path().join("home"));
        fs::create_dir_all(&root).unwrap();
        fs::create_dir_all(&home).unwrap();
        Self { root, home, _folder: folder }
    }

    pub fn write(&self, path: &str, text: &str) {
        let place = self.root.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    /// Writes a directory's files.
    pub fn put(&self, edit: &Edit) {
        for (path, text) in edit.files() {
            self.write(&path, &text);
        }
    }

    /// Commits one side on a branch `topic` and the other on `main`, where it stays.
    pub fn diverge(&self, ours: &Edit, theirs: &Edit) {
        self.git(&["checkout", "-q", "-b", "topic"]);
        self.put(theirs);
        self.commit("theirs");
        self.git(&["checkout", "-q", "main"]);
        self.put(ours);
        self.commit("ours");
    }

    pub fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--no-verify", "-m", message]);
    }

    #[must_use]
    pub fn try_git(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("git");
        self.seal(&mut command, &self.root);
        command.args(arguments).output().unwrap()
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        let output = self.try_git(arguments);
        assert!(output.status.success(), "git {arguments:?}: {}", text_of(&output));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Runs git as a program with a window does: without a PATH that leads to phone-dir. `cargo_home` is where cargo's programs are.
    #[must_use]
    pub fn try_git_without_phone_dir(&self, arguments: &[&str], cargo_home: &Path) -> Output {
        let mut command = Command::new("git");
        self.seal(&mut command, &self.root);
        let known = std::env::var_os("PATH").unwrap();
        let folders = std::env::split_paths(&known).filter(|folder| !folder.join("phone-dir").exists());
        command.env("PATH", std::env::join_paths(folders).unwrap()).env("CARGO_HOME", cargo_home);
        command.args(arguments).output().unwrap()
    }

    #[must_use]
    pub fn phone_dir(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_phone-dir"));
        self.seal(&mut command, &self.root);
        command.args(arguments).output().unwrap()
    }

    pub fn seal(&self, command: &mut Command, folder: &Path) {
        // The built program is the `phone-dir` of the PATH: the hook and the drivers find it there.
        let built = Path::new(env!("CARGO_BIN_EXE_phone-dir")).parent().unwrap().to_owned();
        let known = std::env::var_os("PATH").unwrap();
        let path = std::env::join_paths(std::iter::once(built).chain(std::env::split_paths(&known))).unwrap();
        command.current_dir(folder).env_clear().env("PATH", path);
        command.env("HOME", &self.home).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Ada").env(format!("GIT_{who}_EMAIL"), "ada@example.com");
        }
        command.env("GIT_EDITOR", "true");
    }

    /// The files of the directory as they lie in the working tree.
    pub fn files(&self) -> BTreeMap<String, String> {
        let names = self.git(&["ls-files", "phone-numbers/*.json"]);
        let mut paths: Vec<_> = names.lines().map(str::to_owned).collect();
        paths.dedup();
        paths.into_iter().map(|path| (path.clone(), self.read(&path))).collect()
    }

    /// The files in conflict.
    pub fn unmerged(&self) -> Vec<String> {
        let names = self.git(&["diff", "--name-only", "--diff-filter=U"]);
        names.lines().map(str::to_owned).collect()
    }
}

pub fn text_of(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
