//! What commands asked of Retell and did not write down, in words.

use crate::plural::counted;
use crate::store::outstanding::OutstandingRequests;

/// How many numbers are named; `status --json` has them all.
const LISTED: usize = 20;

/// What is open and how to settle it, a paragraph for each command and workspace.
pub fn note(open: &[OutstandingRequests]) -> String {
    open.iter().map(of_command).collect()
}

fn of_command(requests: &OutstandingRequests) -> String {
    let OutstandingRequests { source, asked_at, numbers } = requests;
    let of_workspace = |(workspace, numbers): (&_, &std::collections::BTreeSet<_>)| {
        let count = numbers.len();
        let listed: Vec<_> = numbers.iter().take(LISTED).map(ToString::to_string).collect();
        let more = if count > LISTED { format!(" and {} more", count - LISTED) } else { String::new() };
        format!(
            "warning: it is unknown whether Retell made the changes of {} in {workspace} that `{}` began to ask for at \
             {asked_at}: {}{more}. `phone-dir drift -w {workspace}` shows where they differ from the directory, and \
             `phone-dir sync -w {workspace}` brings it in step\n",
            counted(count, "number"),
            super::escape::terminal(source),
            listed.join(", "),
        )
    };
    numbers.iter().map(of_workspace).collect()
}
