//! The trailers of the commits that this program makes: the one place that writes them, and the one that reads them.
//!
//! They are read as git reads them from a commit (`git log --format='%(trailers)'`): from the last paragraph, which is
//! not the first, and consists of trailers alone, or of enough of them with one of git's own. What quotes a trailer
//! anywhere else has none.

use super::workspace::WorkspaceName;

/// The trailer that names the command.
const SOURCE: &str = "Phone-Dir-Source";
/// The trailer that says how it ended.
const STATUS: &str = "Phone-Dir-Status";
/// The trailer that names the flags of rails that a sync needed.
const ALLOWED: &str = "Phone-Dir-Allowed";
/// The trailer that has the id of the plan that was applied.
const PLAN: &str = "Phone-Dir-Plan";
/// Lines by which git knows a paragraph of trailers among which other lines stand.
const OF_GIT: [&str; 2] = ["Signed-off-by: ", "(cherry picked from commit "];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitTrailers {
    /// The command: `sync --workspace production`.
    pub source: String,
    /// How it ended: `success`.
    pub status: String,
    /// The flags of rails that a sync needed, and was given.
    pub allowed: Vec<String>,
    /// The id of the plan that was applied.
    pub plan: Option<String>,
}

/// Which providers and workspaces a sync asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncExtent {
    pub twilio: bool,
    pub retell: bool,
    pub workspace: Option<WorkspaceName>,
}

impl CommitTrailers {
    /// Those of a command that ended well and needed no flag.
    pub fn of_success(source: &str) -> Self {
        Self { source: source.to_owned(), status: "success".to_owned(), allowed: Vec::new(), plan: None }
    }

    /// The paragraph that ends a message.
    pub fn write(&self) -> String {
        let mut text = format!("{SOURCE}: {}\n{STATUS}: {}\n", self.source, self.status);
        if !self.allowed.is_empty() {
            text.push_str(&format!("{ALLOWED}: {}\n", self.allowed.join(" ")));
        }
        text.push_str(&self.plan.as_ref().map(|id| format!("{PLAN}: {id}\n")).unwrap_or_default());
        text
    }

    /// Reads them from a commit's whole message; none where one is missing, or there twice.
    pub fn of(message: &str) -> Option<Self> {
        let trailers = trailers(message);
        let only = |name: &str| {
            let mut values = trailers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
            values.next().filter(|_| values.next().is_none()).cloned()
        };
        let allowed = only(ALLOWED).unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        Some(Self { source: only(SOURCE)?, status: only(STATUS)?, allowed, plan: only(PLAN) })
    }

    /// What a sync has to read to find everything again that the command wrote down: what a sync asked, and for the
    /// items of a plan Retell, which was asked for each after it was sent.
    pub fn found_again_by(&self) -> Option<SyncExtent> {
        let of_apply = || SyncExtent { twilio: false, retell: true, workspace: None };
        self.sync_extent().or_else(|| (self.source == "apply" && self.plan.is_some()).then(of_apply))
    }

    /// What the command asked, where it was a sync.
    pub fn sync_extent(&self) -> Option<SyncExtent> {
        let mut words = self.source.split_whitespace();
        let (twilio, retell) = match words.next()? {
            "sync" => (true, true),
            "sync-twilio" => (true, false),
            "sync-retell" => (false, true),
            _ => return None,
        };
        let workspace = match (words.next()?, words.next()) {
            ("--all", None) => None,
            ("--workspace", Some(name)) => Some(WorkspaceName::parse(name).ok()?),
            _ => return None,
        };
        words.next().is_none().then_some(SyncExtent { twilio, retell, workspace })
    }
}

/// The names and values of a message's trailers, in their order.
fn trailers(message: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in block(message) {
        match (key(line), found.last_mut()) {
            (Some(key), _) => found.push((key.to_owned(), line[line.find(':').unwrap_or(0) + 1..].trim().to_owned())),
            (None, Some((_, value))) if line.starts_with([' ', '\t']) => value.push_str(&format!(" {}", line.trim())),
            (None, _) => {}
        }
    }
    found
}

