//! What stands in the hooks folder under a hook's name.

use super::{SCRIPT, Tool};

/// The words by which a script of ours is known, whatever its version.
pub const MARKER: &str = "# phone-dir hook:";

/// Git's ids of the scripts that earlier releases put in place, which may be replaced without asking.
const EARLIER: [&str; 0] = [];

/// What stands under a hook's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Absent,
    /// This release's script.
    Installed,
    /// An earlier release's script.
    Outdated,
    /// A script of ours that somebody changed.
    Edited,
    /// The script of a tool that manages hooks.
    Managed(Tool),
    /// Somebody's own hook.
    Foreign,
}

impl Standing {
    /// Judges a file's content; `id` is git's id of it.
    pub fn of(content: Option<&[u8]>, id: &str) -> Self {
        let Some(bytes) = content else { return Self::Absent };
        if bytes == SCRIPT.as_bytes() {
            return Self::Installed;
        }
        if EARLIER.contains(&id) {
            return Self::Outdated;
        }
        let text = String::from_utf8_lossy(bytes);
        if text.contains(MARKER) {
            return Self::Edited;
        }
        Tool::of_script(&text).map_or(Self::Foreign, Self::Managed)
    }

    /// The word in machine-readable output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Installed => "installed",
            Self::Outdated => "outdated",
            Self::Edited => "edited",
            Self::Managed(_) => "managed",
            Self::Foreign => "foreign",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(text: &str) -> Standing {
        Standing::of(Some(text.as_bytes()), "0000")
    }

    #[test]
    fn our_script_is_known_and_an_edit_of_it_too() {
        assert_eq!(standing(SCRIPT), Standing::Installed);
        assert_eq!(standing(&SCRIPT.replace("exit 3", "exit 0")), Standing::Edited);
        assert_eq!(Standing::of(None, ""), Standing::Absent);
    }

    #[test]
    fn any_other_hook_is_somebodys_own_in_whatever_language() {
        for script in ["#!/usr/bin/env python3\nprint('phone-dir validate')\n", "#!/bin/sh\nexec make lint\n", ""] {
            assert_eq!(standing(script), Standing::Foreign, "{script}");
        }
        assert_eq!(Standing::of(Some(b"\x7fELF\xff\x00"), "0000"), Standing::Foreign);
    }
}
