//! The export for warehouses: a file a day, which DuckDB and pyarrow add up to what `usage` says.

use super::with_calls;

#[cfg(not(feature = "parquet"))]
#[test]
fn a_program_without_parquet_says_so_and_writes_nothing() {
    let project = with_calls(30, 3);
    project.succeed(&["usage", "pull", "--quiet"]);
    let run = project.run(&["usage", "export", "--format", "parquet", "--output", "."]);
    assert!(run.code == 2 && run.stderr.contains("built without Parquet"), "{run}");
}

#[cfg(feature = "parquet")]
#[test]
fn duckdb_and_pyarrow_give_the_sums_of_usage_to_the_micro_dollar() {
    use std::process::Command;

    use serde_json::Value;

    let project = with_calls(120, 6);
    project.succeed(&["usage", "pull", "--quiet"]);
    std::fs::create_dir(project.path("calls")).unwrap();
    project.succeed(&["usage", "export", "--format", "parquet", "--output", "calls", "--since", "2025-11-15"]);
    let files: Vec<_> = crate::cli::fixture::files_below(&project.root, &project.path("calls")).into_keys().collect();
    assert_eq!(files.first().map(String::as_str), Some("calls/2025-11-15.parquet"));
    assert_eq!(files.len(), 5, "{files:?}");
    let run = project.run(&["usage", "export", "--format", "parquet"]);
    assert!(run.code == 2 && run.stderr.contains("a file a day"), "{run}");
    let Some(python) = std::env::var_os("PHONE_DIR_DUCKDB_PYTHON") else {
        eprintln!("skipped: PHONE_DIR_DUCKDB_PYTHON names no Python with duckdb and pyarrow");
        return;
    };
    let judge = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/usage/parquet.py");
    let output = Command::new(python).arg(judge).arg(project.path("calls")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let judged: Value = serde_json::from_slice(&output.stdout).unwrap();
    let (code, usage) = project.json(&["usage", "--since", "2025-11-15"]);
    assert_eq!(code, 0, "{usage}");
    // The files are compressed, so that only a reader of them can say that nothing of a person is in them.
    let text = judged["text"].as_str().unwrap();
    assert!(text.contains("+14155550101") && text.lines().count() > 100, "{text:.300}");
    assert_eq!(super::privacy::canaries_in(text.as_bytes()), [""; 0]);
    let rows = usage["rows"].as_array().unwrap();
    let micro = |text: &Value| {
        let (whole, part) = text.as_str().unwrap().split_once('.').unwrap();
        format!("{whole}{part:0<6}").parse::<i64>().unwrap()
    };
    for judge in ["duckdb", "pyarrow"] {
        assert_eq!(judged[judge].as_object().unwrap().len(), rows.len(), "{judge}");
        for row in rows {
            let line = format!("{} {}", row["workspace"].as_str().unwrap(), row["phone_number"].as_str().unwrap());
            let sums = &judged[judge][&line];
            assert_eq!((&sums[0], sums[1].as_i64().unwrap() / 1000), (&row["calls"], row["seconds"].as_i64().unwrap()));
            assert_eq!(micro(&sums[2]), micro(&row["cost"]), "{judge} {line}");
        }
    }
}
