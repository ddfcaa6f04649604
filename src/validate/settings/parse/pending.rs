//! `[pending]`: when a decision that Retell does not have is told as a finding.

use chrono::TimeDelta;
use toml::{Spanned, Value};

use super::Table;
use crate::activity::time::length_or_none;
use crate::validate::settings::Settings;

impl Settings {
    /// Takes `[pending]`: `warn_after = "24h"`.
    pub(super) fn take_pending(&mut self, section: Table<Spanned<Value>>) {
        for (key, value) in section {
            if key.get_ref() != "warn_after" {
                self.unknown_key(&key, "`[pending]` has `warn_after = \"24h\"`");
                continue;
            }
            match value.get_ref().as_str().and_then(length_or_none) {
                Some(length) => self.pending_after = Some(TimeDelta::milliseconds(length)),
                None => self.problem("expected a time such as `30m`, `24h` or `7d`", value.span(), None),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_passes_where_the_file_says_nothing() {
        let settings = |text: &str| Settings::of(Some(text.as_bytes()));
        assert_eq!(settings("").warn_after(), TimeDelta::hours(24));
        assert_eq!(settings("[pending]\nwarn_after = \"7d\"\n").warn_after(), TimeDelta::days(7));
        assert_eq!(settings("[pending]\nwarn_after = \"0d\"\n").warn_after(), TimeDelta::zero());
        assert_eq!(settings("[pending]\nwarn_after = 7\nafter = \"1d\"\n").problems.len(), 2);
    }
}
