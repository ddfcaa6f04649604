//! Every command's examples, in the order in which a test runs them in the demo's project.

use super::Example;

/// The examples of each command, by its words.
pub const EXAMPLES: &[(&str, &[Example])] = &[
    (
        "init",
        &[
            ("Make the files that are missing; nothing that is there is overwritten", "phone-dir init"),
            (
                "Begin a directory elsewhere, for other workspaces than staging and production",
                "phone-dir -C .. init -w eu -w us",
            ),
        ],
    ),
    (
        "sync",
        &[
            ("Follow both providers, and commit what changed", "phone-dir sync --all"),
            ("Look first; nothing is written", "phone-dir sync --all --dry-run"),
            ("One workspace, with the files left for you to commit", "phone-dir sync -w staging --no-commit"),
        ],
    ),
    (
        "sync-twilio",
        &[
            ("Refresh numbers, trunks and SIP settings from Twilio", "phone-dir sync-twilio --all"),
            ("Look first; nothing is written", "phone-dir sync-twilio --dry-run"),
        ],
    ),
    (
        "sync-retell",
        &[
            ("Refresh who answers in production", "phone-dir sync-retell -w production"),
            ("For a script", "phone-dir sync-retell --all --json"),
        ],
    ),
    (
        "status",
        &[
            ("Where things stand, and what to do next", "phone-dir status"),
            ("The same for a script", "phone-dir status --json"),
        ],
    ),
    (
        "drift",
        &[
            ("What a sync would find; nothing is written", "phone-dir drift"),
            ("One workspace, without asking Twilio", "phone-dir drift -w production --provider retell"),
        ],
    ),
    (
        "list",
        &[
            ("Every number, and who answers it", "phone-dir list"),
            ("What an agent answers in production", "phone-dir list -w production --agent agents/sales-agent"),
            (
                "A spreadsheet of chosen columns",
                "phone-dir list --format csv --columns number,workspace,agent,nickname",
            ),
        ],
    ),
    (
        "show",
        &[
            ("One number in full, as people write it", "phone-dir show '(415) 555-0101'"),
            ("The same with nicknames, tags and notes", "phone-dir show +14155550101 -v"),
            ("How it was at an earlier commit", "phone-dir show +14155550101 --at HEAD"),
        ],
    ),
    (
        "agent-numbers",
        &[
            ("Every number of an agent", "phone-dir agent-numbers agents/sales-agent"),
            ("By its name, in one workspace", "phone-dir agent-numbers 'Sales Agent' -w production"),
        ],
    ),
    (
        "unassigned",
        &[
            ("The lines that no voice agent answers", "phone-dir unassigned"),
            ("How many there are in staging", "phone-dir unassigned -w staging --count"),
        ],
    ),
    (
        "search",
        &[
            ("Words of names, notes and tags", "phone-dir search london"),
            ("Numbers of an area code on no trunk", "phone-dir search --area-code 415 --trunk none"),
        ],
    ),
    (
        "trunks",
        &[
            ("Where each trunk sends calls, and its numbers", "phone-dir trunks"),
            ("The same for a script", "phone-dir trunks --json"),
        ],
    ),
    (
        "report",
        &[
            ("The whole directory on one page of text", "phone-dir report"),
            ("A page to open in a browser and to mail", "phone-dir report --output ../phone-numbers.html"),
        ],
    ),
    (
        "usage pull",
        &[
            ("Read the calls since the last time; for cron too", "phone-dir usage pull"),
            (
                "Further back, in one workspace; then ask `phone-dir usage`",
                "phone-dir usage pull -w production --since 180d",
            ),
        ],
    ),
    (
        "usage call",
        &[("Who answered that call, and who had bound it", "phone-dir usage call call_0e85ada273c4fefd7d3d661d5d6")],
    ),
    ("usage export", &[("The calls that are kept, for a spreadsheet", "phone-dir usage export --output ../calls.csv")]),
    (
        "usage doctor",
        &[("Whether the store is whole, and for which time it knows the calls", "phone-dir usage doctor")],
    ),
    (
        "usage forget",
        &[("Erase calls before their time; their counts stay", "phone-dir usage forget --older-than 30d")],
    ),
    ("cost prices", &[("Keep Twilio's price list; then ask `phone-dir cost`", "phone-dir cost prices")]),
    ("cost reconcile", &[("What of Twilio's bill the numbers explain", "phone-dir cost reconcile")]),
    (
        "webhook serve",
        &[
            (
                "Receive events behind a proxy on this machine, with the live page",
                "phone-dir webhook serve --admin 127.0.0.1:8788",
            ),
            ("And read every quarter of an hour what no event told of", "phone-dir webhook serve --pull 15m"),
        ],
    ),
    (
        "webhook verify",
        &[(
            "Whose key signed an event that was kept aside",
            "phone-dir webhook verify --body event.json --signature v=1763553665123,d=…",
        )],
    ),
    ("webhook status", &[("When the last events came, and what they missed", "phone-dir webhook status")]),
    (
        "diff",
        &[
            ("Does production still match staging?", "phone-dir diff staging production"),
            ("What changed since an earlier commit", "phone-dir diff HEAD~1"),
            ("What a sync would change", "phone-dir diff @live"),
        ],
    ),
    (
        "history",
        &[
            ("Every change, in words, newest first", "phone-dir history"),
            ("When one number moved in production", "phone-dir history +14155550101 -w production"),
            (
                "The changes of an agent of two weeks, for a script",
                "phone-dir history --agent agents/sales-agent --since '2 weeks ago' --json",
            ),
        ],
    ),
    (
        "blame",
        &[
            ("Which commit set each field of a number", "phone-dir blame +14155550101"),
            ("The same for a script", "phone-dir blame +14155550101 --json"),
        ],
    ),
    (
        "validate",
        &[
            ("Check the files on disk", "phone-dir validate"),
            ("Check what the next commit would have", "phone-dir validate --staged"),
            ("Check each commit of a range, as CI does", "phone-dir validate --range HEAD~1..HEAD --format github"),
        ],
    ),
    (
        "rules",
        &[("Every rule, on a line each", "phone-dir rules"), ("The same for a script", "phone-dir rules --json")],
    ),
    (
        "explain",
        &[
            ("What a finding means, and how to mend it", "phone-dir explain orphaned-assignment"),
            ("Another one", "phone-dir explain missing-in-workspace"),
        ],
    ),
    (
        "fmt",
        &[
            ("Rewrite the files to their canonical form", "phone-dir fmt"),
            ("Say whether they have it", "phone-dir fmt --check"),
        ],
    ),
    (
        "schema",
        &[
            ("Which schemas there are", "phone-dir schema"),
            ("One of them, for an editor", "phone-dir schema directory > ../directory.schema.json"),
        ],
    ),
    (
        "edit",
        &[
            ("Tag two numbers", "phone-dir edit +14155550101 +14155550102 --add-tag campaign"),
            ("Write a note", "phone-dir edit +14155550101 --notes 'Printed on the invoices'"),
            (
                "Decide who answers, ready for a pull request; nobody is asked",
                "phone-dir edit +14155550101 -w production --inbound-agent agents/survey",
            ),
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
        "pools create",
        &[(
            "Make a pool of staging",
            "phone-dir pools create sales --purpose 'Outbound campaigns' --owner team-sales -w staging",
        )],
    ),
    ("pools edit", &[("Let its numbers rest for two weeks", "phone-dir pools edit sales --rest 14d")]),
    ("pools add", &[("Put numbers into it", "phone-dir pools add sales +14155550110 +16505550114 +16465550109")]),
    (
        "pools reserve",
        &[
            (
                "Keep a number for something",
                "phone-dir pools reserve +16505550114 --until 2099-12-31 --for 'a campaign'",
            ),
            ("Give it back", "phone-dir pools reserve +16505550114 --clear"),
        ],
    ),
    (
        "pools allocate",
        &[(
            "Show which number would be taken, and why that one",
            "phone-dir pools allocate sales --agent agents/sales-agent -w staging --explain --dry-run",
        )],
    ),
    ("pools release", &[("Look first; nothing is sent", "phone-dir pools release +16465550109 -w staging --dry-run")]),
    ("pools retire", &[("Take a number out of use", "phone-dir pools retire +16465550109 --for 'reported as spam'")]),
    ("pools remove", &[("Take a number out of a pool", "phone-dir pools remove sales +16465550109")]),
    ("pools delete", &[("Take a pool away; its numbers stay", "phone-dir pools delete sales --with-members")]),
    (
        "capacity find",
        &[("What Twilio would sell in an area code, and for how much", "phone-dir capacity find --area-code 415")],
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
    ("hook uninstall", &[("Put back what was there before", "phone-dir hook uninstall")]),
    ("hook status", &[("Which hook stands where", "phone-dir hook status")]),
    ("hook run", &[("Judge what is staged now, as the hook does", "phone-dir hook run")]),
    (
        "completions",
        &[
            ("For bash, in the running shell", "phone-dir completions bash"),
            ("For `retell phone-dir …` in zsh", "phone-dir completions zsh --for retell"),
        ],
    ),
    ("version", &[("The version, for a report of a fault", "phone-dir version")]),
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
            ("Calls on its lines", "phone-dir sandbox --calls 200/day"),
            ("An answer that is cut off", "phone-dir sandbox --fault truncate,provider=retell,nth=1"),
        ],
    ),
    ("man", &[("Every manual page", "phone-dir man ../man1")]),
];
