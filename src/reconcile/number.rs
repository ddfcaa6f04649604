//! Merges everything known of one number into its entry of `directory.json`.

use super::live::TwilioNumber;
use super::{TwilioSays, workspace};
use crate::model::equivalence::{kept, same_address};
use crate::model::master::{LeftBehind, LeftTwilio, SipAuthType, SipConfig};
use crate::model::trunks::Trunk;
use crate::model::{
    AssignmentType, ByWorkspace, Directory, ImportMethod, NumberEntry, NumberType, PhoneNumber, Provider,
    RegistryEntry, Timestamp, TwilioData, WorkspaceEntry, WorkspaceName, numbering,
};

/// Where the facts of a number come from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    pub number: PhoneNumber,
    pub before: &'a Directory,
    /// The directory with its new registries, assignments and trunks.
    pub after: &'a Directory,
    /// What Twilio says in this run.
    pub twilio: TwilioSays<'a>,
    pub now: Timestamp,
}

/// Builds the entry; none where no source knows the number.
pub fn merge(sources: &Sources<'_>) -> Option<NumberEntry> {
    let old = sources.before.number(sources.number);
    let has_twilio = matches!(sources.twilio, TwilioSays::Has(_));
    if old.is_none() && !has_twilio && sources.registrations().next().is_none() {
        return None;
    }
    let facts = numbering::describe(sources.number);
    let twilio = sources.twilio_data();
    // What no provider says, such as people's notes and tags, stays.
    let known = old.cloned().unwrap_or_else(|| NumberEntry::bare(sources.number));
    Some(NumberEntry {
        phone_number_pretty: facts.pretty.clone(),
        phone_number_type: sources.number_type(twilio.as_ref(), facts.line),
        provider: sources.provider(twilio.as_ref()),
        area_code: facts.area_code.clone(),
        country_code: facts.country_code.clone(),
        capabilities: match sources.twilio {
            // What an answer leaves out, it does not take away.
            TwilioSays::Has(number) => number.capabilities.or_else(|| old.and_then(|old| old.capabilities)),
            TwilioSays::HasNot => None,
            TwilioSays::Nothing => old.and_then(|old| old.capabilities),
        },
        sip_config: sources.sip_config(twilio.as_ref()),
        left: sources.left(),
        twilio,
        workspaces: sources.workspaces(),
        ..known
    })
}

impl<'a> Sources<'a> {
    fn old(&self) -> Option<&'a NumberEntry> {
        self.before.number(self.number)
    }

    /// The registry entries of the number, in the order of workspaces.
    fn registrations(&self) -> impl Iterator<Item = (&'a WorkspaceName, &'a RegistryEntry)> {
        let number = self.number;
        let files = self.after.workspaces.iter();
        files.filter_map(move |(name, files)| files.registered(number).map(|entry| (name, entry)))
    }

    fn twilio_data(&self) -> Option<TwilioData> {
        match self.twilio {
            TwilioSays::Has(number) => Some(TwilioData {
                phone_number_sid: number.sid,
                trunk_sid: number.trunk_sid,
                friendly_name: number.friendly_name.clone(),
                // A date that Twilio gives in no form that can be read is still the number's.
                date_created: number.date_created.or_else(|| self.known_date(number)),
            }),
            TwilioSays::HasNot => None,
            TwilioSays::Nothing => self.old().and_then(|old| old.twilio.clone()),
        }
    }

    /// What the number left, while a workspace still has it: known since the sync that saw it go.
    fn left(&self) -> Option<LeftTwilio> {
        let (old, now) = (self.old(), self.now);
        let known = old.and_then(|old| old.left);
        let of = |from, trunk_sid| {
            let seen = known.filter(|known| known.from == from);
            Some(seen.unwrap_or(LeftTwilio { from, trunk_sid, date: Some(now) }))
        };
        let twilio = old.and_then(|old| old.twilio.as_ref());
        let trunk = twilio.and_then(|twilio| twilio.trunk_sid).or(known.and_then(|known| known.trunk_sid));
        let is_registered = self.registrations().next().is_some();
        match self.twilio {
            _ if !is_registered => None,
            TwilioSays::Has(number) if number.trunk_sid.is_some() || trunk.is_none() => None,
            TwilioSays::Has(_) => of(LeftBehind::Trunk, trunk),
            TwilioSays::HasNot if twilio.is_some() => of(LeftBehind::Account, trunk),
            TwilioSays::HasNot | TwilioSays::Nothing => known,
        }
    }

    fn known_date(&self, number: &TwilioNumber) -> Option<Timestamp> {
        let known = self.old()?.twilio.as_ref()?;
        known.date_created.filter(|_| known.phone_number_sid == number.sid)
    }

    /// Twilio's type; where Twilio was not asked, the type that it gave before; else libphonenumber's.
    fn number_type(&self, twilio: Option<&TwilioData>, line: NumberType) -> NumberType {
        let told = match self.twilio {
            TwilioSays::Has(number) => number.number_type,
            _ => None,
        };
        let before =
            || self.old().filter(|old| twilio.is_some() && old.twilio.is_some()).map(|old| old.phone_number_type);
        told.or_else(before).unwrap_or(line)
    }

    fn provider(&self, twilio: Option<&TwilioData>) -> Provider {
        let of_retell = self.registrations().map(|(_, entry)| workspace::carrier(entry));
        let of_twilio = twilio.map(|_| Provider::Twilio);
        let rank = |provider: &Provider| Provider::ALL.iter().position(|known| known == provider);
        of_twilio
            .into_iter()
            .chain(of_retell)
            .min_by_key(rank)
            .unwrap_or_else(|| self.old().map_or(Provider::Custom, |old| old.provider))
    }

    fn workspaces(&self) -> ByWorkspace<WorkspaceEntry> {
        let kept = self.old().into_iter().flat_map(|old| old.workspaces.iter()).filter(|(_, entry)| !entry.imported);
        let kept = kept.map(|(name, entry)| (name.clone(), entry.clone()));
        let registered = self.registrations().map(|(name, entry)| (name.clone(), self.workspace_entry(name, entry)));
        kept.chain(registered).collect()
    }

    fn workspace_entry(&self, name: &WorkspaceName, registered: &RegistryEntry) -> WorkspaceEntry {
        let assignment = self.after.workspaces.get(name).and_then(|files| files.assignment(self.number));
        WorkspaceEntry {
            imported: true,
            import_date: registered.import_date,
            agent_path: assignment.and_then(|known| known.agent_path.clone()),
            agent_id: assignment.and_then(|known| known.agent_id.clone()),
            assignment_type: Some(assignment.map_or(AssignmentType::Unassigned, |known| known.assignment_type)),
        }
    }

    /// The SIP settings; none where no trunk is involved.
    fn sip_config(&self, twilio: Option<&TwilioData>) -> Option<SipConfig> {
        let carried =
            self.registrations().map(|(_, entry)| entry).filter(|entry| entry.import_method == ImportMethod::SipTrunk);
        let carried: Vec<_> = carried.collect();
        let trunk = TrunkView::of(self, twilio);
        if carried.is_empty() && matches!(trunk, TrunkView::None) {
            return None;
        }
        let termination_uri = carried.iter().find_map(|entry| entry.termination_uri.clone());
        let has_user = carried.iter().any(|entry| entry.auth_username().is_some());
        let old = self.old().and_then(|old| old.sip_config.as_ref());
        let spelled = |old: Option<&Option<String>>, new: Option<String>| {
            kept(old, new, |old, new| same_address(old.as_deref(), new.as_deref()))
        };
        let termination_uri = termination_uri.or_else(|| trunk.termination_uri());
        Some(SipConfig {
            termination_uri: spelled(old.map(|old| &old.termination_uri), termination_uri),
            origination_uri: spelled(old.map(|old| &old.origination_uri), trunk.origination_uri()),
            auth_type: trunk.auth_type().unwrap_or(if has_user { SipAuthType::Credential } else { SipAuthType::None }),
            has_credentials: has_user || trunk.has_credentials(),
        })
    }
}

