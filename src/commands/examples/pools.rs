//! The examples of the commands about pools and free numbers, in the order in which a test runs them in the demo's project,
//! before those that give numbers other agents.

use super::CommandExamples;

pub const POOLS: &[CommandExamples] = &[
    (
        "pools create",
        &[
            (
                "Make a pool of staging",
                "phone-dir pools create sales --purpose 'Outbound campaigns' --owner team-sales -w staging",
            ),
            (
                "Look first; nothing is written",
                "phone-dir pools create support --purpose 'Support lines' --rest 30d --dry-run",
            ),
        ],
    ),
    (
        "pools edit",
        &[
            ("Let its numbers rest for two weeks", "phone-dir pools edit sales --rest 14d"),
            ("Give it to another team", "phone-dir pools edit sales --owner team-west"),
        ],
    ),
    (
        "pools add",
        &[
            ("Put numbers into it", "phone-dir pools add sales +14155550110 +16505550114 +16465550109"),
            (
                "Those that the filters of `search` find; look first",
                "phone-dir pools add sales --area-code 415 --unassigned --dry-run",
            ),
        ],
    ),
    (
        "pools",
        &[
            ("What is free, in service and resting, by pool", "phone-dir pools"),
            ("Each number of a pool, and what keeps it from being taken", "phone-dir pools sales"),
        ],
    ),
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
        &[
            (
                "Show which number would be taken, and why that one",
                "phone-dir pools allocate sales --agent agents/sales-agent -w staging --explain --dry-run",
            ),
            (
                "Write a plan for `apply`",
                "phone-dir pools allocate sales --agent agents/sales-agent -w staging --plan ../allocation.json",
            ),
        ],
    ),
    (
        "pools release",
        &[
            ("Look first; nothing is sent", "phone-dir pools release +16465550109 -w staging --dry-run"),
            ("The same for a script", "phone-dir pools release +16465550109 -w staging --dry-run --json"),
        ],
    ),
    (
        "pools retire",
        &[
            ("Look first", "phone-dir pools retire +16465550109 --for 'reported as spam' --dry-run"),
            ("Take a number out of use", "phone-dir pools retire +16465550109 --for 'reported as spam'"),
        ],
    ),
    (
        "pools remove",
        &[
            ("Look first", "phone-dir pools remove sales --area-code 646 --dry-run"),
            ("Take a number out of a pool", "phone-dir pools remove sales +16465550109"),
        ],
    ),
    (
        "capacity",
        &[
            ("How many numbers are free, and for how long still", "phone-dir capacity"),
            ("By area code, for a script", "phone-dir capacity --by area --json"),
        ],
    ),
    (
        "capacity find",
        &[
            ("What Twilio would sell in an area code, and for how much", "phone-dir capacity find --area-code 415"),
            ("Toll-free numbers, for a script", "phone-dir capacity find --type toll-free --json"),
        ],
    ),
    (
        "pools delete",
        &[
            ("Look first", "phone-dir pools delete sales --with-members --dry-run"),
            ("Take a pool away; its numbers stay", "phone-dir pools delete sales --with-members"),
        ],
    ),
];
