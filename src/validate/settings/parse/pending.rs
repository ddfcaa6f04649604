//! `[pending]`: when a decision that Retell does not have is told as a finding.

use chrono::TimeDelta;
use toml::{Spanned, Value};

use super::Table;
use crate::validate::settings::Settings;

impl Settings {
    /// Takes `[pending]`: `warn_after = "24h"`.
    pub(super) fn take_pending(&mut self, section: Table<Spanned<Value>>) {
        for (key, value) in section {
            if key.get_ref() != "warn_after" {
                self.unknown_key(&key, "`[pending]` has `warn_after = \"24h\"`");
                continue;
            }
            match value.get_ref().as_str().and_then(duration) {
                Some(duration) => self.pending_after = Some(duration),
                None => self.problem("expected a time such as `30m`, `24h` or `7d`", value.span(), None),
            }
        }
    }
}

/// Reads a whole number of minutes, hours or days.
fn duration(text: &str) -> Option<TimeDelta> {
    let (count, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let count: u32 = count.parse().ok().filter(|_| count.bytes().all(|byte| byte.is_ascii_digit()))?;
    match unit {
        "m" => Some(TimeDelta::minutes(count.into())),
        "h" => Some(TimeDelta::hours(count.into())),
        "d" => Some(TimeDelta::days(count.into())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_with_its_unit() {
        assert_eq!(duration("24h"), Some(TimeDelta::hours(24)));
        assert_eq!((duration("30m"), duration("0d")), (Some(TimeDelta::minutes(30)), Some(TimeDelta::zero())));
        for bad in ["", "h", "24", "+1h", "1w", "1.5h", "99999999999h", "24 h", "24ä"] {
            assert_eq!(duration(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_day_passes_where_the_file_says_nothing() {
        let settings = |text: &str| Settings::of(Some(text.as_bytes()));
        assert_eq!(settings("").warn_after(), TimeDelta::hours(24));
        assert_eq!(settings("[pending]\nwarn_after = \"7d\"\n").warn_after(), TimeDelta::days(7));
        assert_eq!(settings("[pending]\nwarn_after = 7\nafter = \"1d\"\n").problems.len(), 2);
    }
}
