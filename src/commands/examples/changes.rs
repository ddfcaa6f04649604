//! The examples of the commands that change numbers or this clone, in the order in which a test runs them in the demo's
//! project.

use super::CommandExamples;

pub const CHANGES: &[CommandExamples] = &[
    (
        "edit",
        &[
            ("Tag two numbers", "phone-dir edit +14155550101 +14155550102 --add-tag campaign"),
            ("Write a note", "phone-dir edit +14155550101 --notes 'Printed on the invoices'"),
            (
                "Decide who answers, ready for a pull request; no provider is asked",
                "phone-dir edit +14155550101 -w production --inbound-agent agents/survey",
            ),
        ],
    ),
    (
        "plan",
        &[
            ("What `apply` would do, against what is live", "phone-dir plan"),
            ("The same by the last sync, without a key", "phone-dir plan --recorded"),
        ],
    ),
    (
        "plan show",
        &[
            (
                "Plan what git decides against what is live, and look at it",
                "phone-dir plan --output ../plan.json && phone-dir plan show ../plan.json",
            ),
            (
                "For a pull request",
                "phone-dir plan --output ../plan.json && phone-dir plan show ../plan.json --format markdown",
            ),
        ],
    ),
    (
        "apply",
        &[
            ("Bring Retell what git decided and it does not have", "phone-dir apply --yes"),
            ("Look first; nothing is sent", "phone-dir apply --dry-run"),
        ],
    ),
    (
        "phone",
        &[
            ("What Retell has in a workspace now", "phone-dir phone list -w production"),
            ("One number of it", "phone-dir phone get +14155550101 -w production"),
        ],
    ),
    (
        "phone import",
        &[
            (
                "Bring a number into staging, with an agent",
                "phone-dir phone import +13125550107 main-retell.pstn.twilio.com -w staging --inbound-agent agents/sales-agent",
            ),
            (
                "Look first; nothing is sent",
                "phone-dir phone import +13125550107 main-retell.pstn.twilio.com -w production --dry-run",
            ),
        ],
    ),
    (
        "phone update",
        &[
            (
                "Let another agent answer",
                "phone-dir phone update +14155550101 -w staging --inbound-agent agents/sales-agent",
            ),
            (
                "Share the calls between two",
                "phone-dir phone update +14155550101 -w staging --inbound-agent agents/customer-service=0.8,agents/sales-agent=0.2",
            ),
            ("Give it a name for people", "phone-dir phone update +14155550101 -w staging --nickname 'Front Desk'"),
        ],
    ),
    (
        "phone get",
        &[
            ("A number as Retell has it now", "phone-dir phone get +14155550101 -w production"),
            ("The same for a script", "phone-dir phone get +14155550101 -w production --json"),
        ],
    ),
    (
        "phone list",
        &[
            ("What Retell has in a workspace now", "phone-dir phone list -w production"),
            ("The same for a script", "phone-dir phone list -w production --json"),
        ],
    ),
    (
        "phone delete",
        &[
            ("Say what would be lost", "phone-dir phone delete +13125550107 -w staging --dry-run"),
            ("Take a number out of a workspace", "phone-dir phone delete +13125550107 -w staging --yes"),
        ],
    ),
    (
        "bulk-assign",
        &[
            (
                "Replace an agent by another everywhere in staging",
                "phone-dir bulk-assign --from-agent agents/survey --to-agent agents/support-tier1 -w staging --yes",
            ),
            (
                "From a list with the columns phone_number and agent",
                "phone-dir bulk-assign numbers.csv -w staging --yes",
            ),
        ],
    ),
    (
        "bulk-import",
        &[
            ("Look first; nothing is sent", "phone-dir bulk-import new-numbers.csv -w staging --dry-run"),
            (
                "From a list with the columns phone_number and termination_uri",
                "phone-dir bulk-import new-numbers.csv -w staging --yes",
            ),
        ],
    ),
    (
        "promote",
        &[
            (
                "What production would get from staging",
                "phone-dir promote +14155550101 --from staging --to production --dry-run",
            ),
            ("Do it", "phone-dir promote +14155550101 --from staging --to production --yes"),
        ],
    ),
    (
        "rollback",
        &[
            ("Take the last commit back in Retell", "phone-dir rollback HEAD --yes"),
            ("Look at what a number would get back", "phone-dir rollback +14155550101 --to HEAD~1 --dry-run"),
        ],
    ),
    (
        "workspaces",
        &[
            ("Which there are, and where each key comes from", "phone-dir workspaces"),
            ("The same for a script", "phone-dir workspaces --json"),
        ],
    ),
    (
        "workspaces add",
        &[
            ("Look first; nothing is written", "phone-dir workspaces add eu --dry-run"),
            ("A workspace whose numbers the next sync brings", "phone-dir workspaces add eu"),
        ],
    ),
    (
        "workspaces rename",
        &[
            ("Which files would change", "phone-dir workspaces rename eu europe --dry-run"),
            ("Give it the new name everywhere", "phone-dir workspaces rename eu europe"),
        ],
    ),
    (
        "workspaces remove",
        &[
            ("One without numbers", "phone-dir workspaces remove europe"),
            ("What would go with one that has some", "phone-dir workspaces remove staging --dry-run"),
        ],
    ),
    (
        "resolve",
        &[
            ("In a merge: take our side's values of a number", "phone-dir resolve +14155550101 --ours"),
            ("Take their side everywhere", "phone-dir resolve --all --theirs"),
        ],
    ),
    (
        "setup",
        &[
            ("Install the hook and the drivers in this clone", "phone-dir setup"),
            ("Say what it would write", "phone-dir setup --dry-run"),
            ("Take it all back", "phone-dir setup --remove"),
        ],
    ),
    (
        "doctor",
        &[
            ("What is missing on this clone", "phone-dir doctor"),
            ("Whether the keys work, and whose they are", "phone-dir doctor --live"),
            ("The same for a script", "phone-dir doctor --json"),
        ],
    ),
    (
        "hook install",
        &[
            ("Judge what is staged at every commit", "phone-dir hook install"),
            ("In front of another tool's hook", "phone-dir hook install --chain"),
        ],
    ),
    (
        "hook",
        &[
            ("Judge what is staged at every commit", "phone-dir hook install"),
            ("Which hook stands where", "phone-dir hook status"),
        ],
    ),
    (
        "hook status",
        &[
            ("Which hook stands where", "phone-dir hook status"),
            ("The same for a script", "phone-dir hook status --json"),
        ],
    ),
    (
        "hook run",
        &[
            ("Judge what is staged now, as the hook does", "phone-dir hook run"),
            ("Say what is wrong and nothing else, in a hook of your own", "phone-dir hook run --quiet"),
        ],
    ),
    (
        "hook uninstall",
        &[
            ("Put back what was there before", "phone-dir hook uninstall"),
            ("In a script that may run twice", "phone-dir hook uninstall --quiet"),
        ],
    ),
    (
        "completions",
        &[
            ("For bash, in the running shell", "phone-dir completions bash"),
            ("For `retell phone-dir …` in zsh", "phone-dir completions zsh --for retell"),
        ],
    ),
    (
        "version",
        &[
            ("The version, for a report of a fault", "phone-dir version"),
            ("Its number alone, in a script", "phone-dir version | cut -d ' ' -f 2"),
        ],
    ),
    (
        "demo",
        &[
            ("A project to play in", "phone-dir demo ../another-demo"),
            ("The same without the story", "phone-dir demo ../quiet-demo --quiet"),
        ],
    ),
    (
        "sandbox",
        &[
            ("Both providers, for a second terminal", "phone-dir sandbox"),
            ("A large, slow account", "phone-dir sandbox --port 0 --numbers 10000 --latency 100"),
            ("An answer that is cut off", "phone-dir sandbox --fault truncate,provider=retell,nth=1"),
        ],
    ),
    (
        "man",
        &[
            ("Every manual page", "phone-dir man ../man1"),
            ("phone-dir's own; `man -l` shows it", "phone-dir man > ../phone-dir.1"),
        ],
    ),
];
