//! Reading `phone-dir.toml`: what can be understood counts, and the rest is reported with its place.

mod activity;
mod capacity;
mod cost;
mod lists;
mod pending;

use std::ops::Range;

use chrono::NaiveDate;
use serde::Deserialize;
use toml::{Spanned, Value};

use super::{Level, Problem, Settings, Waiver};
use crate::model::PhoneNumber;
use crate::model::path_pattern::PathPattern;
use crate::reconcile::rails::Limits;
use crate::validate::rule::Severity;
use crate::validate::rules;

type Table<T> = std::collections::BTreeMap<Spanned<String>, T>;

#[derive(Default, Deserialize)]
struct File {
    #[serde(default)]
    rules: Table<Spanned<Value>>,
    #[serde(default)]
    waivers: Vec<Spanned<WaiverTable>>,
    #[serde(default)]
    rails: Table<Spanned<Value>>,
    #[serde(default)]
    workspaces: Table<Spanned<Value>>,
    #[serde(default)]
    sip: Table<Spanned<Value>>,
    #[serde(default)]
    pending: Table<Spanned<Value>>,
    #[serde(default)]
    projects: Table<Spanned<Value>>,
    #[serde(default)]
    cost: Table<Spanned<Value>>,
    #[serde(default)]
    usage: Table<Spanned<Value>>,
    capacity: Option<Spanned<capacity::CapacityTable>>,
    #[serde(flatten)]
    unknown: std::collections::BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WaiverTable {
    rule: Spanned<String>,
    phone_number: Spanned<String>,
    reason: Spanned<String>,
    expires: Spanned<Value>,
}

/// Reads the text of a settings file.
pub fn settings(bytes: &[u8]) -> Settings {
    let mut settings = Settings { text: bytes.to_vec(), ..Settings::default() };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.valid_up_to();
            settings.problem("it is not UTF-8", at..at + 1, None);
            return settings;
        }
    };
    match toml::from_str::<File>(text) {
        Ok(file) => settings.take(file, text),
        Err(error) => settings.problem(error.message(), error.span().unwrap_or(0..0), None),
    }
    settings
}

impl Settings {
    fn problem(&mut self, message: &str, span: Range<usize>, help: Option<String>) {
        self.problems.push(Problem { message: message.trim_end().to_owned(), span, help });
    }

    fn take(&mut self, file: File, text: &str) {
        for name in file.unknown.keys() {
            let at = text.find(name.as_str()).unwrap_or_default();
            let help = Some(
                "the sections are `[rules]`, `[[waivers]]`, `[rails]`, `[projects]`, `[workspaces]`, `[pending]`, `[sip]`, `[usage]`, `[cost]` and `[capacity]`"
                    .to_owned(),
            );
            self.problem(&format!("unknown section `{name}`"), at..at + name.len(), help);
        }
        for (code, level) in file.rules {
            self.take_level(&code, &level);
        }
        for waiver in file.waivers {
            self.take_waiver(waiver.span(), waiver.get_ref());
        }
        for (name, fraction) in file.rails {
            self.take_rail(&name, &fraction);
        }
        self.take_workspaces(file.workspaces);
        self.take_sip(file.sip);
        self.take_usage(file.usage);
        self.take_cost(file.cost);
        if let Some(capacity) = file.capacity {
            self.take_capacity(capacity);
        }
        self.take_pending(file.pending);
        for (name, value) in file.projects {
            self.take_projects(&name, &value);
        }
        self.problems.sort_by_key(|problem| problem.span.start);
    }

