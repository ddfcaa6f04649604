//! Calls of git that start no program, whatever the repository's own configuration names: for questions, which people
//! ask about repositories that they do not trust yet.

use std::env;

use super::GitRepository;
use super::program::Git;
use crate::error::Result;

/// What git fetches missing objects with is refused twice: older gits know only the second.
const NO_TRANSPORT: [(&str, &str); 2] = [("GIT_NO_LAZY_FETCH", "1"), ("GIT_ALLOW_PROTOCOL", "")];

impl GitRepository {
    /// Starts a call that only asks: git writes nothing, fetches nothing, and runs no monitor, filter or signature
    /// check.
    ///
    /// Without the repository's filters, a file whose content they change may look edited. Filters of the user's own
    /// configuration stay, because the user chose them.
    pub(super) fn question<'a>(&self, subcommand: &'a str) -> Result<Git<'a>> {
        let mut git = Git::new(self, subcommand).without_locks();
        for (name, value) in NO_TRANSPORT {
            git = git.variable(name, value);
        }
        let mut settings = vec![("log.showSignature".to_owned(), "false")];
        for driver in self.configuration().own_filters()? {
            let off = [("clean", ""), ("smudge", ""), ("process", ""), ("required", "false")];
            settings.extend(off.map(|(key, value)| (format!("filter.{driver}.{key}"), value)));
        }
        Ok(overridden(git, &settings))
    }
}

/// Adds settings behind those that the environment has already: names may hold any character there.
fn overridden<'a>(mut git: Git<'a>, settings: &[(String, &str)]) -> Git<'a> {
    const COUNT: &str = "GIT_CONFIG_COUNT";
    let first = env::var(COUNT).ok().and_then(|count| count.parse().ok()).unwrap_or(0);
    for (number, (key, value)) in (first..).zip(settings) {
        git = git.variable(&format!("GIT_CONFIG_KEY_{number}"), key);
        git = git.variable(&format!("GIT_CONFIG_VALUE_{number}"), value);
    }
    git.variable(COUNT, &(first + settings.len()).to_string())
}
