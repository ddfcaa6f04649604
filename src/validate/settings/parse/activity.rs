//! Reading the section about calls: lengths of time.

use toml::{Spanned, Value};

use super::{Settings, Table};
use crate::activity::time::length;
use crate::validate::settings::UsageSettings;

impl Settings {
    pub(super) fn take_usage(&mut self, section: Table<Spanned<Value>>) {
        for (name, value) in section {
            let (slot, least) = match name.get_ref().as_str() {
                "keep_calls" => (&mut self.usage.keep_calls, UsageSettings::LEAST_KEPT),
                "stale_after" => (&mut self.usage.stale_after, 1),
                _ => {
                    self.unknown_key(&name, "`[usage]` has `keep_calls = \"90d\"` and `stale_after = \"1d\"`");
                    continue;
                }
            };
            if let Some(length) = value.get_ref().as_str().and_then(length).filter(|length| *length >= least) {
                *slot = length;
            } else {
                let help = "a length of time such as `90d` or `12h`; calls are kept for 7 days at least";
                self.problem("expected a length of time", value.span(), Some(help.to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::activity::time::{DAY, HOUR};
    use crate::validate::Settings;

    #[test]
    fn lengths_of_time_count_and_others_are_reported() {
        let settings = |text: &str| Settings::of(Some(text.as_bytes()));
        let good = settings("[usage]\nkeep_calls = \"30d\"\nstale_after = \"6h\"\n");
        assert_eq!((good.usage.keep_calls, good.usage.stale_after, good.problems.len()), (30 * DAY, 6 * HOUR, 0));
        for bad in ["keep_calls = \"1d\"", "keep_calls = 30", "stale_after = \"soon\"", "callers = \"all\""] {
            let bad = settings(&format!("[usage]\n{bad}\n"));
            assert_eq!((bad.problems.len(), bad.usage.keep_calls), (1, 90 * DAY));
        }
    }
}
