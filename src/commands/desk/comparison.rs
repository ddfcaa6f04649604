//! What `diff` is asked to compare: the words of its command line, understood before anything is read.

use crate::error::{Error, Result};
use crate::store::revision::{RangeKind, Revision, RevisionRange};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectoryState {
    Revision(Revision),
    Index,
    Worktree,
    /// As the providers have it now.
    Live,
}

impl DirectoryState {
    fn parse(word: &str) -> Result<Self> {
        match word {
            "@index" => Ok(Self::Index),
            "@worktree" => Ok(Self::Worktree),
            "@live" => Ok(Self::Live),
            _ if is_like_a_state(word) => Err(Error::failed(format!("there is no state `{}`", word.escape_debug()))
                .hint(format!("the states are `@index`, `@worktree` and `@live`; `refs/heads/{word}` is the branch"))),
            _ => Revision::parse(word).map(Self::Revision),
        }
    }

    /// The name in every output: the word that stands for it on the command line.
    pub fn name(&self) -> &str {
        match self {
            Self::Revision(revision) => revision.as_str(),
            Self::Index => "@index",
            Self::Worktree => "@worktree",
            Self::Live => "@live",
        }
    }
}

/// Whether a word begins as the name of a state; git's own words go on with a sign: `@~1`, `@{upstream}`.
fn is_like_a_state(word: &str) -> bool {
    word.strip_prefix('@').is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_alphabetic()))
}

/// What is compared with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiffOperands {
    Workspaces(String, String),
    States(DirectoryState, DirectoryState),
    /// From where two revisions parted to the second.
    FromMergeBase(Revision, Revision),
}

/// Which of git's two comparisons is meant where one side is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    Worktree,
    Index,
}

impl DiffOperands {
    /// Understands the words; the workspaces tell a workspace's name from a branch's.
    pub fn parse(words: &[String], against: Against, workspaces: &dyn WorkspaceWords) -> Result<Self> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match (words.as_slice(), against) {
            ([], Against::Worktree) => Ok(Self::States(DirectoryState::Index, DirectoryState::Worktree)),
            ([], Against::Index) => Ok(Self::States(DirectoryState::Revision(Revision::head()), DirectoryState::Index)),
            ([one], Against::Index) => Ok(Self::States(DirectoryState::parse(one)?, DirectoryState::Index)),
            ([one], Against::Worktree) => Self::of_one(one, workspaces),
            ([from, to], Against::Worktree) => Self::of_two(from, to, workspaces),
            _ => Err(Error::failed("`--staged` compares one revision with what is staged")
                .hint("leave out the second revision, or `--staged`")),
        }
    }

    fn of_one(word: &str, workspaces: &dyn WorkspaceWords) -> Result<Self> {
        if let Some(range) = RevisionRange::parse(word) {
            let RevisionRange { from, to, kind } = range?;
            return Ok(match kind {
                RangeKind::Direct => Self::States(DirectoryState::Revision(from), DirectoryState::Revision(to)),
                RangeKind::FromMergeBase => Self::FromMergeBase(from, to),
            });
        }
        if workspaces.has(word)? {
            return Err(Error::failed(format!("`{word}` is a workspace, and needs another to be compared with"))
                .hint(format!("name a second workspace; `refs/heads/{word}` is the branch")));
        }
        match DirectoryState::parse(word)? {
            DirectoryState::Worktree => Err(Error::failed("`@worktree` needs another state to be compared with")
                .hint("give a revision, `@index` or `@live` before or after it")),
            state => Ok(Self::States(state, DirectoryState::Worktree)),
        }
    }

    fn of_two(from: &str, to: &str, workspaces: &dyn WorkspaceWords) -> Result<Self> {
        match (workspaces.has(from)?, workspaces.has(to)?) {
            (true, true) => Ok(Self::Workspaces(from.to_owned(), to.to_owned())),
            (false, false) => Ok(Self::States(DirectoryState::parse(from)?, DirectoryState::parse(to)?)),
            (true, false) => Err(mixed(from, to, workspaces)),
            (false, true) => Err(mixed(to, from, workspaces)),
        }
    }
}

