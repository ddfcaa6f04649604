//! Single numbers of a workspace: look one up, import, update, delete. A change is sent once.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::Value;
use tokio::runtime::Runtime;
use url::Url;

use super::changes::Request;
use super::requests::ChangeBody;
use super::{agents, connect, organisation, wire};
use crate::error::{Error, Result};
use crate::model::{AgentId, PhoneNumber};
use crate::providers::answer::{Field, Object};
use crate::providers::clients::Clients;
use crate::providers::credentials::RetellCredentials;
use crate::providers::failure::{Cause, Failure};
use crate::providers::http::{Ask, Connection, Expected};
use crate::providers::progress::Progress;
use crate::providers::retry::RetryLimits;
use crate::providers::runtime;
use crate::reconcile::live::{Organisation, RetellNumber};

/// Why a change did not come to a good end.
#[derive(Debug)]
pub enum ChangeError {
    /// Nothing was changed: the provider said no, or never got the request.
    NotMade(Error),
    /// The request was sent, and no answer says whether it was done; exit code 3.
    Unknown(Error),
    /// The number was imported, and what an import cannot carry was not set.
    InPart(Error),
}

impl From<ChangeError> for Error {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::NotMade(error) | ChangeError::Unknown(error) | ChangeError::InPart(error) => error,
        }
    }
}

/// One workspace, for calls that wait for their answer.
#[derive(Debug)]
pub struct Workspace {
    credentials: RetellCredentials,
    clients: Clients,
    pub(super) runtime: Runtime,
}

impl Workspace {
    /// Prepares to ask; nothing is sent yet.
    pub fn new(credentials: RetellCredentials, limits: RetryLimits) -> Result<Self> {
        Ok(Self { credentials, clients: Clients::new(limits), runtime: runtime()? })
    }

    /// The number as Retell has it now; none where the workspace does not have it.
    pub fn get(&self, number: PhoneNumber) -> Result<Option<RetellNumber>> {
        let connection = self.connect(&Progress::silent());
        let ask = Ask::get(&self.credentials.base, self.url(&["get-phone-number", number.as_str()]));
        match self.runtime.block_on(connection.read(&ask)) {
            Ok(answer) => {
                one(&answer).map(Some).map_err(|cause| Failure::new(cause, ask.endpoint()).describe(&connection.whom))
            }
            // Retell documents 422 ("cannot find requested asset") where others say 404.
            Err(failure) if matches!(failure.status, Some(404 | 422)) => Ok(None),
            Err(failure) => Err(failure.describe(&connection.whom)),
        }
    }

    /// The organisation that the key belongs to.
    pub fn organisation(&self) -> Organisation {
        let connection = self.connect(&Progress::silent());
        self.runtime.block_on(organisation::read(&connection, &self.credentials.base))
    }

    /// The names of agents that no folder describes; one that Retell does not list has none.
    pub fn agent_names(&self, wanted: BTreeSet<AgentId>) -> Result<BTreeMap<AgentId, String>> {
        let connection = self.connect(&Progress::silent());
        let names = self.runtime.block_on(agents::names(&connection, &self.credentials.base, wanted));
        names.map_err(|failure| failure.describe(&connection.whom))
    }

    /// Sends one change of `number`.
    pub(super) async fn answer(
        &self,
        connection: &Connection<'_>,
        number: PhoneNumber,
        request: &Request,
    ) -> Result<Option<RetellNumber>, ChangeError> {
        match request {
            Request::Import(request, None) => self.send_import(connection, request).await.map(Some),
            Request::Import(request, Some(later)) => {
                self.send_import(connection, request).await?;
                self.send_update(connection, number, later).await.map(Some).map_err(|error| in_part(number, error))
            }
            Request::Update(request) => self.send_update(connection, number, request).await.map(Some),
            Request::Delete => self.send_delete(connection, number).await.map(|()| None),
        }
    }

    async fn send_import(&self, connection: &Connection<'_>, body: &ChangeBody) -> Result<RetellNumber, ChangeError> {
        let ask = Ask { method: Method::POST, ..self.ask(&["import-phone-number"]) };
        change(connection, ask, body).await
    }

    async fn send_update(
        &self,
        connection: &Connection<'_>,
        number: PhoneNumber,
        body: &ChangeBody,
    ) -> Result<RetellNumber, ChangeError> {
        let ask = Ask { method: Method::PATCH, ..self.ask(&["update-phone-number", number.as_str()]) };
        change(connection, ask, body).await
    }

    async fn send_delete(&self, connection: &Connection<'_>, number: PhoneNumber) -> Result<(), ChangeError> {
        let ask = self.ask(&["delete-phone-number", number.as_str()]);
        let ask = Ask { method: Method::DELETE, expected: Expected::Nothing, ..ask };
        connection.change(&ask).await.map_err(|failure| judge(&failure, connection))?;
        Ok(())
    }

    fn ask(&self, parts: &[&str]) -> Ask<'_> {
        Ask::get(&self.credentials.base, self.url(parts))
    }

    pub(super) fn connect(&self, progress: &Progress) -> Connection<'_> {
        connect(&self.clients, &self.credentials, progress)
    }

    fn url(&self, parts: &[&str]) -> Url {
        self.credentials.base.at(parts, &[])
    }
}

async fn change<'a>(
    connection: &Connection<'_>,
    mut ask: Ask<'a>,
    body: &'a ChangeBody,
) -> Result<RetellNumber, ChangeError> {
    ask.secret = body.password.as_ref().map(|(_, password)| password);
    let text =
        serde_json::to_vec(body).map_err(|_| judge(&Failure::new(Cause::Unsendable, ask.endpoint()), connection))?;
    ask.body = Some(text);
    let answer = connection.change(&ask).await.map_err(|failure| judge(&failure, connection))?;
    one(&answer).map_err(|cause| judge(&Failure::new(cause, ask.endpoint()), connection))
}

fn in_part(number: PhoneNumber, error: ChangeError) -> ChangeError {
    let what = format!("{number} was imported, and its SMS agents, SMS webhook or fallback number could not be set");
    let error = Error::from(error);
    ChangeError::InPart(Error::failed(what).caused_by(error).hint("set them with `phone-dir phone update`"))
}

fn judge(failure: &Failure, connection: &Connection<'_>) -> ChangeError {
    if failure.is_ambiguous() {
        ChangeError::Unknown(failure.describe_unknown(&connection.whom))
    } else {
        ChangeError::NotMade(failure.describe(&connection.whom))
    }
}

fn one(answer: &Value) -> Field<RetellNumber> {
    let object = Object::whole(answer)?;
    let number = wire::number(&object, &mut Vec::new())?;
    number.ok_or_else(|| object.wrong("phone_number", "a number in E.164 form"))
}
