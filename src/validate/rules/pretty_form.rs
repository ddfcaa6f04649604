//! What follows from a number alone: its national format, area code and country.

use crate::model::{PhoneNumber, numbering};
use crate::validate::context::{Context, number_field};
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "pretty-form",
    severity: Severity::Error,
    summary: "Pretty form, area code and country follow from the number",
    passed: "All pretty forms are right",
    heading: Heading::Counted("pretty form is wrong", "pretty forms are wrong"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Master, Reads::Registries],
    explanation: Explanation {
        what: "`phone_number_pretty` is the national format, `area_code` the national destination code and `country_code` the country, as libphonenumber's metadata has them.",
        why: "People read the pretty form and search by area code; a wrong one sends them to another number.",
        example: "An entry was copied, and its `phone_number_pretty` still shows the other number.",
        fix: "`phone-dir validate --fix` recomputes them.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (number, entry) in &context.directory.master.numbers {
        let facts = numbering::describe(*number);
        let field = |name: &str| number_field(*number, name);
        compare(*number, "phone_number_pretty", Some(&entry.phone_number_pretty), Some(&facts.pretty), field, findings);
        compare(*number, "area_code", entry.area_code.as_ref(), facts.area_code.as_ref(), field, findings);
        compare(*number, "country_code", entry.country_code.as_ref(), facts.country_code.as_ref(), field, findings);
    }
    for (workspace, row, (index, registered)) in context.registered_rows() {
        let facts = numbering::describe(row.number);
        let start = findings.len();
        let field = |name: &str| workspace.registered_field(index, name);
        compare(
            row.number,
            "phone_number_pretty",
            Some(&registered.phone_number_pretty),
            Some(&facts.pretty),
            field,
            findings,
        );
        for finding in &mut findings[start..] {
            finding.workspace = Some(workspace.name.clone());
        }
    }
}

fn compare(
    number: PhoneNumber,
    name: &str,
    written: Option<&String>,
    right: Option<&String>,
    field: impl Fn(&str) -> Place,
    findings: &mut Vec<Finding>,
) {
    if written == right {
        return;
    }
    let quoted = |value: Option<&String>| value.map_or_else(|| "null".to_owned(), |value| format!("`{value}`"));
    let message = format!("{number} has `{name}` {}, and should have {}", quoted(written), quoted(right));
    findings.push(Finding::new(&RULE, field(name), message).number(number).help("run `phone-dir validate --fix`"));
}
