//! The examples of the commands that keep the directory in step and answer, in the order in which a test runs them in the
//! demo's project, before those that change it.

use super::CommandExamples;

pub const QUESTIONS: &[CommandExamples] = &[
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
        "usage",
        &[
            ("The calls of each number in the last 30 days", "phone-dir usage"),
            ("Those of each agent of production", "phone-dir usage --by agent -w production"),
        ],
    ),
    (
        "usage call",
        &[
            ("Who answered that call, and who had bound it", "phone-dir usage call call_0e85ada273c4fefd7d3d661d5d6"),
            ("The same for a script", "phone-dir usage call call_0e85ada273c4fefd7d3d661d5d6 --json"),
        ],
    ),
    (
        "usage export",
        &[
            ("The calls that are kept, for a spreadsheet", "phone-dir usage export --output ../calls.csv"),
            ("Those of production as JSON, one a line", "phone-dir usage export -w production --format jsonl"),
        ],
    ),
    (
        "usage doctor",
        &[
            ("Whether the store is whole, and for which time it knows the calls", "phone-dir usage doctor"),
            ("The same for a script", "phone-dir usage doctor --json"),
        ],
    ),
    (
        "usage forget",
        &[
            ("Erase calls before their time; their counts stay", "phone-dir usage forget --older-than 30d"),
            ("Tell a script how many there were", "phone-dir usage forget --older-than 14d --json"),
        ],
    ),
    (
        "cost prices",
        &[
            ("Keep Twilio's price list; then ask `phone-dir cost`", "phone-dir cost prices"),
            ("Say whether it is still Twilio's", "phone-dir cost prices --check"),
        ],
    ),
    (
        "cost",
        &[
            ("What each number costs this month", "phone-dir cost"),
            ("What each agent does, for a script", "phone-dir cost --by agent --json"),
        ],
    ),
    (
        "cost reconcile",
        &[
            ("What of Twilio's bill the numbers explain", "phone-dir cost reconcile"),
            ("The same for a script", "phone-dir cost reconcile --json"),
        ],
    ),
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
        &[
            (
                "Whose key signed an event that was kept aside",
                "phone-dir webhook verify --body event.json --signature v=1763553665123,d=…",
            ),
            (
                "Whether production's did, as of when it came",
                "phone-dir webhook verify --body event.json --signature v=1763553665123,d=… -w production --at 1763553665200",
            ),
        ],
    ),
    (
        "webhook status",
        &[
            ("When the last events came, and what they missed", "phone-dir webhook status"),
            ("The same for a script", "phone-dir webhook status --json"),
        ],
    ),
    (
        "webhook",
        &[
            ("When the last events came, and what they missed", "phone-dir webhook status"),
            ("Those of one workspace", "phone-dir webhook status -w production"),
        ],
    ),
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
];
