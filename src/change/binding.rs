//! How a person writes the agents of a number: `agents/sales`, `agent_1a2b@3`, `agents/a=0.8,agents/b=0.2`, `none`.
//!
//! A list of agents has commas between them; each is a folder's path, its name, the agent's name or an id, then `@` and a
//! version or a tag, then `=` and its share of the calls. `none` and `null` take all agents away.

use super::rails::{Allowed, Objection, Rail};
use crate::model::agent_hint;
use crate::model::routing::{adds_up, sum};
use crate::model::{AgentFolders, AgentId, AgentPath, AgentVersion, AgentWeight, Weight, WorkspaceName};

/// Agents as a user wrote them; what they mean depends on the workspace.
#[derive(Clone, Debug, PartialEq)]
pub enum Binding {
    /// `none` or `null`.
    Unbind,
    /// At least one agent.
    Agents(Vec<WrittenAgent>),
}

/// One agent as a user wrote it.
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenAgent {
    pub name: AgentName,
    /// The version or tag behind `@`.
    pub version: Option<AgentVersion>,
    /// The share behind `=`.
    pub weight: Option<Weight>,
}

/// A folder's path, or an id.
#[derive(Clone, Debug, PartialEq)]
pub enum AgentName {
    /// `agents/NAME`.
    Path(AgentPath),
    /// Anything else: an id, the name of a folder, or of an agent; only a workspace's folders tell which.
    Id(AgentId),
}

impl std::str::FromStr for Binding {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }
}

impl Binding {
    /// Reads what a person wrote; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if matches!(text, "none" | "null") {
            return Ok(Self::Unbind);
        }
        let agents: Vec<_> =
            between_commas(text).iter().map(|agent| WrittenAgent::parse(agent)).collect::<Result<_, _>>()?;
        if agents.len() > 1 && agents.iter().any(|agent| agent.weight.is_none()) {
            return Err("each of several agents needs its weight: `agents/a=0.8,agents/b=0.2`".to_owned());
        }
        Ok(Self::Agents(agents))
    }

    /// Gives the only agent a version that was written apart from it.
    pub fn with_version(self, version: AgentVersion) -> Result<Self, String> {
        match self {
            Self::Agents(mut agents) if agents.len() == 1 && agents[0].version.is_none() => {
                agents[0].version = Some(version);
                Ok(Self::Agents(agents))
            }
            Self::Agents(agents) if agents.len() == 1 => Err("the agent has a version already".to_owned()),
            Self::Agents(_) => Err("several agents have a version each: `agents/a@3=0.8,agents/b=0.2`".to_owned()),
            Self::Unbind => Err("no agent is bound that could have a version".to_owned()),
        }
    }

    /// The only agent's id, if it is written as one.
    pub fn single_id(&self) -> Option<&AgentId> {
        match self {
            Self::Agents(agents) => match agents.as_slice() {
                [WrittenAgent { name: AgentName::Id(id), .. }] => Some(id),
                _ => None,
            },
            Self::Unbind => None,
        }
    }

    /// What the binding means in a workspace: a weighted list, empty where nothing is bound.
    pub fn resolve(
        &self,
        folders: &AgentFolders,
        workspace: &WorkspaceName,
        allowed: &Allowed,
    ) -> Result<Vec<AgentWeight>, Objection> {
        let Self::Agents(written) = self else { return Ok(Vec::new()) };
        let place = BindingPlace { folders, workspace, allowed };
        let agents: Vec<_> = written.iter().map(|agent| place.agent(agent)).collect::<Result<_, _>>()?;
        check_once(&agents)?;
        check_sum(&agents, allowed)?;
        Ok(agents)
    }
}

/// The parts between commas. One behind `=0` or `=1` and before digits alone is a decimal comma, as spreadsheets of many countries
/// write it: no share is 0, and no agent follows one of 1.
fn between_commas(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in text.split(',') {
        let are_decimals = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        match parts.last_mut().filter(|last| are_decimals && (last.ends_with("=0") || last.ends_with("=1"))) {
            Some(last) => *last = format!("{last}.{part}"),
            None => parts.push(part.to_owned()),
        }
    }
    parts
}

