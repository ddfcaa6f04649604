//! What stands in the hooks folder under a hook's name.

use super::{SCRIPT, Tool, calls};

/// The words by which a script of ours is known, whatever its version.
pub const MARKER: &str = "# phone-dir hook:";

/// What stands under a hook's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookStanding {
    Absent,
    Installed,
    /// A script of ours that was changed.
    Edited,
    /// A hook of the team's own that calls the check.
    Calls,
    /// The script of a tool that manages hooks.
    Managed(Tool),
    Foreign,
}

impl HookStanding {
    pub fn of(content: Option<&[u8]>) -> Self {
        let Some(bytes) = content else { return Self::Absent };
        if bytes == SCRIPT.as_bytes() {
            return Self::Installed;
        }
        let text = String::from_utf8_lossy(bytes);
        if text.contains(MARKER) {
            return Self::Edited;
        }
        if calls::in_text(&text) {
            return Self::Calls;
        }
        Tool::of_script(&text).map_or(Self::Foreign, Self::Managed)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Installed => "installed",
            Self::Edited => "edited",
            Self::Calls => "calls",
            Self::Managed(_) => "managed",
            Self::Foreign => "foreign",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(text: &str) -> HookStanding {
        HookStanding::of(Some(text.as_bytes()))
    }

    #[test]
    fn our_script_is_known_and_an_edit_of_it_too() {
        assert_eq!(standing(SCRIPT), HookStanding::Installed);
        assert_eq!(standing(&SCRIPT.replace("exit 3", "exit 0")), HookStanding::Edited);
        assert_eq!(HookStanding::of(None), HookStanding::Absent);
    }

    #[test]
    fn a_hook_that_calls_the_check_is_as_good_as_ours_whatever_tool_wrote_it() {
        for script in
            ["#!/bin/sh\nphone-dir hook run\n", "#!/bin/sh\n. \"$0/_/husky.sh\"\nexec phone-dir hook run \"$@\"\n"]
        {
            assert_eq!(standing(script), HookStanding::Calls, "{script}");
        }
    }

    #[test]
    fn any_other_hook_is_somebodys_own_in_whatever_language() {
        for script in ["#!/usr/bin/env python3\nprint('phone-dir validate')\n", "#!/bin/sh\nexec make lint\n", ""] {
            assert_eq!(standing(script), HookStanding::Foreign, "{script}");
        }
        assert_eq!(HookStanding::of(Some(b"\x7fELF\xff\x00")), HookStanding::Foreign);
    }
}
