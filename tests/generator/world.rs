//! A consistent directory of made-up numbers, and the changes that happen to it.

use phone_dir::model::{
    AgentPath, Assignment, AssignmentType, Directory, NumberEntry, PhoneNumber, RegistryEntry, Timestamp,
    WorkspaceEntry, WorkspaceName, derive,
};
use serde_json::json;

use super::random::Random;

const AGENTS: [&str; 6] = ["customer-service", "sales", "support-tier1", "support-tier2", "survey", "emergency-line"];

/// A directory in step with itself.
#[derive(Clone)]
pub struct World {
    /// The directory.
    pub directory: Directory,
    clock: i64,
}

/// The two workspaces of every generated directory.
pub fn workspaces() -> [WorkspaceName; 2] {
    WorkspaceName::default_pair()
}

/// The number at a place of the fictional range that this generator uses.
pub fn number(at: usize) -> PhoneNumber {
    PhoneNumber::parse(&format!("+1415{:07}", 5_550_000 + at)).expect("E.164")
}

impl World {
    /// A directory of some numbers, each in both workspaces, most with an agent.
    pub fn new(numbers: usize, random: &mut Random) -> Self {
        let mut world = Self { directory: Directory::empty(), clock: 1_700_000_000 };
        for workspace in workspaces() {
            world.directory.workspace_mut(&workspace);
            for name in AGENTS {
                let path = AgentPath::of_folder(name).expect("a plain name");
                let id = format!("agent_{workspace}_{name}").parse().expect("an id");
                world.directory.agents.add_id(&path, &workspace, Some(id));
            }
        }
        for at in 0..numbers {
            world.provision(number(at), random);
            for workspace in workspaces() {
                world.import(&workspace, number(at), random);
            }
        }
        world.settle(&Directory::empty());
        world
    }

    /// Makes `count` random changes, then recomputes what follows from them.
    pub fn change(&mut self, count: usize, random: &mut Random) {
        let before = self.directory.clone();
        for _ in 0..count {
            self.change_one(random);
        }
        self.settle(&before);
    }

    fn change_one(&mut self, random: &mut Random) {
        let workspace = random.choose(&workspaces()).clone();
        let known: Vec<PhoneNumber> = self.directory.master.numbers.keys().copied().collect();
        if known.is_empty() || random.once_in(25) {
            let new = number(random.below(known.len() * 2 + 10));
            self.provision(new, random);
            self.import(&workspace, new, random);
            return;
        }
        let number = *random.choose(&known);
        match random.below(20) {
            0 => self.release(number),
            1 | 2 => self.remove(&workspace, number),
            3 | 4 => self.import(&workspace, number, random),
            5 | 6 => self.edit_notes(number, random),
            7 | 8 => self.rename(&workspace, number, random),
            9 => self.unassign(&workspace, number),
            10 => self.move_over(number, random),
            _ => self.assign(&workspace, number, random),
        }
    }

    /// Recomputes what follows; the dates of a file change only where something in it did, as a sync keeps them.
    fn settle(&mut self, before: &Directory) {
        self.clock += 60;
        let now = Some(self.now());
        derive::recompute(&mut self.directory);
        if self.directory.master != before.master {
            self.directory.master.last_updated = now;
        }
        for (name, files) in &mut self.directory.workspaces {
            let before = before.workspaces.get(name);
            if before.is_none_or(|before| before.numbers != files.numbers) {
                files.numbers.last_sync = now;
            }
            if before.is_none_or(|before| before.assignments != files.assignments) {
                files.assignments.last_updated = now;
            }
        }
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_datetime(chrono::DateTime::from_timestamp(self.clock, 0).expect("in range"))
    }

    fn provision(&mut self, number: PhoneNumber, random: &mut Random) {
        let entry: NumberEntry = serde_json::from_value(json!({
            "phone_number": number, "phone_number_pretty": "", "phone_number_type": "local", "provider": "twilio",
            "area_code": null, "country_code": null,
            "capabilities": {"voice": true, "sms": random.once_in(2), "mms": false, "fax": false},
            "twilio": {"phone_number_sid": format!("PN{:0>32}", number.digits()), "trunk_sid": null,
                "friendly_name": format!("Line {}", random.below(1000)), "date_created": "2025-01-01T00:00:00Z"},
            "workspaces": {}, "sip_config": null, "notes": "", "tags": [],
        }))
        .expect("an entry");
        self.directory.master.numbers.entry(number).or_insert(entry);
    }

