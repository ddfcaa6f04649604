//! `diff @live`: what the providers have now, beside a commit or the disk; nothing is written.

use crate::phone::fixture::{LINE, Project};

#[test]
fn what_changed_at_the_providers_is_a_difference_and_nothing_is_written() {
    let project = Project::synced();
    let (code, same) = project.json(&["diff", "HEAD", "@live", "--exit-code"]);
    assert_eq!((code, &same["changes"]), (0, &serde_json::json!([])), "a sync would find nothing new");
    let before = project.git(&["rev-parse", "HEAD"]);
    project.sandbox.reassign("production", LINE, "sales-agent").unwrap();
    let (code, found) = project.json(&["diff", "HEAD", "@live", "--exit-code"]);
    assert_eq!((code, &found["from"], &found["to"]), (1, &"HEAD".into(), &"@live".into()));
    let change = &found["changes"][0];
    assert_eq!(found["changes"].as_array().unwrap().len(), 1, "{found}");
    assert_eq!(
        (&change["phone_number"], &change["workspace"], &change["kind"]),
        (&LINE.into(), &"production".into(), &"reassigned".into())
    );
    // The other way round the same is told from the other side; without a second state it is the disk's.
    let backwards = project.done(&["diff", "@live"]);
    assert!(backwards.contains("@live → @worktree: 1 reassigned"), "{backwards}");
    assert!(backwards.contains("reassigned agents/sales-agent → agents/customer-service"), "{backwards}");
    assert_eq!((project.git(&["status", "--porcelain"]), project.git(&["rev-parse", "HEAD"])), (String::new(), before));
}

#[test]
fn providers_that_cannot_be_read_whole_are_compared_with_nothing() {
    let project = Project::synced();
    project.sandbox.add_fault("status:400,workspace=staging".parse().unwrap());
    let words = project.refused(3, &["diff", "HEAD", "@live"]);
    assert!(words.contains("nothing was compared"), "{words}");
}
