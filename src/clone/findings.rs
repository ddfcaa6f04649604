//! What a doctor may find, and the command that mends it.

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoctorCheck {
    /// Its name: kebab-case, stable.
    pub name: &'static str,
    /// What else was learnt, in words.
    pub told: Vec<String>,
    /// What is amiss; empty where all is well.
    pub findings: Vec<Finding>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub message: String,
    /// The command, or the step, that mends it.
    pub fix: String,
}

impl Finding {
    pub fn new(message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { message: message.into(), fix: fix.into() }
    }
}

/// The oldest git whose behaviour is relied on: it knows `git maintenance` and `git merge-file --marker-size`.
pub const OLDEST_GIT: (u32, u32) = (2, 31);

/// Reads `git version 2.47.3 (…)`.
pub fn git_version(printed: &str) -> Option<(u32, u32)> {
    let mut parts = printed.strip_prefix("git version ")?.split(['.', ' ', '\n']);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_every_platform_are_read() {
        assert_eq!(git_version("git version 2.47.3\n"), Some((2, 47)));
        assert_eq!(git_version("git version 2.39.5 (Apple Git-154)\n"), Some((2, 39)));
        assert_eq!(git_version("git version 2.45.1.windows.1\n"), Some((2, 45)));
        assert_eq!(git_version("zsh: command not found: git"), None);
    }
}