    fn import(&mut self, workspace: &WorkspaceName, number: PhoneNumber, random: &mut Random) {
        let now = self.now();
        let entry: RegistryEntry = serde_json::from_value(json!({
            "phone_number": number, "phone_number_pretty": "", "phone_number_type": "local", "provider": "twilio",
            "import_method": "sip-trunk", "import_date": now, "termination_uri": "mytrunk.pstn.twilio.com",
            "auth_username": "retell_user", "nickname": format!("Line {}", random.below(1000)),
            "inbound_webhook_url": null, "assigned": false, "last_modified": now,
        }))
        .expect("an entry");
        let files = self.directory.workspace_mut(workspace);
        if files.numbers.numbers.iter().any(|known| known.phone_number == number) {
            return;
        }
        files.numbers.numbers.push(entry);
        let binding = WorkspaceEntry {
            imported: true,
            import_date: Some(now),
            agent_path: None,
            agent_id: None,
            assignment_type: Some(AssignmentType::Unassigned),
        };
        if let Some(entry) = self.directory.master.numbers.get_mut(&number) {
            entry.workspaces.insert(workspace.clone(), binding);
        }
        if !random.once_in(5) {
            self.assign(workspace, number, random);
        }
    }

    fn assign(&mut self, workspace: &WorkspaceName, number: PhoneNumber, random: &mut Random) {
        let is_registered = |world: &Self| {
            let files = world.directory.workspaces.get(workspace);
            files.is_some_and(|files| files.numbers.numbers.iter().any(|entry| entry.phone_number == number))
        };
        if !is_registered(self) {
            return;
        }
        let name = *random.choose(&AGENTS);
        let (path, id, now) = (format!("agents/{name}"), format!("agent_{workspace}_{name}"), self.now());
        let inbound_only = random.once_in(3);
        let outbound = if inbound_only { None } else { Some(&id) };
        let kind = if inbound_only { "inbound-only" } else { "inbound-outbound" };
        let mut value = json!({
            "phone_number": number, "agent_path": path, "agent_name": format!("Agent {name}"), "agent_id": id,
            "assignment_type": kind, "inbound_agent_id": id, "outbound_agent_id": outbound,
            "assigned_date": now, "last_modified": now,
        });
        if random.once_in(10) {
            let other = format!("agent_{workspace}_{}", random.choose(&AGENTS));
            value["inbound_agents"] =
                json!([{"agent_id": id, "weight": 0.5}, {"agent_id": other, "weight": 0.5, "agent_version": 3}]);
        }
        let assignment: Assignment = serde_json::from_value(value).expect("an assignment");
        let files = self.directory.workspace_mut(workspace);
        files.assignments.assignments.retain(|known| known.phone_number != number);
        files.assignments.assignments.push(assignment.clone());
        self.bind(workspace, number, Some(&assignment));
    }

    fn bind(&mut self, workspace: &WorkspaceName, number: PhoneNumber, assignment: Option<&Assignment>) {
        let entry = self.directory.master.numbers.get_mut(&number);
        let Some(binding) = entry.and_then(|entry| entry.workspaces.get_mut(workspace)) else { return };
        binding.agent_path = assignment.and_then(|known| known.agent_path.clone());
        binding.agent_id = assignment.and_then(|known| known.agent_id.clone());
        binding.assignment_type = Some(assignment.map_or(AssignmentType::Unassigned, |known| known.assignment_type));
    }

    fn unassign(&mut self, workspace: &WorkspaceName, number: PhoneNumber) {
        let files = self.directory.workspace_mut(workspace);
        files.assignments.assignments.retain(|known| known.phone_number != number);
        self.bind(workspace, number, None);
    }

    fn remove(&mut self, workspace: &WorkspaceName, number: PhoneNumber) {
        let files = self.directory.workspace_mut(workspace);
        files.assignments.assignments.retain(|known| known.phone_number != number);
        files.numbers.numbers.retain(|known| known.phone_number != number);
        if let Some(entry) = self.directory.master.numbers.get_mut(&number) {
            entry.workspaces.remove(workspace);
        }
    }

    fn release(&mut self, number: PhoneNumber) {
        for workspace in workspaces() {
            self.remove(&workspace, number);
        }
        self.directory.master.numbers.remove(&number);
    }

    fn move_over(&mut self, number: PhoneNumber, random: &mut Random) {
        let [staging, production] = workspaces();
        self.remove(&staging, number);
        self.import(&production, number, random);
    }

    fn edit_notes(&mut self, number: PhoneNumber, random: &mut Random) {
        let Some(entry) = self.directory.master.numbers.get_mut(&number) else { return };
        entry.notes = format!("Note {} \"quoted\" für {{alle}}", random.below(100));
        entry.tags = (0..random.below(3)).map(|at| format!("tag-{at}")).collect();
    }

    fn rename(&mut self, workspace: &WorkspaceName, number: PhoneNumber, random: &mut Random) {
        let files = self.directory.workspace_mut(workspace);
        if let Some(entry) = files.numbers.numbers.iter_mut().find(|entry| entry.phone_number == number) {
            entry.nickname = Some(format!("Nickname {}", random.below(100)));
        }
    }
}
