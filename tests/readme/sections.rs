//! What stands between `<!-- NAME -->` and `<!-- /NAME -->` in a page: tables and texts that the program knows.

use std::fmt::Write;

use clap::CommandFactory;
use phone_dir::cli::Cli;
use phone_dir::reconcile::rails::COVERED;
use phone_dir::sandbox::FAULT_KINDS;
use phone_dir::validate::RULES;

use super::terminal::FENCE;

/// The demo's steps that the README shows; the tour shows all of them.
const EXCERPT: [(&str, &str); 2] = [("# Meanwhile", "# Does production"), ("# And git", "7b22a97")];

/// Every generated part by its name, made from one run of the demo.
pub fn all(demo: &str) -> Vec<(&'static str, String)> {
    vec![
        ("commands", commands()),
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
    let parts = EXCERPT.map(|(from, to)| {
        let start = demo.find(from).unwrap_or_else(|| panic!("the demo prints no `{from}`"));
        let length = demo[start..].find(to).unwrap_or_else(|| panic!("the demo prints no `{to}` after `{from}`"));
        demo[start..start + length].trim_end().to_owned()
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

fn commands() -> String {
    let mut table = "| Command | |\n| --- | --- |\n".to_owned();
    let cli = Cli::command();
    for command in cli.get_subcommands() {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        writeln!(table, "| `{}` | {} |", command.get_name(), cell(&about)).unwrap();
    }
    table
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