    fn rule(&mut self, code: &Spanned<String>) -> Option<&'static str> {
        let rule = rules::named(code.get_ref());
        if rule.is_none() {
            let nearest = rules::nearest(code.get_ref());
            let help = nearest.map_or_else(
                || "`phone-dir rules` lists the codes".to_owned(),
                |nearest| format!("did you mean `{nearest}`?"),
            );
            self.problem(&format!("there is no rule `{}`", code.get_ref()), code.span(), Some(help));
        }
        rule.map(|rule| rule.code)
    }

    fn take_level(&mut self, code: &Spanned<String>, level: &Spanned<Value>) {
        let Some(rule) = self.rule(code) else { return };
        let level = match level.get_ref().as_str() {
            Some("off") => Level::Off,
            Some("warning") => Level::On(Severity::Warning),
            Some("error") => Level::On(Severity::Error),
            _ => return self.problem("expected `off`, `warning` or `error`", level.span(), None),
        };
        if level == Level::Off && rule == rules::settings::RULE.code {
            let help = Some("it is what tells that a setting means nothing; `warning` lets a commit pass".to_owned());
            return self.problem("`settings` cannot be switched off", code.span(), help);
        }
        self.levels.insert(rule, level);
    }

    fn take_waiver(&mut self, span: Range<usize>, waiver: &WaiverTable) {
        let rule = self.rule(&waiver.rule);
        let number = PhoneNumber::parse(waiver.phone_number.get_ref());
        if let Err(error) = &number {
            self.problem(&error.to_string(), waiver.phone_number.span(), None);
        }
        let expires = day(waiver.expires.get_ref());
        if expires.is_none() {
            self.problem("expected a day such as `2026-03-31`", waiver.expires.span(), None);
        }
        let reason = waiver.reason.get_ref().trim();
        if reason.is_empty() {
            let help = Some("a waiver says why the finding is acceptable".to_owned());
            self.problem("the reason is empty", waiver.reason.span(), help);
        }
        if let (Some(rule), Ok(phone_number), Some(expires)) = (rule, number, expires) {
            self.waivers.push(Waiver { rule, phone_number, reason: reason.to_owned(), expires, span });
        }
    }

    fn take_rail(&mut self, name: &Spanned<String>, fraction: &Spanned<Value>) {
        let Limits { removals, twilio_loss, unknown_agents } = &mut self.rails;
        let rail = match name.get_ref().as_str() {
            "removals" => removals,
            "twilio-loss" => twilio_loss,
            "unknown-agents" => unknown_agents,
            unknown => {
                let help = Some("the rails are `removals`, `twilio-loss` and `unknown-agents`".to_owned());
                return self.problem(&format!("there is no rail `{unknown}`"), name.span(), help);
            }
        };
        let number = match fraction.get_ref() {
            Value::Float(number) => Some(*number),
            Value::Integer(0) => Some(0.0),
            Value::Integer(1) => Some(1.0),
            _ => None,
        };
        match number.filter(|number| (0.0..=1.0).contains(number)) {
            Some(number) => *rail = number,
            None => self.problem("expected a fraction from 0 to 1", fraction.span(), None),
        }
    }
}

impl Settings {
    fn take_projects(&mut self, name: &Spanned<String>, value: &Spanned<Value>) {
        if name.get_ref() != "ignore" {
            let help = Some("`[projects]` has `ignore = [\"tests/**\"]`".to_owned());
            return self.problem(&format!("there is no setting `{}`", name.get_ref()), name.span(), help);
        }
        let pattern = |value: &Value| PathPattern::parse(value.as_str()?);
        let patterns = value.get_ref().as_array().map(|list| list.iter().map(pattern).collect::<Option<Vec<_>>>());
        match patterns.flatten() {
            Some(patterns) => self.ignored_projects = patterns,
            None => self.problem("expected a list of patterns such as `[\"tests/**\"]`", value.span(), None),
        }
    }
}

