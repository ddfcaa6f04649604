//! How made-up calls end: each reason that Retell has, with the status that goes with it, and how often.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ending {
    /// Retell's `call_status`.
    pub(super) status: &'static str,
    /// Retell's `disconnection_reason`.
    pub(super) reason: &'static str,
    kind: EndingKind,
    /// How often inbound and outbound calls end so, in thousandths.
    thousandths: [u64; 2],
}

/// What had become of a call before it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EndingKind {
    /// The parties spoke.
    Connected,
    /// They did not.
    Unconnected,
}

const fn ended(reason: &'static str, thousandths: [u64; 2]) -> Ending {
    Ending { status: "ended", reason, kind: EndingKind::Connected, thousandths }
}

const fn unconnected(reason: &'static str, thousandths: [u64; 2]) -> Ending {
    Ending { status: "not_connected", reason, kind: EndingKind::Unconnected, thousandths }
}

const fn broken(reason: &'static str, thousandths: [u64; 2]) -> Ending {
    Ending { status: "error", reason, kind: EndingKind::Connected, thousandths }
}

/// Every reason; the thousandths of a direction are a thousand together.
const ENDINGS: [Ending; 39] = [
    ended("user_hangup", [505, 415]),
    ended("user_requested_dnc", [5, 5]),
    ended("user_requested_callback", [15, 5]),
    ended("scam_detected", [10, 0]),
    ended("ivr_reached", [0, 5]),
    ended("manual_stopped", [5, 0]),
    ended("call_take_over", [10, 0]),
    ended("no_concurrency_fallback", [10, 0]),
    ended("agent_hangup", [220, 200]),
    ended("call_transfer", [80, 0]),
    ended("transfer_cancelled", [10, 0]),
    ended("voicemail_reached", [0, 170]),
    ended("inactivity", [50, 0]),
    ended("max_duration_reached", [10, 0]),
    unconnected("concurrency_limit_reached", [20, 0]),
    unconnected("dial_no_answer", [0, 100]),
    unconnected("user_declined", [0, 10]),
    unconnected("dial_busy", [0, 40]),
    unconnected("dial_failed", [0, 8]),
    unconnected("telephony_provider_unavailable", [0, 2]),
    unconnected("telephony_provider_permission_denied", [0, 2]),
    unconnected("sip_routing_error", [0, 2]),
    unconnected("network_blocked", [0, 2]),
    unconnected("marked_as_spam", [0, 2]),
    unconnected("no_valid_payment", [0, 1]),
    unconnected("credit_exhausted", [0, 1]),
    unconnected("budget_reached", [0, 1]),
    unconnected("registered_call_timeout", [0, 1]),
    unconnected("error_user_not_joined", [0, 1]),
    unconnected("invalid_destination", [0, 7]),
    ended("transfer_bridged", [30, 0]),
    broken("error_no_audio_received", [8, 0]),
    broken("error_asr", [0, 14]),
    broken("error_llm_websocket_open", [2, 1]),
    broken("error_llm_websocket_lost_connection", [2, 1]),
    broken("error_llm_websocket_runtime", [2, 1]),
    broken("error_llm_websocket_corrupt_payload", [2, 1]),
    broken("error_retell", [2, 1]),
    broken("error_unknown", [2, 1]),
];

impl Default for Ending {
    /// The other party hangs up.
    fn default() -> Self {
        ENDINGS[0]
    }
}

impl Ending {
    /// The ending that a thousandth of a direction's calls falls into.
    pub(super) fn of_thousandth(is_inbound: bool, mut at: u64) -> Self {
        let direction = usize::from(!is_inbound);
        for ending in ENDINGS {
            if at < ending.thousandths[direction] {
                return ending;
            }
            at -= ending.thousandths[direction];
        }
        Self::default()
    }

    pub(super) fn of_reason(reason: &str) -> Option<Self> {
        ENDINGS.into_iter().find(|ending| ending.reason == reason)
    }

    /// Whether the parties spoke.
    pub(super) fn is_connected(self) -> bool {
        self.kind == EndingKind::Connected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_a_direction_are_a_whole_and_every_reason_has_one() {
        for direction in [0, 1] {
            assert_eq!(ENDINGS.iter().map(|ending| ending.thousandths[direction]).sum::<u64>(), 1000);
        }
        for ending in ENDINGS {
            assert!(ending.thousandths.iter().sum::<u64>() > 0, "{}", ending.reason);
            assert_eq!(Ending::of_reason(ending.reason), Some(ending));
        }
    }
}
