//! A number's settings as a short text for an editor, and what a person made of it.
//!
//! A line is `name: value`, with the names of the options of `phone update`; what stands behind `#` is for the reader.

use super::{Allowed, Binding, Edit, Objection, Setting, Settings, Transport, values};
use crate::model::registry::DEFAULT_TRANSPORT;
use crate::model::{AgentFolders, LiveRecord, WorkspaceName};

/// The decisions by their names in the text, in its order.
const NAMES: [(&str, Setting); 13] = [
    ("inbound-agent", Setting::InboundAgents),
    ("outbound-agent", Setting::OutboundAgents),
    ("inbound-sms-agent", Setting::InboundSmsAgents),
    ("outbound-sms-agent", Setting::OutboundSmsAgents),
    ("webhook", Setting::InboundWebhookUrl),
    ("sms-webhook", Setting::InboundSmsWebhookUrl),
    ("fallback", Setting::FallbackNumber),
    ("inbound-countries", Setting::AllowedInboundCountryList),
    ("outbound-countries", Setting::AllowedOutboundCountryList),
    ("nickname", Setting::Nickname),
    ("termination-uri", Setting::TerminationUri),
    ("transport", Setting::Transport),
    ("codecs", Setting::Codecs),
];

/// Writes the settings, below a few words to the reader.
pub fn write(
    settings: &Settings,
    record: Option<&LiveRecord>,
    (folders, workspace): (&AgentFolders, &WorkspaceName),
    title: &str,
) -> String {
    let mut text = format!(
        "# {title}\n# Change what is to be decided, save, and close the editor; an unchanged text decides nothing.\n\
         # Agents: a folder, a name or an id, `@VERSION` behind it; several as `agents/a=0.8,agents/b=0.2`; or `none`.\n\n"
    );
    for (name, setting) in NAMES {
        let live = record.filter(|record| record.has(setting));
        let live = live.map(|record| format!("# live: {}\n", value(record.is(), setting, folders, workspace)));
        text.push_str(&live.unwrap_or_default());
        text.push_str(&format!("{name}: {}\n", value(settings, setting, folders, workspace)));
    }
    text
}

fn value(settings: &Settings, setting: Setting, folders: &AgentFolders, workspace: &WorkspaceName) -> String {
    let text = settings.text(setting, &|id| folders.path_or_id(workspace, id));
    if text.is_empty() { "none".to_owned() } else { text.replace(['\n', '\r'], " ") }
}

/// Asks `edit` for the lines that differ from the text as it was written.
///
/// # Errors
/// A line that has no known name, or whose value makes no sense; it is named by its place.
pub fn read(
    text: &str,
    written: &str,
    edit: &mut Edit,
    (folders, allowed): (&AgentFolders, &Allowed),
) -> Result<(), Objection> {
    for (at, line) in text.lines().enumerate() {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') || written.lines().any(|known| known.trim_end() == line) {
            continue;
        }
        let of_line = |objection: Objection| Objection {
            message: format!("line {}: {}", at + 1, objection.message),
            ..objection
        };
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let known = NAMES.iter().find(|(known, _)| *known == name.trim());
        let Some((_, setting)) = known else {
            let names = NAMES.map(|(name, _)| format!("`{name}`")).join(", ");
            let objection = Objection::mistake(format!("there is no setting `{}`", name.trim().escape_debug()));
            return Err(of_line(objection.hint(format!("the settings are {names}"))));
        };
        if edit.asked.contains(setting) {
            return Err(of_line(Objection::mistake(format!("`{}` stands twice", name.trim()))));
        }
        ask(edit, *setting, value.trim(), (folders, allowed)).map_err(of_line)?;
    }
    Ok(())
}

fn ask(
    edit: &mut Edit,
    setting: Setting,
    text: &str,
    (folders, allowed): (&AgentFolders, &Allowed),
) -> Result<(), Objection> {
    let none = Settings::default();
    let wrong = |message: String| Objection::mistake(message);
    let given = match setting {
        _ if setting.is_agents() => {
            let agents = Binding::parse(text).map_err(wrong)?.resolve(folders, &edit.workspace, allowed)?;
            none.with_agents(setting, agents)
        }
        Setting::InboundWebhookUrl => Settings { inbound_webhook_url: values::webhook(text).map_err(wrong)?, ..none },
        Setting::InboundSmsWebhookUrl => {
            Settings { inbound_sms_webhook_url: values::webhook(text).map_err(wrong)?, ..none }
        }
        Setting::FallbackNumber => Settings { fallback_number: values::fallback(text).map_err(wrong)?, ..none },
        Setting::AllowedInboundCountryList => {
            Settings { allowed_inbound_country_list: values::countries(text).map_err(wrong)?, ..none }
        }
        Setting::AllowedOutboundCountryList => {
            Settings { allowed_outbound_country_list: values::countries(text).map_err(wrong)?, ..none }
        }
        Setting::TerminationUri => {
            Settings { termination_uri: Some(values::termination_uri(text).map_err(wrong)?), ..none }
        }
        Setting::Transport => {
            let text = if text.is_empty() { DEFAULT_TRANSPORT } else { text };
            let transport = text.parse::<Transport>().map_err(|error| wrong(error.to_owned()))?;
            Settings { transport: transport.setting(), ..none }
        }
        Setting::Codecs => {
            let codecs: Vec<_> = text.split(',').map(|codec| codec.trim().to_owned()).collect();
            Settings { codecs: Some(codecs).filter(|_| !matches!(text, "" | "none")), ..none }
        }
        _ => Settings { nickname: values::nickname(text), ..none },
    };
    edit.ask(setting, &given);
    Ok(())
}

#[cfg(test)]
mod tests {
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
                        # Agents: `agents/NAME` or an id, `@VERSION` behind it; several as `agents/a=0.8,agents/b=0.2`; or `none`.\n\n\
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
            ("inbound-agent: x", Setting::InboundAgents, Settings { inbound_agents: agent("x"), ..none.clone() }),
            ("outbound-agent: x", Setting::OutboundAgents, Settings { outbound_agents: agent("x"), ..none.clone() }),
            (
                "inbound-sms-agent: x",
                Setting::InboundSmsAgents,
                Settings { inbound_sms_agents: agent("x"), ..none.clone() },
            ),
            (
                "outbound-sms-agent: x",
                Setting::OutboundSmsAgents,
                Settings { outbound_sms_agents: agent("x"), ..none.clone() },
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
        let (folders, allowed) = (AgentFolders::default(), Allowed::new());
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
        // What stood there before, but for blanks at its end, is no change.
        let mut unchanged = edit();
        read("nickname: A  \n", "nickname: A\n", &mut unchanged, (&folders, &allowed)).unwrap();
        assert!(unchanged.is_empty());
    }
}
