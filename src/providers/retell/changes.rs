//! Many changes of a workspace's numbers side by side: each is sent once, and what is under way is always awaited.

use std::cell::{Cell, RefCell};
use std::future::ready;

use futures_util::stream::{self, StreamExt};

use super::requests::{FieldRequest, ImportRequest, UpdateRequest};
use super::workspace::{ChangeError, Workspace};
use crate::change::{Action, Edit, Setting, Settings};
use crate::model::registry::DEFAULT_TRANSPORT;
use crate::providers::interruption;
use crate::providers::progress::Progress;
use crate::reconcile::live::RetellNumber;

/// Changes that are under way at a time.
const AT_A_TIME: usize = 8;
/// After so many failures in a row the provider is not asked any further.
const FAILURES_IN_A_ROW: usize = 8;

/// What a provider answered to one change: the number, or none where it was deleted.
pub type Answered = Result<Option<RetellNumber>, ChangeError>;

/// Why changes were not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// The user pressed Ctrl-C, or the process was asked to end.
    Interrupted,
    /// Too many failed, one after the other.
    TooManyFailures,
}

#[derive(Debug)]
pub struct Changed {
    /// The answers in the order of the edits; none where nothing was sent.
    pub answers: Vec<Option<Answered>>,
    /// Why nothing more may be sent, though all of these may have been sent by then.
    pub stopped: Option<Stopped>,
}

/// One change, as it is sent.
#[derive(Clone, Debug)]
pub(super) enum Request {
    /// An import, and what is set after it because it cannot carry it.
    Import(Box<ImportRequest>, Option<Box<UpdateRequest>>),
    Update(Box<UpdateRequest>),
    Delete,
}

impl Request {
    fn of(edit: &Edit) -> Self {
        match edit.action {
            Action::Import => Self::Import(Box::new(import(edit)), later(edit)),
            Action::Update => Self::Update(Box::new(update(edit))),
            Action::Delete => Self::Delete,
        }
    }
}

impl Workspace {
    /// Sends each edit once, a few at a time. Being asked to end, or a row of failures, ends the sending; what is under way
    /// then is awaited.
    pub fn change_each(&self, edits: &[&Edit], progress: &Progress) -> Changed {
        let stopped = Cell::new(None);
        let failures = Cell::new(0);
        let answers = RefCell::new(edits.iter().map(|_| None).collect::<Vec<_>>());
        let connection = self.connect(progress);
        let interrupted = async {
            interruption::asked_to_end().await;
            stopped.set(Some(Stopped::Interrupted));
        };
        let goes_on = |_: &(usize, &&Edit)| {
            if failures.get() >= FAILURES_IN_A_ROW {
                stopped.set(Some(Stopped::TooManyFailures));
            }
            ready(stopped.get().is_none())
        };
        let one = |(index, edit): (usize, &&Edit)| {
            let request = Request::of(edit);
            let (number, connection, failures, answers) = (edit.phone_number, &connection, &failures, &answers);
            async move {
                let answer = self.answer(connection, number, &request).await;
                failures.set(if answer.is_ok() { 0 } else { failures.get() + 1 });
                connection.line.advance(1);
                answers.borrow_mut()[index] = Some(answer);
            }
        };
        let sending = stream::iter(edits.iter().enumerate()).take_until(interrupted).take_while(goes_on);
        self.runtime.block_on(sending.map(one).buffer_unordered(AT_A_TIME).collect::<Vec<()>>());
        Changed { answers: answers.into_inner(), stopped: stopped.get() }
    }
}

/// A change of one field: absent unless it is asked for, null where it is to be empty.
fn field<T>(edit: &Edit, setting: Setting, value: Option<T>) -> FieldRequest<T> {
    match (edit.asked.contains(&setting), value) {
        (false, _) => FieldRequest::Keep,
        (true, None) => FieldRequest::Clear,
        (true, Some(value)) => FieldRequest::Set(value),
    }
}

fn filled<T: Clone>(list: &[T]) -> Option<Vec<T>> {
    (!list.is_empty()).then(|| list.to_vec())
}

/// The word for the transport, the default one as well.
fn transport(target: &Settings) -> String {
    target.transport.clone().unwrap_or_else(|| DEFAULT_TRANSPORT.to_owned())
}

fn update(edit: &Edit) -> UpdateRequest {
    let target = &edit.target;
    let fixed = |setting: Setting, value: &Option<String>| value.clone().filter(|_| edit.asked.contains(&setting));
    UpdateRequest {
        inbound_agents: field(edit, Setting::InboundAgents, filled(&target.inbound_agents)),
        outbound_agents: field(edit, Setting::OutboundAgents, filled(&target.outbound_agents)),
        inbound_sms_agents: field(edit, Setting::InboundSmsAgents, filled(&target.inbound_sms_agents)),
        outbound_sms_agents: field(edit, Setting::OutboundSmsAgents, filled(&target.outbound_sms_agents)),
        nickname: field(edit, Setting::Nickname, target.nickname.clone()),
        inbound_webhook_url: field(edit, Setting::InboundWebhookUrl, target.inbound_webhook_url.clone()),
        inbound_sms_webhook_url: field(edit, Setting::InboundSmsWebhookUrl, target.inbound_sms_webhook_url.clone()),
        fallback_number: field(edit, Setting::FallbackNumber, target.fallback_number),
        allowed_inbound_country_list: field(
            edit,
            Setting::AllowedInboundCountryList,
            filled(&target.allowed_inbound_country_list),
        ),
        allowed_outbound_country_list: field(
            edit,
            Setting::AllowedOutboundCountryList,
            filled(&target.allowed_outbound_country_list),
        ),
        termination_uri: fixed(Setting::TerminationUri, &target.termination_uri),
        auth_username: fixed(Setting::AuthUsername, &target.auth_username),
        auth_password: edit.trunk.password.clone(),
        transport: field(edit, Setting::Transport, Some(transport(target))),
        codecs: edit.asked.contains(&Setting::Codecs).then(|| target.codecs.clone().unwrap_or_default()),
    }
}

/// What was asked for and an import cannot carry.
fn later(edit: &Edit) -> Option<Box<UpdateRequest>> {
    let mut rest = Edit::new(Action::Update, edit.workspace.clone(), edit.phone_number);
    let asked = edit.asked.iter().filter(|setting| !setting.is_carried_by_import() && !edit.target.is_unset(**setting));
    asked.for_each(|setting| rest.ask(*setting, &edit.target));
    (!rest.is_empty()).then(|| Box::new(update(&rest)))
}

fn import(edit: &Edit) -> ImportRequest {
    let target = &edit.target;
    ImportRequest {
        auth_username: target.auth_username.clone(),
        auth_password: edit.trunk.password.clone(),
        inbound_agents: filled(&target.inbound_agents),
        outbound_agents: filled(&target.outbound_agents),
        nickname: target.nickname.clone(),
        inbound_webhook_url: target.inbound_webhook_url.clone(),
        allowed_inbound_country_list: filled(&target.allowed_inbound_country_list),
        allowed_outbound_country_list: filled(&target.allowed_outbound_country_list),
        transport: edit.asked.contains(&Setting::Transport).then(|| transport(target)),
        codecs: target.codecs.clone(),
        ..ImportRequest::new(edit.phone_number, target.termination_uri.clone().unwrap_or_default())
    }
}
