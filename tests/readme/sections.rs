//! What stands between `<!-- NAME -->` and `<!-- /NAME -->` in a page: tables and texts that the program knows.

use std::fmt::Write;

use clap::CommandFactory;
use phone_dir::commands::cli::{self, Cli};
use phone_dir::commands::reference::{ENVIRONMENT, EXIT_CODES, FILES};
use phone_dir::reconcile::rails::COVERED;
use phone_dir::sandbox::FAULT_KINDS;
use phone_dir::validate::RULES;

use super::terminal::FENCE;

/// The demo's steps that the README shows, each from a line to another; the tour shows all of them.
const EXCERPT: [(&str, &str); 3] = [
    ("# The other way round", "Committed "),
    ("# Bring it to Retell", "Committed "),
    ("# And git", "    +14155550104 reassigned"),
];

/// Every generated part by its name, made from one run of the demo.
pub fn all(demo: &str) -> Vec<(&'static str, String)> {
    vec![
        ("commands", commands()),
        ("exit-codes", exit_codes()),
        ("environment", environment()),
        ("files", files()),
        ("rails", rails()),
        ("rules", rules()),
        ("explanations", explanations()),
        ("faults", faults()),
        ("demo", fenced(demo.trim_start())),
        ("demo-excerpt", fenced(&excerpt(demo))),
    ]
}

/// Replaces what stands between the two marks of a name, where the page has them.
pub fn with_section(text: &str, name: &str, content: &str) -> Option<String> {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = text.split_once(&begin)?;
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("`{begin}` has no `{end}`"));
    Some(format!("{before}{begin}\n{content}\n{end}{after}"))
}

fn fenced(text: &str) -> String {
    format!("{FENCE}text\n{text}{FENCE}\n")
}

fn excerpt(demo: &str) -> String {
    let parts = EXCERPT.map(|(first, last)| {
        let from = demo.lines().skip_while(|line| !line.starts_with(first)).collect::<Vec<_>>();
        let until = from.iter().position(|line| line.starts_with(last));
        from[..=until.unwrap_or_else(|| panic!("the demo prints no `{last}` after `{first}`"))].join("\n")
    });
    parts.join("\n\n") + "\n"
}

/// A text within a table: what GitHub's Markdown would read as something else is kept as text.
fn cell(text: &str) -> String {
    plain(text).replace('|', "\\|")
}

/// A text outside of tables: `<` is escaped, except in code, where Markdown shows it as it stands.
fn plain(text: &str) -> String {
    let parts = text.split('`').zip([false, true].into_iter().cycle());
    let kept = parts.map(|(part, is_code)| if is_code { part.to_owned() } else { part.replace('<', "&lt;") });
    kept.collect::<Vec<_>>().join("`")
}

/// A table of commands below each heading of the help.
fn commands() -> String {
    let known = Cli::command();
    let about =
        |name: &str| known.find_subcommand(name).and_then(|command| command.get_about().map(ToString::to_string));
    let groups = cli::groups().into_iter().map(|(heading, names)| {
        let rows = names.iter().map(|name| format!("| `{name}` | {} |\n", cell(&about(name).unwrap_or_default())));
        format!("| {heading} | |\n| --- | --- |\n{}", rows.collect::<String>())
    });
    groups.collect::<Vec<_>>().join("\n")
}

fn exit_codes() -> String {
    let rows = EXIT_CODES.iter().map(|(code, what)| format!("| {code} | {} |\n", cell(what)));
    format!("| Code | Meaning |\n| --- | --- |\n{}", rows.collect::<String>())
}

fn environment() -> String {
    let rows = ENVIRONMENT.iter().map(|(names, what)| format!("| {} | {} |\n", names_in_code(names), cell(what)));
    format!("| Variable | |\n| --- | --- |\n{}", rows.collect::<String>())
}

fn files() -> String {
    let rows =
        FILES.iter().map(|(names, what, git)| format!("| {} | {} | {git} |\n", names_in_code(names), cell(what)));
    format!("| File | What it holds | Committed |\n| --- | --- | --- |\n{}", rows.collect::<String>())
}

fn names_in_code(names: &str) -> String {
    names.split(", ").map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn rules() -> String {
    let mut table = "| Rule | | |\n| --- | --- | --- |\n".to_owned();
    for rule in RULES {
        writeln!(table, "| [`{0}`](#{0}) | {1} | {2} |", rule.code, rule.severity, cell(rule.summary)).unwrap();
    }
    table
}

/// What `phone-dir explain` says of every rule, as sections of a page.
fn explanations() -> String {
    let sections = RULES.iter().map(|rule| {
        let explanation = &rule.explanation;
        let paragraphs = [
            format!("## {}\n\n*{}.* {}.", rule.code, capitalised(rule.severity.as_str()), plain(rule.summary)),
            plain(explanation.what),
            format!("- **Why:** {}", plain(explanation.why)),
            format!("- **Example:** {}", plain(explanation.example)),
            format!("- **Fix:** {}", plain(explanation.fix)),
        ];
        let [heading, what, why, example, fix] = paragraphs;
        format!("{heading}\n\n{what}\n\n{why}\n{example}\n{fix}\n")
    });
    sections.collect::<Vec<_>>().join("\n")
}

fn capitalised(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

fn rails() -> String {
    let mut table =
        "| A sync is refused that would leave | Flag | Share in `[rails]` |\n| --- | --- | --- |\n".to_owned();
    for rail in COVERED {
        let setting = rail.setting.map_or_else(|| "–".to_owned(), |name| format!("`{name}`"));
        writeln!(table, "| {} | `{}` | {setting} |", cell(rail.what), rail.flag).unwrap();
    }
    table
}

fn faults() -> String {
    let mut table = "| Fault | |\n| --- | --- |\n".to_owned();
    for (kind, effect) in FAULT_KINDS {
        writeln!(table, "| `{kind}` | {} |", cell(effect)).unwrap();
    }
    table
}
