//! Tests of where keys come from and where they may go.

use super::*;

const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";

fn environment(process: &[(&str, &str)], dotenv: Option<&str>) -> Environment {
    let process = process.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Environment::new(&process, dotenv)
}

fn file(text: &str) -> WorkspacesFile {
    serde_json::from_str(text).unwrap()
}

fn staging() -> WorkspaceName {
    WorkspaceName::parse("staging").unwrap()
}

fn message(error: &Error) -> String {
    format!("{error} {:?} {:?} {error:?}", error.hint_text(), error.causes())
}

#[test]
fn twilio_takes_the_account_and_its_token() {
    let found =
        twilio(&environment(&[("TWILIO_ACCOUNT_SID", ACCOUNT), ("TWILIO_AUTH_TOKEN", " made-up ")], None)).unwrap();
    assert_eq!((found.user.as_str(), found.secret.reveal()), (ACCOUNT, "made-up"));
    assert_eq!(found.api, BaseUrl::known("https://api.twilio.com"));
    assert!(!format!("{found:?}").contains("made-up"));
}

#[test]
fn a_region_and_an_edge_make_the_host_name_as_twilios_own_libraries_do() {
    let hosts = |variables: &[(&str, &str)]| {
        let known = [("TWILIO_ACCOUNT_SID", ACCOUNT), ("TWILIO_AUTH_TOKEN", "made-up")];
        twilio(&environment(&[&known, variables].concat(), None))
            .map(|it| (it.api.authority(), it.trunking.authority()))
    };
    let (region, edge) = (("TWILIO_REGION", "ie1"), ("TWILIO_EDGE", "dublin"));
    for (variables, part) in [
        ([("TWILIO_REGION", ""), ("TWILIO_EDGE", "")].as_slice(), ""),
        (&[region], "ie1."),
        (&[edge], "dublin.us1."),
        (&[region, edge], "dublin.ie1."),
    ] {
        let expected = (format!("api.{part}twilio.com"), format!("trunking.{part}twilio.com"));
        assert_eq!(hosts(variables).unwrap(), expected);
    }
    let explicit =
        hosts(&[region, ("TWILIO_API_URL", "https://a.example"), ("TWILIO_TRUNKING_URL", "https://b.example")]);
    assert_eq!(explicit.unwrap(), ("a.example".to_owned(), "b.example".to_owned()));
    for bad in ["ie1.evil.example/", "a.b", "-", "é", "x y"] {
        let error = hosts(&[("TWILIO_REGION", bad)]).unwrap_err();
        assert!(error.message().contains("`TWILIO_REGION`"), "{error}");
    }
}

#[test]
fn twilio_prefers_an_api_key_unless_the_process_itself_says_token() {
    let key = "TWILIO_API_KEY=SK1\nTWILIO_API_SECRET=from-file\n";
    let both = environment(&[("TWILIO_ACCOUNT_SID", ACCOUNT)], Some(&format!("{key}TWILIO_AUTH_TOKEN=t")));
    assert_eq!(twilio(&both).unwrap().user, "SK1");
    let process = environment(&[("TWILIO_ACCOUNT_SID", ACCOUNT), ("TWILIO_AUTH_TOKEN", "t")], Some(key));
    assert_eq!(twilio(&process).unwrap().source.to_string(), "`TWILIO_AUTH_TOKEN` in the environment");
}

#[test]
fn a_missing_half_of_twilios_key_is_named() {
    for (given, missing) in [("TWILIO_API_KEY", "TWILIO_API_SECRET"), ("TWILIO_API_SECRET", "TWILIO_API_KEY")] {
        let error = twilio(&environment(&[("TWILIO_ACCOUNT_SID", ACCOUNT), (given, "x")], None)).unwrap_err();
        assert!(error.message().contains(&format!("`{missing}` is not set")), "{error}");
    }
    let none = twilio(&environment(&[("TWILIO_ACCOUNT_SID", ACCOUNT)], Some(""))).unwrap_err();
    assert_eq!(none.message(), "`TWILIO_AUTH_TOKEN` is not set (looked in the environment and in `.env`)");
    let nothing = twilio(&environment(&[], None)).unwrap_err();
    assert_eq!(nothing.message(), "`TWILIO_ACCOUNT_SID` is not set (looked in the environment; there is no `.env`)");
}

#[test]
fn an_account_sid_that_is_none_is_not_repeated() {
    let error =
        twilio(&environment(&[("TWILIO_ACCOUNT_SID", "pasted-secret"), ("TWILIO_AUTH_TOKEN", "t")], None)).unwrap_err();
    assert!(!message(&error).contains("pasted-secret"));
}

#[test]
fn half_a_redirect_to_this_machine_is_refused() {
    let mut variables =
        vec![("TWILIO_ACCOUNT_SID", ACCOUNT), ("TWILIO_AUTH_TOKEN", "t"), ("TWILIO_API_URL", "http://127.0.0.1:1")];
    let error = twilio(&environment(&variables, None)).unwrap_err();
    assert!(error.message().contains("`TWILIO_TRUNKING_URL` is not"), "{error}");
    variables.push(("TWILIO_TRUNKING_URL", "http://localhost:2"));
    assert!(twilio(&environment(&variables, None)).unwrap().trunking.is_loopback());
}