enum TrunkView<'a> {
    /// The number is on no trunk.
    None,
    /// The trunk as Twilio describes it.
    Known(&'a Trunk),
    /// The number names a trunk that the account, which was read completely, does not have.
    Gone,
    /// The trunk's data is not here (it is never committed): what the entry said before.
    Remembered(Option<&'a SipConfig>),
}

impl<'a> TrunkView<'a> {
    fn of(sources: &Sources<'a>, twilio: Option<&TwilioData>) -> Self {
        let Some(sid) = twilio.and_then(|data| data.trunk_sid) else { return Self::None };
        // Where Twilio's answer does not reach this number, its entry keeps to what it said.
        let asked = !matches!(sources.twilio, TwilioSays::Nothing);
        let trunks = if asked { &sources.after.trunks } else { &sources.before.trunks };
        match trunks.as_ref().and_then(|file| file.trunks.get(&sid)) {
            Some(trunk) => Self::Known(trunk),
            None if asked && trunks.is_some() => Self::Gone,
            None => Self::Remembered(
                sources.old().filter(|old| same_trunk(old, twilio)).and_then(|old| old.sip_config.as_ref()),
            ),
        }
    }

    fn termination_uri(&self) -> Option<String> {
        match self {
            Self::None | Self::Gone => None,
            Self::Known(trunk) => trunk.domain_name.clone(),
            Self::Remembered(config) => config.and_then(|config| config.termination_uri.clone()),
        }
    }

    fn origination_uri(&self) -> Option<String> {
        match self {
            Self::None | Self::Gone => None,
            Self::Known(trunk) => trunk.origination_uri(),
            Self::Remembered(config) => config.and_then(|config| config.origination_uri.clone()),
        }
    }

    fn auth_type(&self) -> Option<SipAuthType> {
        match self {
            Self::Known(trunk) if trunk.auth_type.contains("credential") || trunk.has_credentials() => {
                Some(SipAuthType::Credential)
            }
            Self::Known(trunk) if trunk.auth_type.contains("ip_acl") => Some(SipAuthType::Ip),
            Self::None | Self::Gone | Self::Known(_) => None,
            Self::Remembered(config) => config.map(|config| config.auth_type),
        }
    }

    fn has_credentials(&self) -> bool {
        match self {
            Self::None | Self::Gone => false,
            Self::Known(trunk) => trunk.has_credentials(),
            Self::Remembered(config) => config.is_some_and(|config| config.has_credentials),
        }
    }
}

fn same_trunk(old: &NumberEntry, twilio: Option<&TwilioData>) -> bool {
    let sid = |data: Option<&TwilioData>| data.and_then(|data| data.trunk_sid);
    sid(old.twilio.as_ref()) == sid(twilio)
}

#[cfg(test)]
mod tests;
