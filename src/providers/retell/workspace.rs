//! Single numbers of a workspace: look one up, import, update, delete. A change is sent once.

use reqwest::Method;
use serde::Serialize;
use serde_json::Value;
use tokio::runtime::Runtime;
use url::Url;

use super::requests::{ImportRequest, UpdateRequest};
use super::{connect, wire};
use crate::error::{Error, Result};
use crate::model::PhoneNumber;
use crate::model::workspaces_file::ApiKey;
use crate::providers::answer::{Field, Object};
use crate::providers::clients::Clients;
use crate::providers::credentials::RetellCredentials;
use crate::providers::failure::{Cause, Failure};
use crate::providers::http::{Ask, Connection, Expected};
use crate::providers::progress::{Progress, ProgressMode};
use crate::providers::retry::Limits;
use crate::providers::runtime;
use crate::reconcile::live::RetellNumber;

/// Why a change did not come to a good end.
#[derive(Debug)]
pub enum ChangeError {
    /// Nothing was changed: the provider said no, or never got the request.
    NotMade(Error),
    /// The request was sent, and no answer says whether it was done; exit code 3.
    Unknown(Error),
}

impl From<ChangeError> for Error {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::NotMade(error) | ChangeError::Unknown(error) => error,
        }
    }
}

/// One workspace, for calls that wait for their answer.
#[derive(Debug)]
pub struct Workspace {
    credentials: RetellCredentials,
    clients: Clients,
    runtime: Runtime,
}

impl Workspace {
    /// Prepares to ask; nothing is sent yet.
    pub fn new(credentials: RetellCredentials, limits: Limits) -> Result<Self> {
        Ok(Self { credentials, clients: Clients::new(limits), runtime: runtime()? })
    }

    /// The number as Retell has it now; none where the workspace does not have it.
    pub fn get(&self, number: PhoneNumber) -> Result<Option<RetellNumber>> {
        let connection = self.connect();
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

    /// Brings a number into the workspace.
    pub fn import(&self, request: &ImportRequest) -> Result<RetellNumber, ChangeError> {
        let url = self.url(&["import-phone-number"]);
        self.change(Method::POST, url, request, request.auth_password.as_ref())
    }

    /// Changes what `request` names, and nothing else.
    pub fn update(&self, number: PhoneNumber, request: &UpdateRequest) -> Result<RetellNumber, ChangeError> {
        let url = self.url(&["update-phone-number", number.as_str()]);
        self.change(Method::PATCH, url, request, request.auth_password.as_ref())
    }

    /// Takes a number out of the workspace.
    pub fn delete(&self, number: PhoneNumber) -> Result<(), ChangeError> {
        let url = self.url(&["delete-phone-number", number.as_str()]);
        let ask = Ask { method: Method::DELETE, expected: Expected::Nothing, ..Ask::get(&self.credentials.base, url) };
        let connection = self.connect();
        self.runtime.block_on(connection.change(&ask)).map_err(|failure| judge(&failure, &connection))?;
        Ok(())
    }

    fn change(
        &self,
        method: Method,
        url: Url,
        request: &impl Serialize,
        secret: Option<&ApiKey>,
    ) -> Result<RetellNumber, ChangeError> {
        let connection = self.connect();
        let mut ask = Ask { method, secret, ..Ask::get(&self.credentials.base, url) };
        let body = serde_json::to_vec(request)
            .map_err(|_| judge(&Failure::new(Cause::Unsendable, ask.endpoint()), &connection))?;
        ask.body = Some(body);
        let answer = self.runtime.block_on(connection.change(&ask)).map_err(|failure| judge(&failure, &connection))?;
        one(&answer).map_err(|cause| judge(&Failure::new(cause, ask.endpoint()), &connection))
    }

    fn connect(&self) -> Connection<'_> {
        connect(&self.clients, &self.credentials, &Progress::new(ProgressMode::Silent))
    }

    fn url(&self, parts: &[&str]) -> Url {
        self.credentials.base.at(parts, &[])
    }
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