#[test]
fn a_dotenv_file_cannot_redirect_twilio() {
    let dotenv = format!("TWILIO_ACCOUNT_SID={ACCOUNT}\nTWILIO_AUTH_TOKEN=t\nTWILIO_API_URL=https://evil.example\n");
    let environment = environment(&[], Some(&dotenv));
    assert_eq!(twilio(&environment).unwrap().api, BaseUrl::known("https://api.twilio.com"));
    assert!(environment.notes()[0].contains("`TWILIO_API_URL`"));
}

#[test]
fn a_workspace_takes_its_key_from_the_variable_that_the_file_names() {
    let file =
        file(r#"{"staging": {"name": "Staging", "api_key_env": "RETELL_X", "base_url": "https://api.retellai.com"}}"#);
    let found = retell(&environment(&[("RETELL_X", "key_made_up")], None), Some(&file), &staging()).unwrap();
    assert_eq!(found.key.reveal(), "key_made_up");
    assert_eq!(found.source.to_string(), "`RETELL_X` in the environment");
    assert!(!format!("{found:?}").contains("key_made_up"));
}

#[test]
fn without_a_file_the_variable_is_named_after_the_workspace() {
    let workspace = WorkspaceName::parse("eu-west.2").unwrap();
    assert_eq!(default_variable(&workspace), "RETELL_EU_WEST_2_API_KEY");
    let environment = environment(&[], Some("RETELL_EU_WEST_2_API_KEY=key_made_up"));
    assert_eq!(
        retell(&environment, None, &workspace).unwrap().source.to_string(),
        "`RETELL_EU_WEST_2_API_KEY` in `.env`"
    );
    let error = retell(&environment, None, &staging()).unwrap_err();
    assert_eq!(error.message(), "`RETELL_STAGING_API_KEY` is not set (looked in the environment and in `.env`)");
}

#[test]
fn a_key_in_the_file_counts_before_a_variable_as_the_other_tool_reads_it_and_a_blank_one_is_none() {
    let one = file(r#"{"staging": {"api_key": "key_made_up"}}"#);
    assert_eq!(retell(&environment(&[], None), Some(&one), &staging()).unwrap().source, KeySource::WorkspacesFile);
    let environment = environment(&[("RETELL_X", "y")], None);
    for (key, source) in [("key_made_up", "`api_key` in `workspaces.json`"), (" ", "`RETELL_X` in the environment")] {
        let two = file(&format!(r#"{{"staging": {{"api_key": "{key}", "api_key_env": "RETELL_X"}}}}"#));
        assert_eq!(retell(&environment, Some(&two), &staging()).unwrap().source.to_string(), source);
    }
}

#[test]
fn only_retell_variables_are_sent_to_retell() {
    let file = file(r#"{"staging": {"api_key_env": "AWS_SECRET_ACCESS_KEY"}}"#);
    let error = retell(&environment(&[("AWS_SECRET_ACCESS_KEY", "x")], None), Some(&file), &staging()).unwrap_err();
    assert!(error.message().contains("does not start with `RETELL_`"));
}

#[test]
fn a_file_may_name_retell_or_this_machine_and_nothing_else() {
    let variables = [("RETELL_STAGING_API_KEY", "k")];
    let base = |address: &str, variables: &[(&str, &str)]| {
        let file = file(&format!(r#"{{"staging": {{"base_url": "{address}"}}}}"#));
        retell(&environment(variables, None), Some(&file), &staging())
    };
    assert!(base("https://api.retellai.com", &variables).is_ok());
    assert!(base("http://127.0.0.1:4010", &variables).is_ok());
    for foreign in [
        "https://evil.example",
        "http://api.retellai.com",
        "https://api.retellai.com:444",
        "https://u:p@api.retellai.com",
    ] {
        assert!(base(foreign, &variables).is_err(), "{foreign}");
    }
    let error = base("https://proxy.example", &variables).unwrap_err();
    assert!(error.hint_text().unwrap().contains("`RETELL_BASE_URL`"));
    let redirected = [variables[0], ("RETELL_BASE_URL", "https://proxy.example")];
    assert_eq!(base("https://evil.example", &redirected).unwrap().base.authority(), "proxy.example");
}

#[test]
fn a_key_that_no_header_can_carry_is_refused_without_showing_it() {
    for bad in ["two words", "schlüssel", "line\nbreak"] {
        let error = retell(&environment(&[("RETELL_STAGING_API_KEY", bad)], None), None, &staging()).unwrap_err();
        assert!(!message(&error).contains(bad), "{bad}");
    }
    let empty =
        retell(&environment(&[("RETELL_STAGING_API_KEY", "")], Some("RETELL_STAGING_API_KEY=k")), None, &staging());
    assert_eq!(empty.unwrap_err().message(), "`RETELL_STAGING_API_KEY` in the environment is empty");
}

#[test]
fn workspaces_with_the_same_key_are_found() {
    let environment = environment(
        &[("RETELL_STAGING_API_KEY", "k"), ("RETELL_PRODUCTION_API_KEY", "k"), ("RETELL_EU_API_KEY", "e")],
        None,
    );
    let credentials: Vec<_> = ["eu", "production", "staging"]
        .map(|name| retell(&environment, None, &WorkspaceName::parse(name).unwrap()).unwrap())
        .into();
    let names: Vec<Vec<String>> =
        shared_keys(&credentials).iter().map(|group| group.iter().map(ToString::to_string).collect()).collect();
    assert_eq!(names, [["staging", "production"]]);
}