fn check_once(agents: &[AgentWeight]) -> Result<(), Objection> {
    for (index, agent) in agents.iter().enumerate() {
        let twice =
            |other: &AgentWeight| other.agent_id == agent.agent_id && other.agent_version == agent.agent_version;
        if agents[..index].iter().any(twice) {
            return Err(Objection::mistake(format!("agent `{}` is named twice", agent.agent_id)));
        }
    }
    Ok(())
}

fn check_sum(agents: &[AgentWeight], allowed: &Allowed) -> Result<(), Objection> {
    if agents.is_empty() || adds_up(sum(agents)) || allowed.contains(&Rail::Weights) {
        return Ok(());
    }
    let parts: Vec<_> = agents.iter().map(|agent| agent.weight.to_string()).collect();
    Err(Objection::rail(Rail::Weights, format!("the weights {} do not add up to 1", parts.join(" + ")))
        .hint("Retell asks that they do"))
}

impl WrittenAgent {
    fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (text, weight) = match text.rsplit_once('=') {
            Some((name, share)) => (name, Some(parse_weight(share)?)),
            None => (text, None),
        };
        let (name, version) = match text.split_once('@') {
            Some((name, version)) => (name, Some(parse_version(version)?)),
            None => (text, None),
        };
        Ok(Self { name: AgentName::parse(name)?, version, weight })
    }
}

/// Reads a version or a tag.
pub fn parse_version(text: &str) -> Result<AgentVersion, String> {
    AgentVersion::parse(text.trim())
        .ok_or_else(|| format!("expected behind `@` {}, such as `latest_published`", AgentVersion::EXPECTED))
}

fn parse_weight(text: &str) -> Result<Weight, String> {
    let share = text.trim().parse().ok().and_then(Weight::new);
    share.ok_or_else(|| {
        format!("`{text}` is not a weight: expected a number above 0 and at most 1, such as 0.8 for 80 %")
    })
}

impl AgentName {
    fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.starts_with("agents/") {
            return AgentPath::parse(text.trim_end_matches('/'))
                .map(Self::Path)
                .map_err(|error| format!("`{text}`: {error}"));
        }
        if text.is_empty() {
            return Err("expected an agent: `agents/NAME`, a name, an id, or `none`".to_owned());
        }
        AgentId::parse(text).map(Self::Id).map_err(|error| error.to_string())
    }
}

struct BindingPlace<'a> {
    folders: &'a AgentFolders,
    workspace: &'a WorkspaceName,
    allowed: &'a Allowed,
}

impl BindingPlace<'_> {
    fn agent(&self, written: &WrittenAgent) -> Result<AgentWeight, Objection> {
        let agent_id = match &written.name {
            AgentName::Path(path) => self.of_path(path)?,
            AgentName::Id(id) => self.of_id(id)?,
        };
        let weight = written.weight.unwrap_or(Weight::WHOLE);
        Ok(AgentWeight { agent_id, weight, agent_version: written.version.clone() })
    }

    fn of_path(&self, path: &AgentPath) -> Result<AgentId, Objection> {
        if self.folders.get(path).is_none() {
            return Err(Objection::mistake(format!("there is no agent `{path}`")).hint(self.known(path.folder())));
        }
        self.folders.id_in(path, self.workspace).cloned().ok_or_else(|| {
            Objection::mistake(format!("`{path}` has no agent id in `{}`", self.workspace))
                .hint(format!("push the agent to that workspace, so that `{path}/{}.json` has its id", self.workspace))
        })
    }

    fn of_id(&self, id: &AgentId) -> Result<AgentId, Objection> {
        if self.folders.path_of(self.workspace, id).is_some() {
            return Ok(id.clone());
        }
        if let Some((workspace, path)) = self.folders.anywhere(id).next()
            && !self.allowed.contains(&Rail::ForeignAgent)
        {
            let message =
                format!("agent `{id}` is `{path}` of the workspace `{workspace}`, not of `{}`", self.workspace);
            let here = self.folders.id_in(path, self.workspace);
            let hint = here.map(|_| format!("`{path}` means the agent of each workspace"));
            let objection = Objection::rail(Rail::ForeignAgent, message);
            return Err(match hint {
                Some(hint) => objection.hint(hint),
                None => objection,
            });
        }
        if let Some(path) = self.named(id.as_str())? {
            return self.of_path(&path);
        }
        if is_like_an_id(id.as_str()) {
            return Ok(id.clone());
        }
        Err(Objection::mistake(format!("`{}` has no agent `{id}`", self.workspace)).hint(self.known(id.as_str())))
    }

    /// The folder that is called so, or whose agent is; none where none is, an error where several are.
    fn named(&self, written: &str) -> Result<Option<AgentPath>, Objection> {
        let by_folder = AgentPath::of_folder(written).ok().filter(|path| self.folders.get(path).is_some());
        if by_folder.is_some() {
            return Ok(by_folder);
        }
        let found = self.folders.called(written);
        match found.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some((*only).clone())),
            several => {
                let paths: Vec<_> = several.iter().map(|path| format!("`{path}`")).collect();
                Err(Objection::mistake(format!("`{written}` is the name of several agents"))
                    .hint(format!("give one of {}", paths.join(", "))))
            }
        }
    }

    /// The agents that the workspace has, the nearest first.
    fn known(&self, written: &str) -> String {
        let here = self.folders.iter().map(|(path, _)| path);
        let here = here.filter(|path| self.folders.id_in(path, self.workspace).is_some());
        match agent_hint::offer(&format!("`{}`", self.workspace), here, written) {
            Some(offer) => format!("{offer}; an agent without a folder is written by its id"),
            None => format!("no folder below `agents/` has an agent of `{}`", self.workspace),
        }
    }
}

