//! One call, as reports tell it: only what may be kept.
//!
//! Texts of a provider are kept only where they are a plain word, such as a status. Anything longer or freer could
//! hold what a person said or typed.

use super::money::MicroDollars;
use super::rank::{CallStage, Ranked, ReportRank};
use super::time::Millis;
use crate::model::{AgentId, PhoneNumber};
use crate::words::word_enum;

/// The id that Retell gave a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(Box<str>);

impl CallId {
    /// What an id is, for errors.
    pub const EXPECTED: &'static str = "a call id: up to 128 letters, digits, `_`, `-` and `.`";

    /// Parses a plain id, which can be no number of a person's: it has a letter.
    pub fn parse(text: &str) -> Option<Self> {
        (is_plain(text, 128) && text.bytes().any(|byte| byte.is_ascii_alphabetic())).then(|| Self(text.into()))
    }

    /// The id as Retell gives it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A word of a provider's vocabulary, such as `user_hangup`; new ones are kept as they are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderWord(Box<str>);

impl ProviderWord {
    /// Parses a plain word that begins with a letter.
    pub fn parse(text: &str) -> Option<Self> {
        (is_plain(text, 64) && text.starts_with(|first: char| first.is_ascii_alphabetic())).then(|| Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_plain(text: &str, longest: usize) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    !text.is_empty() && text.len() <= longest && text.bytes().all(plain)
}

word_enum! {
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum CallDirection {
        Inbound = "inbound",
        /// Our number called out.
        Outbound = "outbound",
    }
}

impl CallDirection {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "inbound" => Some(Self::Inbound),
            "outbound" => Some(Self::Outbound),
            _ => None,
        }
    }
}

word_enum! {
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum CallOutcome {
        /// It has not come to anything yet.
        Open = "open",
        /// The parties were connected.
        Connected = "connected",
        /// It came while all concurrency was in use, and the caller was lost.
        Lost = "lost",
        /// It was not connected, or ended in an error.
        Failed = "failed",
    }
}

/// Defines the facts of a call once: as they are told, and as they are kept, each with its rank.
macro_rules! call_facts {
    ($($(#[$doc:meta])* $field:ident: $type:ty,)+) => {
        /// What a report says of a call; none for what it does not say.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct CallFacts {
            $($(#[$doc])* pub $field: Option<$type>,)+
        }

        /// A call as all its reports tell it.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct CallRecord {
            $($field: Option<Ranked<$type>>,)+
        }

        impl CallRecord {
            pub fn of(report: CallReport) -> Self {
                let rank = report.rank();
                Self { $($field: report.facts.$field.map(|value| Ranked { rank, value }),)+ }
            }

            /// Takes in what other reports tell of the same call: in any order, any number of times, with one result.
            pub fn join(&mut self, other: Self) {
                $(self.$field = self.$field.take().max(other.$field);)+
            }

            pub fn facts(&self) -> CallFacts {
                CallFacts { $($field: self.$field.as_ref().map(|fact| fact.value.clone()),)+ }
            }

            /// The rank of each fact, in a fixed order.
            pub fn ranks(&self) -> Vec<Option<ReportRank>> {
                vec![$(self.$field.as_ref().map(|fact| fact.rank),)+]
            }

            /// The call again, from what [`facts`](Self::facts) and [`ranks`](Self::ranks) gave.
            pub fn restored(facts: CallFacts, ranks: &[Option<ReportRank>]) -> Self {
                let mut ranks = ranks.iter().copied().chain(std::iter::repeat(None));
                let mut next = || ranks.next().flatten().unwrap_or(ReportRank(0));
                Self { $($field: { let rank = next(); facts.$field.map(|value| Ranked { rank, value }) },)+ }
            }
        }
    };
}

call_facts! {
    /// Our number, by the direction: the other party's has no place here.
    number: PhoneNumber,
    direction: CallDirection,
    /// The agent that Retell used.
    agent_id: AgentId,
    /// The agent's version that Retell used.
    agent_version: i64,
    /// The tag by which the version was bound.
    agent_tag: ProviderWord,
    /// When the parties were connected.
    start: Millis,
    end: Millis,
    /// How long it lasted, in milliseconds.
    duration_ms: i64,
    /// Retell's `call_status`.
    status: ProviderWord,
    /// Retell's `disconnection_reason`.
    reason: ProviderWord,
    /// What Retell charges for it.
    cost: MicroDollars,
}

impl CallFacts {
    /// When the call happened: its start, or its end where it never started.
    pub fn at(&self) -> Option<Millis> {
        self.start.or(self.end)
    }

    pub fn outcome(&self) -> CallOutcome {
        if self.reason.as_ref().is_some_and(|reason| reason.as_str() == "concurrency_limit_reached") {
            return CallOutcome::Lost;
        }
        match self.status.as_ref().map(ProviderWord::as_str) {
            Some("ended" | "ongoing") => CallOutcome::Connected,
            Some("not_connected" | "error") => CallOutcome::Failed,
            _ => CallOutcome::Open,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallReport {
    pub call_id: CallId,
    /// At which point it was made.
    pub stage: CallStage,
    /// When Retell was asked, for a list; 0 for an event.
    pub asked: Millis,
    pub facts: CallFacts,
}

impl CallReport {
    fn rank(&self) -> ReportRank {
        ReportRank::of(self.facts.status.as_ref().map(ProviderWord::as_str), self.stage, self.asked.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_could_be_a_persons_is_no_word_and_no_id() {
        for bad in ["", "+12025550123", "12025550123", "call me", "a@b.example", "Zoë", &"x".repeat(129)] {
            assert_eq!(CallId::parse(bad), None, "{bad}");
            assert_eq!(ProviderWord::parse(bad), None, "{bad}");
        }
        assert!(CallId::parse("call_0e85ada273c4fefd7d3d661d5d6").is_some());
        assert!(ProviderWord::parse("user_hangup").is_some());
    }

    #[test]
    fn every_call_has_one_outcome() {
        let outcome = |status: &str, reason: &str| {
            CallFacts {
                status: ProviderWord::parse(status),
                reason: ProviderWord::parse(reason),
                ..CallFacts::default()
            }
            .outcome()
        };
        assert_eq!(outcome("ended", "user_hangup"), CallOutcome::Connected);
        assert_eq!(outcome("ended", "concurrency_limit_reached"), CallOutcome::Lost);
        assert_eq!(outcome("not_connected", "dial_busy"), CallOutcome::Failed);
        assert_eq!(outcome("registered", ""), CallOutcome::Open);
    }

    /// The reports of one call: its three events, and what lists said while it went on.
    fn reports() -> impl Strategy<Value = Vec<CallReport>> {
        let stages =
            prop::sample::select(vec![CallStage::Started, CallStage::Ended, CallStage::Analyzed, CallStage::Listed]);
        let statuses = prop::sample::select(vec!["registered", "ongoing", "ended", "error", ""]);
        let report = (stages, statuses, 0_i64..4, prop::option::of(0_i64..5), prop::option::of(0_i64..5));
        let report = report.prop_map(|(stage, status, asked, start, cost)| CallReport {
            call_id: CallId::parse("call_1").unwrap(),
            stage,
            asked: Millis(asked),
            facts: CallFacts {
                status: ProviderWord::parse(status),
                start: start.map(Millis),
                cost: cost.map(MicroDollars),
                ..CallFacts::default()
            },
        });
        prop::collection::vec(report, 1..6)
    }

    fn told(reports: &[CallReport]) -> CallRecord {
        let mut record = CallRecord::default();
        for report in reports {
            record.join(CallRecord::of(report.clone()));
        }
        record
    }

    proptest! {
        #[test]
        fn every_order_and_repetition_of_a_calls_reports_gives_one_call(
            (reports, shuffled) in reports().prop_flat_map(|reports| {
                let twice: Vec<_> = reports.iter().chain(&reports).cloned().collect();
                (Just(reports), Just(twice).prop_shuffle())
            })
        ) {
            prop_assert_eq!(told(&reports), told(&shuffled));
        }

        #[test]
        fn a_call_that_is_stored_between_two_reports_is_the_same_call(reports in reports(), at in 0_usize..6) {
            let (before, after) = reports.split_at(at.min(reports.len()));
            let stored = told(before);
            let mut restored = CallRecord::restored(stored.facts(), &stored.ranks());
            prop_assert_eq!(&restored, &stored);
            restored.join(told(after));
            prop_assert_eq!(restored, told(&reports));
        }
    }
}
