//! An answer about capacity as Prometheus text, for the textfile collector. No label holds a number or a name of a person.

use std::fmt::Write;

use crate::capacity::{CapacityReport, CapacityVerdict, CrossedThreshold, JudgedGroup, Judgement};
use crate::pools::Category;

/// Writes every figure that is known; what is not known is absent, and never 0.
pub fn write(report: &CapacityReport) -> String {
    let mut text = String::new();
    numbers(report, &mut text);
    thresholds(report, &mut text);
    rates(report, &mut text);
    calls(report, &mut text);
    head(&mut text, "phone_dir_capacity_known", "Whether everything that was asked for could be read.");
    let is_known = report.verdict() != CapacityVerdict::Unknown;
    let _ = writeln!(text, "phone_dir_capacity_known {}", u8::from(is_known));
    text
}

fn head(text: &mut String, name: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
}

/// The labels of a group: every trait, empty where the group does not ask for it.
fn labels(group: &JudgedGroup) -> String {
    let traits = group.stock.group.traits();
    let value = |name: &str| match traits.iter().find(|(known, _)| *known == name) {
        Some((_, Some(value))) => escaped(value),
        Some((_, None)) => "none".to_owned(),
        None => String::new(),
    };
    let label = |name: &str| format!("{name}=\"{}\"", value(name));
    ["pool", "area_code", "type", "country", "workspace"].map(label).join(",")
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn numbers(report: &CapacityReport, text: &mut String) {
    let name = "phone_dir_capacity_numbers";
    head(text, name, "Numbers of a group, by what they are.");
    for group in &report.groups {
        for category in Category::ALL {
            let (labels, count) = (labels(group), group.stock.tally.of(category));
            let _ = writeln!(text, "{name}{{{labels},state=\"{}\"}} {count}", category.as_str());
        }
    }
}

fn thresholds(report: &CapacityReport, text: &mut String) {
    let name = "phone_dir_capacity_free_threshold";
    head(text, name, "Fewer free numbers of a group are an error or a warning.");
    for group in &report.groups {
        let thresholds = group.stock.thresholds;
        for (level, threshold) in [("error", thresholds.min_free), ("warning", thresholds.warn_free)] {
            if let Some(threshold) = threshold {
                let _ = writeln!(text, "{name}{{{},level=\"{level}\"}} {threshold}", labels(group));
            }
        }
    }
    let name = "phone_dir_capacity_threshold_crossed";
    head(text, name, "Whether a threshold of a group is crossed: 1 a warning, 2 an error.");
    for group in &report.groups {
        let _ = writeln!(text, "{name}{{{}}} {}", labels(group), level(&group.judgement));
    }
}

fn level(judgement: &Judgement) -> u8 {
    match judgement.crossed {
        None => 0,
        Some(CrossedThreshold::Warning) => 1,
        Some(CrossedThreshold::Error) => 2,
    }
}

fn rates(report: &CapacityReport, text: &mut String) {
    let name = "phone_dir_capacity_weekly_takings";
    head(text, name, "Numbers of a group taken a week, of the last 12 weeks: the median and the 90th percentile.");
    for group in &report.groups {
        let Some(forecast) = group.outlook.forecast() else { continue };
        for (quantile, rate) in [("0.5", forecast.median), ("0.9", forecast.ninetieth)] {
            let _ = writeln!(text, "{name}{{{},quantile=\"{quantile}\"}} {rate}", labels(group));
        }
    }
    let name = "phone_dir_capacity_empty_timestamp_seconds";
    head(text, name, "When no number of a group is free any more, at the 90th percentile.");
    for group in &report.groups {
        if let Some(day) = group.outlook.forecast().and_then(|forecast| forecast.empty_after) {
            let moment = day.start().to_datetime().timestamp();
            let _ = writeln!(text, "{name}{{{}}} {moment}", labels(group));
        }
    }
}

fn calls(report: &CapacityReport, text: &mut String) {
    type Figure = fn(&crate::capacity::WorkspaceConcurrency) -> Option<u64>;
    let figures: [(&str, &str, Figure); 6] = [
        ("phone_dir_concurrency_calls", "Calls of a workspace under way.", |row| row.read().current),
        ("phone_dir_concurrency_limit", "Calls that a workspace may have at a time.", |row| row.read().limit),
        ("phone_dir_concurrency_reserved_inbound", "Calls at a time that are kept for inbound calls.", |row| {
            row.read().reserved_inbound
        }),
        ("phone_dir_concurrency_burst_limit", "Calls that a workspace may have at a time, at a surcharge.", |row| {
            row.read().burst_limit
        }),
        ("phone_dir_concurrency_peak", "The most calls at a time in the last 30 days.", |row| {
            row.peak.as_ref().and_then(|peak| peak.most)
        }),
        ("phone_dir_concurrency_lost", "Calls lost in the last 30 days because all concurrency was in use.", |row| {
            row.peak.as_ref().map(|peak| peak.lost)
        }),
    ];
    for (name, help, figure) in figures {
        head(text, name, help);
        for judged in &report.concurrency {
            if let Some(value) = figure(&judged.row) {
                let _ = writeln!(text, "{name}{{workspace=\"{}\"}} {value}", judged.row.workspace);
            }
        }
    }
    let name = "phone_dir_concurrency_threshold_crossed";
    head(text, name, "Whether a threshold of a workspace is crossed: 1 a warning, 2 an error.");
    for judged in &report.concurrency {
        let _ = writeln!(text, "{name}{{workspace=\"{}\"}} {}", judged.row.workspace, level(&judged.judgement));
    }
}
