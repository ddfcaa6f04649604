//! Thresholds that name nothing are found where settings are judged.

use super::{FREE, with_pool};

#[test]
fn thresholds_that_name_nothing_are_findings() {
    let project = with_pool(&FREE);
    project.write(
        "phone-dir.toml",
        "[[capacity.group]]\npool = \"nosuch\"\nmin_free = 1\n\
         [[capacity.group]]\nworkspace = \"moon\"\nmin_free = 1\n\
         [[capacity.group]]\narea_code = \"999\"\nmin_free = 1\n\
         [[capacity.group]]\npool = \"sales\"\nmin_free = 1\n\
         [[capacity.group]]\npool = \"sales\"\nwarn_free = 1\n\
         [capacity.concurrency.moon]\nwarn = 0.8\n",
    );
    let (code, report) = project.json(&["validate"]);
    let told = |rule: &str| {
        let found = report["diagnostics"].as_array().unwrap().iter().filter(|it| it["rule"] == rule);
        found.map(|it| format!("{} {}", it["line"], it["message"].as_str().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(code, 1);
    assert_eq!(
        told("settings"),
        [
            "1 `phone-dir.toml`: there is no pool `nosuch`, so its threshold means nothing",
            "4 `phone-dir.toml`: there is no workspace `moon`, so its threshold means nothing",
            "16 `phone-dir.toml`: there is no workspace `moon`, so its threshold means nothing",
        ]
    );
    assert_eq!(
        told("unmatched-threshold"),
        [
            "7 `phone-dir.toml`: no number is counted for `area code 999`",
            "13 `phone-dir.toml`: no number is counted for `pool sales`",
        ]
    );
}
