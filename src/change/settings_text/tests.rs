//! Settings as a text for an editor, line by line.

use super::*;
use crate::change::Action;
use crate::model::PhoneNumber;

fn edit() -> Edit {
    let workspace = WorkspaceName::parse("staging").unwrap();
    Edit::new(Action::Update, workspace, PhoneNumber::parse("+14155550101").unwrap())
}

fn written() -> String {
    let settings = Settings { nickname: Some("Front".into()), ..Settings::default() };
    let workspace = WorkspaceName::parse("staging").unwrap();
    write(&settings, None, (&AgentFolders::default(), &workspace), "+14155550101 in staging")
}

fn given(from: &str, to: &str) -> Result<Edit, Objection> {
    let (mut edit, written) = (edit(), written());
    assert!(written.contains(from), "{written}");
    let text = written.replacen(from, to, 1);
    read(&text, &written, &mut edit, (&AgentFolders::default(), &Allowed::new())).map(|()| edit)
}

#[test]
fn an_unchanged_text_decides_nothing_and_a_changed_line_one_setting() {
    assert!(given("Front", "Front").unwrap().is_empty());
    let edit = given("nickname: Front", "nickname: none").unwrap();
    assert_eq!((edit.asked.into_iter().collect::<Vec<_>>(), edit.target.nickname), (vec![Setting::Nickname], None));
    let edit = given("codecs: none", "codecs: PCMU, OPUS").unwrap();
    assert_eq!(edit.target.codecs, Some(vec!["PCMU".to_owned(), "OPUS".to_owned()]));
    let edit = given("inbound-agent: none", "inbound-agent: agent_a@3").unwrap();
    assert_eq!(edit.target.inbound_agents.len(), 1);
}

#[test]
fn a_line_that_makes_no_sense_is_named_by_its_place() {
    for (to, place) in [
        ("nick: x", "line 14"),
        ("fallback: 555\nnickname: Front", "line 14"),
        ("webhook: http://a.example\nwebhook: http://b.example", "line 15"),
    ] {
        let said = given("nickname: Front", to).unwrap_err().message;
        assert!(said.starts_with(place), "{said}");
    }
}

/// The text of every setting, each with a value, and with Retell's beside two of them.
fn full() -> (Settings, LiveRecord) {
    let agent = |id: &str| vec![crate::model::AgentWeight::only(id.parse().unwrap())];
    let text = |text: &str| Some(text.to_owned());
    let settings = Settings {
        inbound_agents: agent("staging-a"),
        outbound_agents: agent("stranger"),
        inbound_sms_agents: agent("staging-b"),
        outbound_sms_agents: agent("staging-c"),
        termination_uri: text("sip.example.com"),
        auth_username: text("user"),
        transport: text("TLS"),
        codecs: Some(vec!["PCMU".to_owned(), "OPUS".to_owned()]),
        nickname: text("Front\ndesk"),
        inbound_webhook_url: text("https://example.com/a"),
        inbound_sms_webhook_url: text("https://example.com/b"),
        fallback_number: "+14155550109".parse().ok(),
        allowed_inbound_country_list: vec!["US".to_owned()],
        allowed_outbound_country_list: vec!["CA".to_owned(), "US".to_owned()],
    };
    let mut record = LiveRecord::default();
    let live = Settings { outbound_agents: agent("staging-d"), ..Settings::default() };
    record.set(Setting::OutboundAgents, &Settings::default(), &live);
    record.set(Setting::Codecs, &Settings::default(), &live);
    (settings, record)
}

#[test]
fn every_setting_has_its_line_and_retells_value_stands_above_it() {
    let (settings, record) = full();
    let (folders, workspace) =
        (crate::model::made_up::two_workspaces().agents, WorkspaceName::parse("staging").unwrap());
    let text = write(&settings, Some(&record), (&folders, &workspace), "title");
    let expected = "# title\n# Change what is to be decided, save, and close the editor; an unchanged text decides nothing.\n\
                    # Agents: a folder, a name or an id, `@VERSION` behind it; several as `agents/a=0.8,agents/b=0.2`; or `none`.\n\n\
                    inbound-agent: agents/a\n# live: agents/d\noutbound-agent: stranger\ninbound-sms-agent: agents/b\n\
                    outbound-sms-agent: agents/c\nwebhook: https://example.com/a\nsms-webhook: https://example.com/b\n\
                    fallback: +14155550109\ninbound-countries: US\noutbound-countries: CA,US\nnickname: Front desk\n\
                    termination-uri: sip.example.com\ntransport: TLS\n# live: none\ncodecs: PCMU,OPUS\n";
    assert_eq!(text, expected);
    let bare = write(&Settings::default(), None, (&folders, &workspace), "title");
    assert_eq!(bare.lines().filter(|line| line.ends_with(": none")).count(), 12);
    assert!(bare.ends_with("transport: TCP\ncodecs: none\n"));
}

