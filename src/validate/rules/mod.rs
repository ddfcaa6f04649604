//! The table of rules. Each rule has a file named after its code.

pub mod agent_id;
pub mod agent_name;
pub mod ambiguous_name;
pub mod assignment_mismatch;
pub mod assignment_type;
pub mod conflict_marker;
pub mod derived_count;
pub mod derived_index;
pub mod duplicate_key;
pub mod duplicate_number;
pub mod encoding;
pub mod expired_waiver;
pub mod fallback;
pub mod forbidden_file;
pub mod irregular_file;
pub mod key_mismatch;
pub mod left_trunk;
pub mod left_twilio_account;
pub mod lost_voice;
pub mod missing_agent_file;
pub mod missing_file;
pub mod missing_in_workspace;
pub mod missing_sip_config;
pub mod nested_copy;
pub mod not_canonical;
pub mod not_json;
pub mod numbering_plan;
pub mod orphaned_assignment;
pub mod pending_change;
pub mod pending_conflict;
pub mod pool_expired_state;
pub mod pool_not_accepted;
pub mod pool_quarantine_bound;
pub mod pool_state;
pub mod pool_unknown_number;
pub mod pool_unknown_pool;
pub mod pool_unknown_workspace;
pub mod pool_without_members;
pub mod pretty_form;
pub mod registry_mismatch;
pub mod retired_sip_host;
pub mod schema;
pub mod secret;
pub mod settings;
pub mod shared_agent_id;
pub mod sip_on_direct_purchase;
pub mod stale_sync;
pub mod trunk_without_url;
pub mod twilio_sid;
pub mod unconfigured_workspace;
pub mod unknown_file;
pub mod unknown_retell_type;
pub mod unknown_sip_host;
pub mod unknown_trunk;
pub mod unknown_workspace;
pub mod unlisted_number;
pub mod unmanaged_agent;
pub mod unmatched_threshold;
pub mod unrecorded_decision;
pub mod unused_waiver;
pub mod webhook_without_agent;
pub mod weights;
pub mod workspace_divergence;
pub mod wrong_workspace_agent;

use super::rule::Rule;
use crate::model::nearest;

/// Every rule, in the order of the check list: files, the specification's own checks, then what builds on them.
pub static RULES: [&Rule; 64] = [
    &encoding::RULE,
    &conflict_marker::RULE,
    &not_json::RULE,
    &duplicate_key::RULE,
    &schema::RULE,
    &missing_file::RULE,
    &unknown_file::RULE,
    &irregular_file::RULE,
    &ambiguous_name::RULE,
    &forbidden_file::RULE,
    &secret::RULE,
    &twilio_sid::RULE,
    &agent_id::RULE,
    &missing_in_workspace::RULE,
    &orphaned_assignment::RULE,
    &missing_sip_config::RULE,
    &key_mismatch::RULE,
    &duplicate_number::RULE,
    &registry_mismatch::RULE,
    &unknown_workspace::RULE,
    &assignment_mismatch::RULE,
    &derived_count::RULE,
    &derived_index::RULE,
    &pretty_form::RULE,
    &wrong_workspace_agent::RULE,
    &shared_agent_id::RULE,
    &missing_agent_file::RULE,
    &assignment_type::RULE,
    &weights::RULE,
    &fallback::RULE,
    &unmanaged_agent::RULE,
    &agent_name::RULE,
    &workspace_divergence::RULE,
    &webhook_without_agent::RULE,
    &sip_on_direct_purchase::RULE,
    &unknown_trunk::RULE,
    &unknown_retell_type::RULE,
    &left_twilio_account::RULE,
    &left_trunk::RULE,
    &trunk_without_url::RULE,
    &lost_voice::RULE,
    &unlisted_number::RULE,
    &unknown_sip_host::RULE,
    &retired_sip_host::RULE,
    &unrecorded_decision::RULE,
    &pending_change::RULE,
    &pending_conflict::RULE,
    &numbering_plan::RULE,
    &stale_sync::RULE,
    &unconfigured_workspace::RULE,
    &pool_unknown_pool::RULE,
    &pool_unknown_number::RULE,
    &pool_unknown_workspace::RULE,
    &pool_state::RULE,
    &pool_expired_state::RULE,
    &pool_not_accepted::RULE,
    &pool_quarantine_bound::RULE,
    &pool_without_members::RULE,
    &nested_copy::RULE,
    &not_canonical::RULE,
    &settings::RULE,
    &expired_waiver::RULE,
    &unused_waiver::RULE,
    &unmatched_threshold::RULE,
];

pub fn named(code: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code == code)
}

/// The code that is spelt most like `code`, where one is close.
pub fn nearest(code: &str) -> Option<&'static str> {
    nearest::meant(code, RULES.iter().map(|rule| rule.code))
}

#[cfg(test)]
mod tests;
