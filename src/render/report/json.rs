//! A report for programs.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::activity::ActivityJson;
use crate::activity::report::ActivityReport;
use crate::capacity::trend::PoolTrend;
use crate::render::decisions::DecisionJson;
use crate::render::escape;
use crate::render::failure::FORMAT_VERSION;
use crate::reporting::report::{Comparison, RecentChange, Report};
use crate::validate::{Diagnostic, Severity};

#[derive(Serialize)]
struct ReportJson<'a> {
    format_version: u32,
    generated: &'a str,
    summary: Summary,
    by_workspace: Map<String, Value>,
    by_type: Map<String, Value>,
    by_provider: Map<String, Value>,
    by_area_code: Vec<Counted<'a>>,
    by_trunk: Vec<Counted<'a>>,
    agents: Vec<AgentJson<'a>>,
    import_methods: Map<String, Value>,
    /// Left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pools: Vec<Value>,
    recent_activity: RecentActivityJson<'a>,
    comparisons: Vec<ComparisonJson<'a>>,
    pending: Vec<DecisionJson<'a>>,
    findings: Option<FindingsJson>,
    recent_changes: Option<Vec<RecentJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<ActivityJson>,
}

#[derive(Serialize)]
struct Summary {
    total_numbers: usize,
    assigned: usize,
    unassigned: usize,
}

#[derive(Serialize)]
struct Counted<'a> {
    name: Option<&'a str>,
    numbers: usize,
}

#[derive(Serialize)]
struct AgentJson<'a> {
    agent_path: &'a str,
    agent_name: Option<&'a str>,
    numbers: usize,
}

#[derive(Serialize)]
#[allow(clippy::struct_field_names)] // the keys of the output
struct RecentActivityJson<'a> {
    last_import: Option<Happened<'a>>,
    last_assignment: Option<Happened<'a>>,
    last_twilio_sync: Option<&'a str>,
}

#[derive(Serialize)]
struct Happened<'a> {
    phone_number: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<&'a str>,
    date: &'a str,
}

#[derive(Serialize)]
struct ComparisonJson<'a> {
    from: &'a str,
    to: &'a str,
    same: usize,
    summary: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct FindingsJson {
    errors: usize,
    warnings: usize,
}

#[derive(Serialize)]
struct RecentJson<'a> {
    commit: &'a str,
    date: &'a str,
    author: &'a str,
    changes: &'a [String],
}

pub fn write(report: &Report<'_>, calls: Option<&ActivityReport>) -> String {
    let activity = &report.activity;
    let json = ReportJson {
        format_version: FORMAT_VERSION,
        generated: report.generated.as_str(),
        summary: Summary {
            total_numbers: report.total,
            assigned: report.assigned,
            unassigned: report.total - report.assigned,
        },
        by_workspace: report
            .workspaces
            .iter()
            .map(|workspace| {
                let (all, assigned) = (workspace.numbers, workspace.assigned);
                let counts = serde_json::json!({ "numbers": all, "assigned": assigned, "unassigned": all - assigned });
                (workspace.name.to_string(), counts)
            })
            .collect(),
        by_type: report.by_type.iter().map(|(kind, count)| (kind.to_string(), (*count).into())).collect(),
        by_provider: report.by_provider.iter().map(|(name, count)| (name.to_string(), (*count).into())).collect(),
        by_area_code: counted(&report.by_area),
        by_trunk: counted(&report.by_trunk),
        agents: report
            .agents
            .iter()
            .map(|agent| AgentJson {
                agent_path: agent.path.as_str(),
                agent_name: agent.name.as_deref(),
                numbers: agent.numbers,
            })
            .collect(),
        import_methods: report.import_methods.iter().map(|(name, count)| (name.to_string(), (*count).into())).collect(),
        pools: report.pools.iter().map(pool).collect(),
        recent_activity: RecentActivityJson {
            last_import: activity
                .import
                .as_ref()
                .map(|(number, date)| happened(number.as_str(), None, date.date.as_str())),
            last_assignment: activity
                .assignment
                .as_ref()
                .map(|(number, agent, date)| happened(number.as_str(), Some(agent), date.date.as_str())),
            last_twilio_sync: activity.twilio_sync.as_ref().map(|time| time.as_str()),
        },
        comparisons: report.comparisons.iter().map(comparison).collect(),
        pending: report.pending.iter().map(DecisionJson::of).collect(),
        findings: report.findings.as_deref().map(findings),
        recent_changes: report.recent.as_ref().map(|recent| recent.iter().map(recent_change).collect()),
        usage: calls.map(ActivityJson::of),
    };
    escape::json_of(&json)
}

fn pool(course: &PoolTrend) -> Value {
    let mut object = Map::new();
    object.insert("name".to_owned(), course.name.as_str().into());
    object.extend(crate::render::pools::counts(&course.tally));
    object.into()
}

fn counted(counts: &[(Option<String>, usize)]) -> Vec<Counted<'_>> {
    counts.iter().map(|(name, numbers)| Counted { name: name.as_deref(), numbers: *numbers }).collect()
}

fn happened<'a>(phone_number: &'a str, agent: Option<&'a str>, date: &'a str) -> Happened<'a> {
    Happened { phone_number, agent, date }
}

fn comparison(comparison: &Comparison) -> ComparisonJson<'_> {
    ComparisonJson {
        from: comparison.from.as_str(),
        to: comparison.to.as_str(),
        same: comparison.same,
        summary: comparison.changes.summary().into_iter().map(|(kind, count)| (kind.as_str(), count)).collect(),
    }
}

fn findings(findings: &[Diagnostic]) -> FindingsJson {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    FindingsJson { errors: count(Severity::Error), warnings: count(Severity::Warning) }
}

fn recent_change(recent: &RecentChange) -> RecentJson<'_> {
    RecentJson {
        commit: &recent.commit,
        date: recent.date.as_str(),
        author: &recent.author,
        changes: &recent.sentences,
    }
}
