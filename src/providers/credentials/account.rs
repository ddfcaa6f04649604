//! Which Twilio account is asked, with which key, and at which addresses.

use super::{KeySource, filled, required, unset};
use crate::error::{Error, Result};
use crate::model::sid::AccountSid;
use crate::model::workspaces_file::ApiKey;
use crate::providers::base_url::BaseUrl;
use crate::providers::environment::{Environment, Variable, VariablePlace};

/// How to ask Twilio about one account.
#[derive(Clone, Debug)]
pub struct TwilioCredentials {
    pub account: AccountSid,
    /// The user of basic authentication: the account's SID, or an API key's.
    pub user: String,
    /// The auth token, or the API key's secret.
    pub secret: ApiKey,
    /// Where the secret came from.
    pub source: KeySource,
    pub api: BaseUrl,
    pub trunking: BaseUrl,
}

/// Finds Twilio's account and key: an API key and its secret, or else the account's auth token.
///
/// Where the process environment has the auth token and only `.env` has the API key, the process wins.
pub fn twilio(environment: &Environment) -> Result<TwilioCredentials> {
    let account = account(&required(environment, "TWILIO_ACCOUNT_SID")?)?;
    let (user, secret) = twilio_key(environment, account)?;
    let api = twilio_base(environment, "TWILIO_API_URL", "api")?;
    let trunking = twilio_base(environment, "TWILIO_TRUNKING_URL", "trunking")?;
    refuse_half_a_redirect(&api, &trunking)?;
    let source = KeySource::from(&secret);
    Ok(TwilioCredentials { account, user, secret: secret.value, source, api, trunking })
}

/// Where Twilio's price list is asked for; where the account is a test server's, so has the price list to be.
pub fn twilio_pricing(environment: &Environment, credentials: &TwilioCredentials) -> Result<BaseUrl> {
    let pricing = twilio_base(environment, "TWILIO_PRICING_URL", "pricing")?;
    if pricing.is_loopback() == credentials.api.is_loopback() {
        return Ok(pricing);
    }
    Err(Error::failed("only one of `TWILIO_API_URL` and `TWILIO_PRICING_URL` is on this machine")
        .hint("set both, or unset both"))
}

fn twilio_key(environment: &Environment, account: AccountSid) -> Result<(String, Variable)> {
    let [user, secret, token] =
        ["TWILIO_API_KEY", "TWILIO_API_SECRET", "TWILIO_AUTH_TOKEN"].map(|name| filled(environment, name));
    match (user, secret, token) {
        (Some(user), Some(secret), token) => match token {
            Some(token) if token.place == VariablePlace::Process && secret.place == VariablePlace::DotEnv => {
                Ok((account.to_string(), token))
            }
            _ => Ok((user.value.reveal().to_owned(), secret)),
        },
        (_, _, Some(token)) => Ok((account.to_string(), token)),
        (Some(user), None, None) => {
            Err(unset(environment, "TWILIO_API_SECRET").hint(format!("{user} needs its secret")))
        }
        (None, Some(secret), None) => Err(unset(environment, "TWILIO_API_KEY").hint(format!("{secret} needs its key"))),
        (None, None, None) => Err(unset(environment, "TWILIO_AUTH_TOKEN")
            .hint("set `TWILIO_AUTH_TOKEN`, or `TWILIO_API_KEY` and `TWILIO_API_SECRET`")),
    }
}

fn account(variable: &Variable) -> Result<AccountSid> {
    AccountSid::parse(variable.value.reveal()).map_err(|source| {
        Error::failed(format!("{variable} is not an account's SID"))
            .caused_by(source)
            .hint("copy the account SID from the first page of the Twilio console")
    })
}

fn twilio_base(environment: &Environment, name: &str, product: &str) -> Result<BaseUrl> {
    if let Some(address) = environment.find_steering(name) {
        return BaseUrl::parse(address, &format!("`{name}` in the environment"));
    }
    let host = twilio_host(environment, product)?;
    BaseUrl::parse(&format!("https://{host}"), "the address of `TWILIO_EDGE` and `TWILIO_REGION`")
}

/// The host of one of Twilio's products, composed as Twilio's own libraries do: an edge alone belongs to `us1`.
fn twilio_host(environment: &Environment, product: &str) -> Result<String> {
    let edge = host_label(environment, "TWILIO_EDGE", "dublin")?;
    let region = host_label(environment, "TWILIO_REGION", "ie1")?.or(edge.map(|_| "us1"));
    Ok([Some(product), edge, region, Some("twilio.com")].into_iter().flatten().collect::<Vec<_>>().join("."))
}

fn host_label<'a>(environment: &'a Environment, name: &str, example: &str) -> Result<Option<&'a str>> {
    let Some(label) = environment.find_steering(name) else { return Ok(None) };
    let is_label = label.len() <= 63
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-');
    if is_label {
        return Ok(Some(label));
    }
    Err(Error::failed(format!("`{name}` in the environment is not one part of a host name"))
        .hint(format!("write it like `{example}`, or unset it")))
}

/// A test server for one half would get made-up keys, and Twilio itself would get them for the other half.
fn refuse_half_a_redirect(api: &BaseUrl, trunking: &BaseUrl) -> Result<()> {
    let missing = match (api.is_loopback(), trunking.is_loopback()) {
        (true, false) => "TWILIO_TRUNKING_URL",
        (false, true) => "TWILIO_API_URL",
        _ => return Ok(()),
    };
    Err(Error::failed(format!("only one of Twilio's two base addresses is on this machine: `{missing}` is not"))
        .hint(format!("set `{missing}` as well, or unset the other one")))
}
