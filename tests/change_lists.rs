//! What the rows of a list ask for, where an agent is replaced, and what an import finds: the whole edits, or the whole
//! refusals.

use phone_dir::change::binding::AgentName;
use phone_dir::change::bulk::{ASSIGN_COLUMNS, IMPORT_COLUMNS, RowContext};
use phone_dir::change::replace::Replacement;
use phone_dir::change::{Action, Allowed, Binding, Edit, Objection, Rail, list};
use phone_dir::model::WorkspaceName;

use crate::change_plans::{asked, changed, healthy, without};
use crate::validate::project::*;

/// What each row asks for, or what is wrong with it and what to do.
fn read(
    columns: &[&'static str],
    action: Action,
    workspace: Option<&WorkspaceName>,
    allowed: &[Rail],
    text: &str,
) -> Result<Vec<String>, Vec<String>> {
    let directory = without(healthy(), "production", SECOND);
    let allowed: Allowed = allowed.iter().copied().collect();
    let rows = list::read(text, columns).unwrap();
    let edits = RowContext { directory: &directory, workspace, allowed: &allowed }.edits(&rows, action, |_, _| Ok(()));
    edits
        .map(|found| found.edits.iter().map(|edit| format!("{}: {}", edit.line.unwrap(), asked(edit))).collect())
        .map_err(|found| found.iter().map(|(line, it)| format!("{line}: {}", refusal(it))).collect())
}

fn refusal(objection: &Objection) -> String {
    let hint = objection.hint.as_ref().map(|hint| format!(" [{hint}]")).unwrap_or_default();
    format!("{}{hint}", objection.message)
}

fn assigned_by(text: &str) -> Result<Vec<String>, Vec<String>> {
    read(&ASSIGN_COLUMNS, Action::Update, Some(&name("staging")), &[], text)
}

fn imported_by(text: &str) -> Result<Vec<String>, Vec<String>> {
    read(&IMPORT_COLUMNS, Action::Import, Some(&name("staging")), &[], text)
}

fn one(text: String) -> Vec<String> {
    vec![text]
}

#[test]
fn a_row_asks_for_what_its_cells_say_and_nothing_else() {
    for (cells, asked) in [
        ("agent|agents/sales", "inbound_agents=`agent_staging_sales` outbound_agents=`agent_staging_sales`"),
        ("inbound_agent|agents/sales", "inbound_agents=`agent_staging_sales`"),
        ("outbound_agent|agents/sales@2", "outbound_agents=`agent_staging_sales@2`"),
        ("nickname|Desk", "nickname=`Desk`"),
        ("webhook|https://hooks.example.com/a", "inbound_webhook_url=`https://hooks.example.com/a`"),
    ] {
        let (column, cell) = cells.split_once('|').unwrap();
        assert_eq!(
            assigned_by(&format!("phone_number,{column}\n{FIRST},{cell}\n")),
            Ok(one(format!("2: Update {FIRST} in staging: {asked}")))
        );
    }
    assert_eq!(
        assigned_by(&format!(
            "phone_number,workspace,agent\n(415) 555-0123,production,agents/sales\n{SECOND},,agents/sales\n"
        )),
        Ok(vec![
            format!(
                "2: Update {FIRST} in production: \
                 inbound_agents=`agent_production_sales` outbound_agents=`agent_production_sales`"
            ),
            format!(
                "3: Update {SECOND} in staging: inbound_agents=`agent_staging_sales` outbound_agents=`agent_staging_sales`"
            ),
        ])
    );
}

#[test]
fn a_row_of_an_import_has_its_trunk() {
    let new = "+14155550199";
    for (cells, asked) in [
        ("|", ""),
        ("username|user", " auth_username=`user`"),
        ("username|none", " auth_username=none"),
        ("transport|TLS", " transport=`TLS`"),
    ] {
        let (column, cell) = cells.split_once('|').unwrap();
        let (column, cell) = if column.is_empty() { ("nickname", "") } else { (column, cell) };
        assert_eq!(
            imported_by(&format!("phone_number,termination_uri,{column}\n{new},sip.example.com,{cell}\n")),
            Ok(one(format!("2: Import {new} in staging: termination_uri=`sip.example.com`{asked}")))
        );
    }
    assert_eq!(
        imported_by(&format!("phone_number,nickname\n{new},Desk\n0199,x\n")),
        Err(vec![
            "2: `termination_uri` is missing".to_owned(),
            "3: `0199` is not a number: expected a phone number in E.164 form, such as `+14155550123`".to_owned(),
        ])
    );
}

#[test]
fn each_row_is_refused_for_its_own_reason() {
    for (text, refusal) in [
        (
            "phone_number,agent\n,agents/sales\n".to_owned(),
            "`phone_number` is missing [each row needs one: fill the cell, or take the row out of the list]".to_owned(),
        ),
        (format!("phone_number,agent\n{FIRST},\n"), "the row asks for nothing".to_owned()),
        (
            format!("phone_number,agent,inbound_agent\n{FIRST},agents/sales,agents/sales\n"),
            "both `agent` and `inbound_agent` are given".to_owned(),
        ),
        (
            format!("phone_number,workspace,agent\n{FIRST},eu,agents/sales\n"),
            "unknown workspace `eu` [there are `staging`, `production`]".to_owned(),
        ),
        (
            format!("phone_number,workspace,agent\n{SECOND},production,agents/sales\n"),
            format!(
                "{SECOND} is not imported in `production` [bring it in with `phone-dir phone import`, or run \
                 `phone-dir sync`]"
            ),
        ),
        (
            "phone_number,agent\n+14155550129,agents/sales\n".to_owned(),
            format!("number `+14155550129` is not in the directory [the nearest are `{FIRST}`, `{SECOND}`]"),
        ),
    ] {
        assert_eq!(assigned_by(&text), Err(one(format!("2: {refusal}"))), "{text}");
    }
    let twice = format!("phone_number,nickname\n{FIRST},a\n{FIRST},b\n");
    assert_eq!(assigned_by(&twice), Err(one(format!("3: {FIRST} is in the list twice for `staging`"))));
    let unnamed = format!("phone_number,nickname\n{FIRST},a\n");
    assert_eq!(
        read(&ASSIGN_COLUMNS, Action::Update, None, &[], &unnamed),
        Err(one("2: the row names no workspace [fill the column `workspace`, or give `--workspace`]".to_owned()))
    );
    let unknown = format!("phone_number,workspace,nickname\n{SECOND},production,a\n");
    assert_eq!(
        read(&ASSIGN_COLUMNS, Action::Update, None, &[Rail::Overwriting], &unknown),
        Ok(one(format!("2: Update {SECOND} in production: nickname=`a`")))
    );
}

#[test]
fn an_agent_is_replaced_wherever_it_is_bound_and_nowhere_else() {
    let directory = changed(|directory| {
        assigned(directory, "staging", SECOND).outbound_agent_id = None;
        assigned(directory, "staging", FIRST).inbound_sms_agents =
            Some(vec![phone_dir::model::AgentWeight::only(agent_id("agent_staging_sales"))]);
    });
    let workspaces = [name("staging"), name("production")];
    let replaced = |from: AgentName, to: &str| {
        let to = Binding::parse(to).unwrap();
        let edits = Replacement { from: &from, to: &to }.edits(&directory, &workspaces, &Allowed::default());
        edits.map(|edits| edits.iter().map(asked).collect::<Vec<_>>()).map_err(|objection| refusal(&objection))
    };
    let id = |text: &str| AgentName::Id(agent_id(text));
    let sms = format!("Update {FIRST} in staging: inbound_sms_agents=`agent_staging_customer_service`");
    let inbound = format!("Update {SECOND} in staging: inbound_agents=`agent_staging_customer_service`");
    let both = format!(
        "Update {SECOND} in production: inbound_agents=`agent_production_customer_service` \
         outbound_agents=`agent_production_customer_service`"
    );
    let to = "agents/customer-service";
    assert_eq!(replaced(AgentName::Path(agent_path("agents/sales")), to), Ok(vec![sms.clone(), inbound.clone(), both]));
    assert_eq!(replaced(id("agent_staging_sales"), to), Ok(vec![sms, inbound]));
    assert_eq!(replaced(id("agent_of_nobody"), to), Ok(Vec::new()));
    let unknown = replaced(id("agent_of_nobody"), "agents/unknown").unwrap_err();
    assert!(unknown.contains("agents/unknown"), "{unknown}");
}

#[test]
fn an_import_of_what_is_there_already_is_done_or_says_what_differs() {
    use crate::change_plans::{guarded, live, with_nickname as nicknamed};
    use phone_dir::change::{Setting, Verdict};
    let mut import = Edit::new(Action::Import, name("staging"), number(FIRST));
    import.ask(Setting::Nickname, &nicknamed("Desk"));
    let judge = |now: &str| guarded(&[], |guards| import.judge(None, Some(&live(&nicknamed(now))), guards));
    assert_eq!(judge("Desk"), Verdict::Nothing);
    let Verdict::Refuse(objection) = judge("Another") else { panic!("not refused") };
    assert_eq!(
        refusal(&objection),
        format!(
            "Retell's workspace `staging` has {FIRST} already, with another `nickname` [change it with `phone-dir phone \
             update`]"
        )
    );
}