fn mixed(workspace: &str, other: &str, workspaces: &dyn WorkspaceWords) -> Error {
    let all = workspaces.all().unwrap_or_default();
    Error::failed(format!("`{workspace}` is a workspace, and `{other}` is not"))
        .hint(format!("name two workspaces ({all}), or two revisions; `refs/heads/{workspace}` is the branch"))
}

/// The workspaces that words may name.
pub trait WorkspaceWords {
    /// Whether a word is the name of one.
    fn has(&self, word: &str) -> Result<bool>;

    /// All of them, as a hint lists them.
    fn all(&self) -> Result<String>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str], against: Against) -> Result<DiffOperands> {
        let words: Vec<_> = words.iter().map(ToString::to_string).collect();
        DiffOperands::parse(&words, against, &TwoWorkspaces)
    }

    struct TwoWorkspaces;

    impl WorkspaceWords for TwoWorkspaces {
        fn has(&self, word: &str) -> Result<bool> {
            Ok(["staging", "production"].contains(&word))
        }

        fn all(&self) -> Result<String> {
            Ok("`staging`, `production`".to_owned())
        }
    }

    fn state(word: &str) -> DirectoryState {
        DirectoryState::parse(word).unwrap()
    }

    #[test]
    fn every_form_of_the_grammar_is_understood() {
        let revision = |text: &str| Revision::parse(text).unwrap();
        let cases = [
            (vec![], DiffOperands::States(DirectoryState::Index, DirectoryState::Worktree)),
            (vec!["main"], DiffOperands::States(state("main"), DirectoryState::Worktree)),
            (vec!["@live"], DiffOperands::States(DirectoryState::Live, DirectoryState::Worktree)),
            (vec!["HEAD~1", "@index"], DiffOperands::States(state("HEAD~1"), DirectoryState::Index)),
            (vec!["main..topic"], DiffOperands::States(state("main"), state("topic"))),
            (vec!["main...topic"], DiffOperands::FromMergeBase(revision("main"), revision("topic"))),
            (vec!["staging", "production"], DiffOperands::Workspaces("staging".into(), "production".into())),
            (vec!["refs/heads/staging", "main"], DiffOperands::States(state("refs/heads/staging"), state("main"))),
        ];
        for (words, expected) in cases {
            assert_eq!(parse(&words, Against::Worktree).unwrap(), expected, "{words:?}");
        }
        let staged = |words: &[&str]| parse(words, Against::Index).unwrap();
        assert_eq!(staged(&[]), DiffOperands::States(state("HEAD"), DirectoryState::Index));
        assert_eq!(staged(&["main"]), DiffOperands::States(state("main"), DirectoryState::Index));
    }

    #[test]
    fn a_mistyped_workspace_or_state_is_answered_with_those_that_there_are() {
        let hint = |words: &[&str]| parse(words, Against::Worktree).unwrap_err().hint_text().unwrap().to_owned();
        assert!(hint(&["stagng", "production"]).contains("(`staging`, `production`)"));
        assert!(hint(&["HEAD", "@liv"]).contains("`@index`, `@worktree` and `@live`"));
        for word in ["@", "@~1", "@{upstream}", "@^"] {
            assert_eq!(state(word), DirectoryState::Revision(Revision::parse(word).unwrap()));
        }
    }

    #[test]
    fn a_workspace_is_never_compared_with_a_revision() {
        for words in [&["staging", "HEAD"][..], &["main", "production"], &["staging"], &["@worktree"], &["HEAD:x"]] {
            let error = parse(words, Against::Worktree).unwrap_err();
            assert_eq!(error.kind().exit_code(), 2, "{words:?}");
        }
    }
}