#[test]
fn each_line_asks_for_its_setting_and_for_no_other() {
    let agent = |id: &str| vec![crate::model::AgentWeight::only(id.parse().unwrap())];
    let text = |text: &str| Some(text.to_owned());
    let none = Settings::default();
    let cases = [
        (
            "inbound-agent: staging-b",
            Setting::InboundAgents,
            Settings { inbound_agents: agent("staging-b"), ..none.clone() },
        ),
        (
            "outbound-agent: staging-b",
            Setting::OutboundAgents,
            Settings { outbound_agents: agent("staging-b"), ..none.clone() },
        ),
        (
            "inbound-sms-agent: staging-b",
            Setting::InboundSmsAgents,
            Settings { inbound_sms_agents: agent("staging-b"), ..none.clone() },
        ),
        (
            "outbound-sms-agent: staging-b",
            Setting::OutboundSmsAgents,
            Settings { outbound_sms_agents: agent("staging-b"), ..none.clone() },
        ),
        (
            "webhook: http://a.example",
            Setting::InboundWebhookUrl,
            Settings { inbound_webhook_url: text("http://a.example"), ..none.clone() },
        ),
        (
            "sms-webhook: http://a.example",
            Setting::InboundSmsWebhookUrl,
            Settings { inbound_sms_webhook_url: text("http://a.example"), ..none.clone() },
        ),
        (
            "fallback: +14155550109",
            Setting::FallbackNumber,
            Settings { fallback_number: "+14155550109".parse().ok(), ..none.clone() },
        ),
        (
            "inbound-countries: us,ca",
            Setting::AllowedInboundCountryList,
            Settings { allowed_inbound_country_list: vec!["CA".into(), "US".into()], ..none.clone() },
        ),
        (
            "outbound-countries: us",
            Setting::AllowedOutboundCountryList,
            Settings { allowed_outbound_country_list: vec!["US".into()], ..none.clone() },
        ),
        ("nickname: New: one", Setting::Nickname, Settings { nickname: text("New: one"), ..none.clone() }),
        (
            "termination-uri: b.example.com",
            Setting::TerminationUri,
            Settings { termination_uri: text("b.example.com"), ..none.clone() },
        ),
        ("transport: udp", Setting::Transport, Settings { transport: text("UDP"), ..none.clone() }),
        ("transport:", Setting::Transport, none.clone()),
        (
            "codecs: PCMU , OPUS",
            Setting::Codecs,
            Settings { codecs: Some(vec!["PCMU".into(), "OPUS".into()]), ..none.clone() },
        ),
        ("codecs:", Setting::Codecs, none.clone()),
        ("codecs: none", Setting::Codecs, none.clone()),
        ("  webhook : none  ", Setting::InboundWebhookUrl, none.clone()),
    ];
    let (folders, allowed) = (crate::model::made_up::two_workspaces().agents, Allowed::new());
    for (line, setting, target) in cases {
        let mut edit = edit();
        read(&format!("# x: y\n\n{line}\n"), "", &mut edit, (&folders, &allowed)).unwrap();
        assert_eq!(edit.asked.iter().copied().collect::<Vec<_>>(), [setting], "{line}");
        assert_eq!(edit.target, target, "{line}");
    }
    for (line, message) in [
        ("nick: x", "line 2: there is no setting `nick`"),
        ("transport: sctp", "line 2: expected `TLS`, `TCP` or `UDP`"),
        ("nickname: x\nnickname: y", "line 3: `nickname` stands twice"),
        ("inbound-agent: agents/nobody", "line 2: there is no agent `agents/nobody`"),
    ] {
        let result = read(&format!("\n{line}\n"), "", &mut edit(), (&folders, &allowed));
        assert_eq!(result.unwrap_err().message, message);
    }
}

#[test]
fn what_stood_there_before_is_no_change_but_for_blanks_at_its_end_on_either_side() {
    for (text, written) in [("nickname: A  \n", "nickname: A\n"), ("nickname: A\n", "nickname: A  \n")] {
        let mut unchanged = edit();
        read(text, written, &mut unchanged, (&AgentFolders::default(), &Allowed::new())).unwrap();
        assert_eq!(unchanged, edit(), "{text:?} {written:?}");
    }
}