/// What may be the id of an agent that no folder has: Retell's ids are opaque, but long, and have no blanks.
fn is_like_an_id(text: &str) -> bool {
    const SHORTEST: usize = 20;
    !text.contains(char::is_whitespace) && (text.starts_with("agent_") || text.len() >= SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(name: &str) -> WorkspaceName {
        WorkspaceName::parse(name).unwrap()
    }

    fn folders() -> AgentFolders {
        let mut folders = AgentFolders::default();
        for (folder, place, id) in [
            ("sales", "staging", Some("agent_s1")),
            ("sales", "production", Some("agent_p1")),
            ("trial", "staging", Some("agent_s2")),
            ("new", "production", None),
        ] {
            let path = AgentPath::of_folder(folder).unwrap();
            folders.add_id(&path, &workspace(place), id.map(|id| AgentId::parse(id).unwrap()));
        }
        folders
    }

    fn resolve(text: &str, place: &str) -> Result<Vec<String>, Objection> {
        let binding = Binding::parse(text).unwrap();
        let agents = binding.resolve(&folders(), &workspace(place), &Allowed::default())?;
        Ok(agents.iter().map(|agent| serde_json::to_string(agent).unwrap()).collect())
    }

    #[test]
    fn a_share_may_have_a_decimal_comma() {
        let shares = |text: &str| match Binding::parse(text) {
            Ok(Binding::Agents(agents)) => {
                agents.iter().map(|it| it.weight.map(|it| it.to_string())).collect::<Vec<_>>()
            }
            other => panic!("{text}: {other:?}"),
        };
        for text in ["agents/a=0,8, agents/b=0,2", "agents/a=0,8,agents/b=0.2", "agents/a=0.8,agents/b=0,20"] {
            assert_eq!(shares(text), shares("agents/a=0.8,agents/b=0.2"), "{text}");
        }
        assert_eq!(shares("agents/a=1,0"), shares("agents/a=1"));
        assert!(Binding::parse("agents/a=0, 8").is_err() && Binding::parse("agents/a=2,0").is_err());
    }

    #[test]
    fn an_agent_is_named_by_path_or_id_with_a_version_and_a_weight() {
        assert_eq!(resolve("agents/sales", "staging").unwrap(), [r#"{"agent_id":"agent_s1","weight":1}"#]);
        assert_eq!(
            resolve("agents/sales@latest_published", "production").unwrap(),
            [r#"{"agent_id":"agent_p1","weight":1,"agent_version":"latest_published"}"#]
        );
        assert_eq!(
            resolve("agents/sales@3=0.8, agent_s2=0.2", "staging").unwrap(),
            [r#"{"agent_id":"agent_s1","weight":0.8,"agent_version":3}"#, r#"{"agent_id":"agent_s2","weight":0.2}"#]
        );
        assert_eq!(resolve("agent_unheard_of", "staging").unwrap(), [r#"{"agent_id":"agent_unheard_of","weight":1}"#]);
    }

    #[test]
    fn none_and_null_take_the_agents_away() {
        assert!(resolve("none", "staging").unwrap().is_empty() && resolve(" null ", "staging").unwrap().is_empty());
    }

    #[test]
    fn what_is_not_a_binding_is_an_error_that_says_why() {
        for bad in ["", "agents/", "agents/../x", "a=", "a=2", "a=0", "a=x", "a@", "a,b", "a=0.5,b", "a,,b", "a=1,"] {
            assert!(Binding::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn weights_that_do_not_add_up_are_refused_with_their_flag() {
        let objection = resolve("agents/sales=0.5,agents/trial=0.4", "staging").unwrap_err();
        assert_eq!(objection.rail, Some(Rail::Weights));
        assert!(resolve("agents/sales=0.1,agents/trial=0.9", "staging").is_ok());
        assert!(resolve("agents/sales=0.5", "staging").is_err());
        let allowed = Allowed::from([Rail::Weights]);
        let binding = Binding::parse("agents/sales=0.5").unwrap();
        assert!(binding.resolve(&folders(), &workspace("staging"), &allowed).is_ok());
    }

    #[test]
    fn an_agent_of_another_workspace_is_refused_with_its_flag() {
        let objection = resolve("agent_s1", "production").unwrap_err();
        assert_eq!(objection.rail, Some(Rail::ForeignAgent));
        assert!(objection.message.contains("`agents/sales` of the workspace `staging`"), "{}", objection.message);
    }

    #[test]
    fn a_folder_without_an_id_here_and_no_folder_at_all_are_mistakes() {
        for (text, hint) in
            [("agents/new", "new/production.json"), ("agents/sale", "`agents/sales`"), ("sals", "`agents/sales`")]
        {
            let objection = resolve(text, "production").unwrap_err();
            assert_eq!(objection.rail, None, "{text}");
            assert!(objection.hint.unwrap().contains(hint), "{text}");
        }
        assert!(resolve("agents/sales=0.5,agent_s1=0.5", "staging").is_err());
    }

    #[test]
    fn an_agent_may_be_named_by_its_folder_or_its_name_and_what_none_has_is_answered_with_those_that_are_here() {
        let mut folders = folders();
        folders.folder(AgentPath::of_folder("sales").unwrap()).name = Some("Sales Agent".to_owned());
        let resolve = |text: &str| {
            let binding = Binding::parse(text).unwrap();
            binding.resolve(&folders, &workspace("production"), &Allowed::default())
        };
        for text in ["sales", "Sales Agent", "sales agent", "agents/sales"] {
            assert_eq!(resolve(text).unwrap()[0].agent_id.as_str(), "agent_p1", "{text}");
        }
        for text in ["Reception Agent", "nobody", "a name with blanks that is as long as an id"] {
            let hint = resolve(text).unwrap_err().hint.unwrap();
            assert!(
                hint.contains("`production` has `agents/sales`;")
                    && !hint.contains("nearest")
                    && !hint.contains("agents/trial"),
                "{hint}"
            );
        }
        assert!(resolve("agent_of_retells_own").is_ok() && resolve("oBeDLoLOeuAbiuaMFXRtDOLriTJ5tSxD").is_ok());
    }

    #[test]
    fn a_version_written_apart_belongs_to_a_single_agent_without_one() {
        let version = || AgentVersion::Number(4);
        let with = |text: &str| Binding::parse(text).unwrap().with_version(version());
        assert!(matches!(with("a").unwrap(), Binding::Agents(agents) if agents[0].version == Some(version())));
        assert_eq!(with("a@1"), Err("the agent has a version already".to_owned()));
        let several = "several agents have a version each: `agents/a@3=0.8,agents/b=0.2`".to_owned();
        assert_eq!((with("a=0.5,b=0.5"), with("a@1=0.5,b=0.5")), (Err(several.clone()), Err(several)));
        assert_eq!(with("none"), Err("no agent is bound that could have a version".to_owned()));
    }

    #[test]
    fn a_single_id_is_that_of_the_only_agent_where_it_is_written_as_one() {
        let single = |text: &str| Binding::parse(text).unwrap().single_id().map(ToString::to_string);
        assert_eq!(single("agent_s1@3").as_deref(), Some("agent_s1"));
        assert_eq!(["agents/sales", "a=0.5,b=0.5", "none"].map(single), [None, None, None]);
    }
}