/// The lines of the paragraph that holds the trailers; none where the last paragraph is none of that kind.
fn block(message: &str) -> Vec<&str> {
    let lines: Vec<&str> = message.trim_end().lines().collect();
    let Some(blank) = lines.iter().rposition(|line| line.trim().is_empty()) else { return Vec::new() };
    let block = lines[blank + 1..].to_vec();
    let (mut own, mut other, mut has_gits) = (0, 0, false);
    let mut is_in_trailer = false;
    for line in block.iter().filter(|line| !line.starts_with('#')) {
        let is_gits = OF_GIT.iter().any(|start| line.starts_with(start));
        let is_continued = line.starts_with([' ', '\t']) && is_in_trailer;
        has_gits |= is_gits;
        match is_gits || key(line).is_some() {
            true => (own, is_in_trailer) = (own + 1, true),
            false if is_continued => {}
            false => (other, is_in_trailer) = (other + 1, false),
        }
    }
    let is_block = own > 0 && (other == 0 || (has_gits && own * 3 >= other));
    if is_block { block } else { Vec::new() }
}

/// The name in front of a line's colon, as far as git takes it for one: letters, digits and dashes, then blanks.
fn key(line: &str) -> Option<&str> {
    let name = line.split_once(':')?.0.trim_end_matches([' ', '\t']);
    let is_name = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "Phone-Dir-Source: sync --all\nPhone-Dir-Status: success\n";

    fn source(message: &str) -> Option<String> {
        CommitTrailers::of(message).map(|trailers| trailers.source)
    }

    #[test]
    fn what_is_written_is_read() {
        let trailers = CommitTrailers {
            source: "sync --workspace staging".to_owned(),
            status: "incomplete".to_owned(),
            allowed: vec!["--allow-twilio-loss".to_owned()],
            plan: Some("sha256:0".to_owned()),
        };
        assert_eq!(CommitTrailers::of(&format!("phone-dir: x\n\n{}", trailers.write())), Some(trailers));
    }

    #[test]
    fn the_last_paragraph_alone_holds_trailers() {
        assert_eq!(source(&format!("subject\n\n{OURS}")).as_deref(), Some("sync --all"));
        assert_eq!(source(&format!("subject\n\n{OURS}\n\n \n")).as_deref(), Some("sync --all"));
        for quoted in [
            OURS.to_owned(),
            format!("subject\n\n{OURS}\nquoted above"),
            format!("subject\n\nfollows up on\n{OURS}"),
            format!("subject\n\n  {}", OURS.replace('\n', "\n  ")),
            format!("subject\n\n{OURS}{OURS}"),
            "subject\n\nPhone-Dir-Source: sync --all".to_owned(),
        ] {
            assert_eq!(source(&quoted), None, "{quoted}");
        }
    }

    #[test]
    fn other_trailers_may_stand_beside_them() {
        let signed = format!("subject\n\nwords of somebody\n{OURS}Signed-off-by: A <a@example.com>\n");
        assert_eq!(source(&signed).as_deref(), Some("sync --all"));
        let folded = "subject\n\nphone-dir-source : sync\n  --all\n# a comment\nPhone-Dir-Status: success";
        assert_eq!(source(folded).as_deref(), Some("sync --all"));
    }

    #[test]
    fn lines_that_are_no_trailers_are_borne_beside_gits_own_up_to_three_for_each() {
        let with =
            |others: usize, own: &str| source(&format!("subject\n\n{}{OURS}{own}", "words\n".repeat(others))).is_some();
        let signed = "Signed-off-by: A <a@example.com>\n";
        let picked = "(cherry picked from commit 0123456789)\n";
        for own in [signed, picked] {
            assert!(with(0, own) && with(9, own) && !with(10, own), "{own}");
        }
        assert!(with(12, &format!("{signed}{picked}")) && !with(13, &format!("{signed}{picked}")));
        assert!(with(0, "Other: x\n") && !with(1, "Other: x\n") && !with(1, ""));
        // A line that is set in continues a trailer, and nothing else.
        for (text, is_block) in [
            (format!("  words\n{OURS}"), false),
            (format!("{OURS}  words\n\twords\n"), true),
            (format!("{OURS}words\n  words\n"), false),
            (format!("# words\n{OURS}# words: x\n"), true),
            (format!("{OURS}not a name: x\n"), false),
            (format!("{OURS}: x\n"), false),
        ] {
            assert_eq!(source(&format!("subject\n\n{text}")).is_some(), is_block, "{text}");
        }
        // Nine others, three more that continue nothing.
        assert!(source(&format!("subject\n\n{}  words\n{OURS}{signed}", "words\n".repeat(9))).is_none());
    }

    #[test]
    fn each_trailer_has_its_name_and_its_value_with_what_continues_it() {
        let read = |lines: &str| trailers(&format!("subject\n\n{lines}"));
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            read("One: a: b\nTwo \t:  c \n d\n\te\n# x\nThree:\n"),
            [pair("One", "a: b"), pair("Two", "c d e"), pair("Three", "")]
        );
        assert_eq!(trailers("subject"), []);
        assert_eq!(trailers(""), []);
        // Comments alone are no paragraph of trailers.
        assert_eq!(block("subject\n\n# words"), [""; 0]);
        assert_eq!(
            [key("a-1: b"), key("a b: c"), key(": c"), key("abc"), key("a_b: c")],
            [Some("a-1"), None, None, None, None]
        );
    }

    #[test]
    fn a_message_is_written() {
        let trailers = CommitTrailers {
            source: "sync --all".to_owned(),
            status: "success".to_owned(),
            allowed: vec!["--allow-a".to_owned(), "--allow-b".to_owned()],
            plan: None,
        };
        assert_eq!(trailers.write(), format!("{OURS}Phone-Dir-Allowed: --allow-a --allow-b\n"));
        let plan = CommitTrailers { allowed: Vec::new(), plan: Some("sha256:0".to_owned()), ..trailers };
        assert_eq!(plan.write(), format!("{OURS}Phone-Dir-Plan: sha256:0\n"));
        assert_eq!(CommitTrailers::of_success("sync --all").write(), OURS);
        assert_eq!(
            CommitTrailers::of(&format!("x\n\n{}{}", plan.write(), "Phone-Dir-Plan: sha256:1\n")).unwrap().plan,
            None
        );
    }

    #[test]
    fn every_source_that_a_sync_writes_has_its_extent() {
        let extent = |twilio, retell, workspace: Option<&str>| {
            Some(SyncExtent { twilio, retell, workspace: workspace.map(|name| name.parse().unwrap()) })
        };
        for (source, expected) in [
            ("sync --all", extent(true, true, None)),
            ("sync --workspace staging", extent(true, true, Some("staging"))),
            ("sync-twilio --all", extent(true, false, None)),
            ("sync-retell --all", extent(false, true, None)),
            ("sync-retell --workspace production", extent(false, true, Some("production"))),
            ("sync --workspace", None),
            ("sync --workspace staging more", None),
            ("sync --all --all", None),
            ("apply", None),
        ] {
            let trailers = CommitTrailers::of_success(source);
            assert_eq!(trailers.sync_extent(), expected, "{source}");
            assert_eq!(trailers.found_again_by(), expected, "{source}");
        }
        let planned =
            |source| CommitTrailers { plan: Some("sha256:0".to_owned()), ..CommitTrailers::of_success(source) };
        assert_eq!(planned("apply").found_again_by(), extent(false, true, None));
        assert_eq!(planned("edit").found_again_by(), None);
        assert_eq!(planned("sync --all").found_again_by(), extent(true, true, None));
    }

    #[test]
    fn a_source_that_no_sync_writes_has_no_extent() {
        let extent = |source: &str| CommitTrailers::of_success(source).sync_extent();
        assert!(extent("sync-retell --workspace staging").is_some_and(|extent| extent.retell && !extent.twilio));
        for source in ["sync", "sync --all of this morning", "sync --workspace a/b", "edit", "sync --al", ""] {
            assert_eq!(extent(source), None, "{source}");
        }
    }

    #[test]
    fn an_apply_wrote_down_what_retell_said_afterwards() {
        let applied = CommitTrailers { plan: Some("sha256:0".to_owned()), ..CommitTrailers::of_success("apply") };
        assert!(applied.found_again_by().is_some_and(|extent| extent.retell && !extent.twilio));
        assert_eq!(applied.sync_extent(), None);
        assert_eq!(CommitTrailers::of_success("apply").found_again_by(), None);
        assert_eq!(CommitTrailers::of_success("edit").found_again_by(), None);
    }
}