/// A day, as TOML's own or as a text.
fn day(value: &Value) -> Option<String> {
    let text = match value {
        Value::Datetime(moment) => moment.date?.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok()?.to_string();
    (day == text && day.len() == 10).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<(String, String)> {
        let problems = settings(text.as_bytes()).problems.into_iter();
        problems.map(|problem| (problem.message, text[problem.span].to_owned())).collect()
    }

    #[test]
    fn everything_of_a_good_file_counts() {
        let text = "[rules]\nnot-canonical = \"off\"\nnumbering-plan = \"error\"\n[rails]\nremovals = 0.5\n\
                    [[waivers]]\nrule = \"numbering-plan\"\nphone_number = \"+14155550123\"\n\
                    reason = \"a new range\"\nexpires = 2026-03-31\n";
        let settings = settings(text.as_bytes());
        assert_eq!(settings.problems, []);
        assert_eq!(settings.level(&rules::not_canonical::RULE), Level::Off);
        assert_eq!(settings.level(&rules::numbering_plan::RULE), Level::On(Severity::Error));
        assert!((settings.rails.removals - 0.5).abs() < f64::EPSILON);
        assert_eq!(settings.waivers[0].expires, "2026-03-31");
    }

    #[test]
    fn what_cannot_be_understood_is_reported_at_its_place() {
        let found =
            problems("[rules]\norphaned-asignment = \"off\"\nweights = \"loud\"\n[rails]\nx = 1\nremovals = 2.0\n");
        assert_eq!(
            found,
            [
                ("there is no rule `orphaned-asignment`".to_owned(), "orphaned-asignment".to_owned()),
                ("expected `off`, `warning` or `error`".to_owned(), "\"loud\"".to_owned()),
                ("there is no rail `x`".to_owned(), "x".to_owned()),
                ("expected a fraction from 0 to 1".to_owned(), "2.0".to_owned()),
            ]
        );
        assert_eq!(problems("[rules").len(), 1);
        assert_eq!(problems("[colours]\na = 1\n")[0].1, "colours");
    }

    #[test]
    fn protected_workspaces_and_hosts_are_lists() {
        let protected =
            |text: &str| settings(text.as_bytes()).protected.names().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(protected(""), ["production"]);
        assert_eq!(protected("[workspaces]\nprotected = [\"live\", \"eu\"]\n"), ["eu", "live"]);
        assert_eq!(protected("[workspaces]\nprotected = []\n"), [] as [&str; 0]);
        let found =
            problems("[workspaces]\nprotected = \"live\"\nprotect = 1\n[sip]\nhosts = [\"sip:sbc.example.com\"]\n");
        let places: Vec<_> = found.iter().map(|(_, place)| place.as_str()).collect();
        assert_eq!(places, ["\"live\"", "protect", "[\"sip:sbc.example.com\"]"]);
        assert_eq!(protected("[workspaces]\nprotected = [\"a/b\"]\n"), ["production"]);
        assert!(settings(b"[sip]\nhosts = [\"SBC.example.com\"]\n").sip_hosts.contains("sbc.example.com"));
    }

    #[test]
    fn projects_further_in_are_ignored_by_pattern() {
        let settings = settings(b"[projects]\nignore = [\"tests/**\", \"old\"]\n");
        assert_eq!(settings.problems, []);
        assert!(settings.ignores_project("tests/fixtures/eu/") && settings.ignores_project("old"));
        assert!(!settings.ignores_project("eu/"));
        for (text, place) in
            [("ignore = \"tests\"", "\"tests\""), ("ignore = [\"/x\"]", "[\"/x\"]"), ("skip = []", "skip")]
        {
            assert_eq!(problems(&format!("[projects]\n{text}\n"))[0].1, place, "{text}");
        }
    }

    #[test]
    fn a_waiver_counts_through_its_last_day() {
        let text = "[[waivers]]\nrule = \"weights\"\nphone_number = \"+14155550123\"\nreason = \"x\"\nexpires = \"2026-03-31\"\n";
        let waiver = settings(text.as_bytes()).waivers.remove(0);
        let at = |text: &str| waiver.is_expired(crate::model::Timestamp::parse(text).unwrap());
        assert!(!at("2026-03-31T23:59:59Z"));
        assert!(at("2026-04-01T00:00:00Z"));
    }
}
