//! How much a report of a call counts, so that reports give the same call in whatever order they come.
//!
//! Retell tells of a call several times: an event when it starts, ends and is analysed, and an item of each list that is
//! asked for. Each may come late, twice or never. Of each fact the highest-ranked report that has it counts; between
//! equals the larger value does, so that no order of arrival can show.

/// At which point of a call a report was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallStage {
    /// The event `call_started`.
    Started = 1,
    /// The event `call_ended`.
    Ended = 2,
    /// The event `call_analyzed`.
    Analyzed = 3,
    /// An item of a list that was asked for.
    Listed = 4,
}

/// The rank of a report: how far the call had come, then the stage, then when Retell was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReportRank(pub i64);

/// The bits of a moment in milliseconds: enough for eight thousand years.
const MOMENT_BITS: u32 = 48;

impl ReportRank {
    /// The rank of a report of a call in this status.
    pub fn of(status: Option<&str>, stage: CallStage, asked_ms: i64) -> Self {
        let progress = match status {
            None => 0,
            Some("registered") => 1,
            Some("ongoing") => 2,
            Some(_) => 3,
        };
        let moment = asked_ms.clamp(0, (1 << MOMENT_BITS) - 1);
        Self(progress << (MOMENT_BITS + 3) | (stage as i64) << MOMENT_BITS | moment)
    }
}

/// A fact with the rank of the report that said it. The larger of two is the one that counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ranked<T> {
    pub rank: ReportRank,
    pub value: T,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_status_then_a_later_stage_then_a_later_question_ranks_higher() {
        let rank = |status, stage, asked| ReportRank::of(status, stage, asked);
        let rising = [
            rank(None, CallStage::Analyzed, 0),
            rank(Some("registered"), CallStage::Listed, 9),
            rank(Some("ongoing"), CallStage::Started, 0),
            rank(Some("ongoing"), CallStage::Listed, 1_763_553_600_000),
            rank(Some("ended"), CallStage::Ended, 0),
            rank(Some("error"), CallStage::Analyzed, 0),
            rank(Some("ended"), CallStage::Listed, 1_763_553_600_000),
            rank(Some("ended"), CallStage::Listed, 1_763_553_600_001),
        ];
        assert!(rising.is_sorted_by(|a, b| a < b), "{rising:?}");
    }
}
