//! What holds for every command: exit codes, variables and files. The manual pages and `docs/` show these tables.

/// One row: what it is called, and what it means.
pub type Term = (&'static str, &'static str);

pub const EXIT_CODES: &[Term] = &[
    ("0", "done"),
    ("1", "findings of severity error (`--strict`: any), or differences where they were asked for"),
    ("2", "an error: usage, files, git, a refusal, a provider that answered no"),
    ("3", "cannot tell: a read that did not arrive whole, shallow history, no directory here"),
];

pub const ENVIRONMENT: &[Term] = &[
    ("TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN", "the Twilio account"),
    ("TWILIO_API_KEY, TWILIO_API_SECRET", "instead of the token"),
    ("RETELL_<WORKSPACE>_API_KEY", "the key of a Retell workspace, such as `RETELL_STAGING_API_KEY`"),
    (
        "TWILIO_REGION, TWILIO_EDGE",
        "Twilio's region and edge, such as `ie1` and `dublin`, as Twilio's own libraries read them; from the environment only",
    ),
    (
        "TWILIO_API_URL, TWILIO_TRUNKING_URL, TWILIO_PRICING_URL, RETELL_BASE_URL",
        "another base address; from the environment only, plain http to loopback only",
    ),
    (
        "PHONE_DIR_PAGER, GIT_PAGER, PAGER",
        "the program that long answers go through on a terminal, before and after `core.pager` of your own git configuration; `cat` for none",
    ),
    (
        "RETELL_<WORKSPACE>_WEBHOOK_KEY, RETELL_<WORKSPACE>_WEBHOOK_KEY_OLD",
        "the key that signs a workspace's events, where it is not its API key; and the one before it",
    ),
    (
        "PHONE_DIR_STORE",
        "the store of calls: the absolute path of another file, or `postgres://…`; from the environment only",
    ),
    ("PHONE_DIR_NOW", "fixes the clock, such as `2025-11-19T12:00:00Z`, for tests"),
    ("NO_COLOR", "no colour"),
];

/// The files of a project, and whether git has them.
pub const FILES: &[(&str, &str, &str)] = &[
    (
        "phone-numbers/directory.json",
        "every number: carrier, SIP settings, who answers in each workspace, your `notes` and `tags`",
        "yes",
    ),
    ("phone-numbers/<workspace>/numbers.json", "the numbers that a Retell workspace has imported", "yes"),
    ("phone-numbers/<workspace>/assignments.json", "which agents each of them is bound to", "yes"),
    ("phone-numbers/prices.json", "optional: what numbers and minutes cost, as Twilio listed it on a day", "yes"),
    (
        "phone-numbers/pools.json",
        "numbers grouped by purpose, and which of them are reserved, resting or retired; made by the first `pools create`",
        "yes",
    ),
    (
        "phone-numbers/twilio/trunks.json",
        "SIP trunks, origination URLs, credential lists (user names, never passwords)",
        "no",
    ),
    ("phone-numbers/twilio/sync.json", "the newest 100 runs", "no"),
    ("agents/<name>/agent.json", "an agent's name; it belongs to your other tools", "yes"),
    ("agents/<name>/<workspace>.json", "an agent's id in a workspace; it belongs to your other tools", "yes"),
    ("workspaces.json, .env", "keys, or the names of the variables that hold them", "never"),
    ("phone-dir.toml", "settings", "yes"),
];
