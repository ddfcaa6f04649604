//! When a read is asked once more, and after how long. It sends nothing.
//!
//! A read is sent at most 5 times, and takes at most 30 s (a list of calls: 5 minutes) with all its waits. A wait
//! doubles from half a second to 8 s, each shortened by up to a half at random so that clients do not march in step; the
//! provider's own `Retry-After` is the least wait, and one that does not fit into that time ends the request at once.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use chrono::{DateTime, Utc};

/// The limits of every request; tests shorten them.
#[derive(Clone, Copy, Debug)]
pub struct RetryLimits {
    /// How often a read is sent at most.
    pub attempts: u32,
    /// The first wait between two attempts.
    pub base_delay: Duration,
    /// The longest wait that is not asked for by the provider.
    pub longest_delay: Duration,
    /// The time of one request with all its attempts and waits.
    pub total: Duration,
    /// The time of one attempt of a read: less than `total`, so that one lost packet is not the end.
    pub attempt: Duration,
    /// The time until a connection stands.
    pub connect: Duration,
    /// The largest body, in bytes.
    pub body: usize,
}

impl Default for RetryLimits {
    fn default() -> Self {
        Self {
            attempts: 5,
            base_delay: Duration::from_millis(500),
            longest_delay: Duration::from_secs(8),
            total: Duration::from_secs(30),
            attempt: Duration::from_secs(14),
            connect: Duration::from_secs(10),
            body: 64 << 20,
        }
    }
}

impl RetryLimits {
    /// The limits of lists of calls, whose pages may take Retell minutes.
    pub fn of_calls() -> Self {
        Self { total: Duration::from_secs(300), attempt: Duration::from_secs(120), ..Self::default() }
    }

    /// The wait before the next attempt, after `sent` attempts and with `left` of the total; none: give up.
    pub(crate) fn next_delay(&self, sent: u32, asked: Option<Duration>, left: Duration) -> Option<Duration> {
        if sent >= self.attempts {
            return None;
        }
        let doubled = self.base_delay.saturating_mul(1 << (sent.saturating_sub(1)).min(16)).min(self.longest_delay);
        let delay = doubled.mul_f64(jitter()).max(asked.unwrap_or_default());
        (delay < left).then_some(delay)
    }
}

/// A factor in [0.5, 1), from the standard library's own random seeds.
fn jitter() -> f64 {
    let random = u32::try_from(RandomState::new().build_hasher().finish() >> 32).unwrap_or(0);
    0.5 + f64::from(random) / (f64::from(u32::MAX) + 1.0) / 2.0
}

/// Reads `Retry-After`: whole seconds, or a date (RFC 9110, section 10.2.3).
pub(crate) fn retry_after(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTime::parse_from_rfc2822(value).ok()?;
    Some((date.with_timezone(&Utc) - now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit_and_end_with_the_attempts() {
        let limits = RetryLimits::default();
        let hour = Duration::from_secs(3600);
        for (sent, longest) in [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0)] {
            let delay = limits.next_delay(sent, None, hour).unwrap().as_secs_f64();
            assert!((longest / 2.0..=longest).contains(&delay), "{sent}: {delay}");
        }
        assert_eq!(limits.next_delay(5, None, hour), None);
    }

    #[test]
    fn clients_that_begin_together_do_not_wait_alike() {
        let factors: Vec<f64> = (0..64).map(|_| jitter()).collect();
        assert!(factors.iter().all(|factor| (0.5..1.0).contains(factor)), "{factors:?}");
        let (least, most) = factors.iter().fold((1.0_f64, 0.0_f64), |(low, high), it| (low.min(*it), high.max(*it)));
        assert!(least < 0.75 && most > 0.75, "both halves of the range are drawn from: {least}, {most}");
    }

    #[test]
    fn a_wait_that_the_provider_asks_for_is_the_least_and_has_to_fit() {
        let limits = RetryLimits::default();
        let asked = Some(Duration::from_secs(7));
        assert_eq!(limits.next_delay(1, asked, Duration::from_secs(20)), asked);
        assert_eq!(limits.next_delay(1, asked, Duration::from_secs(7)), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = DateTime::parse_from_rfc3339("2025-11-19T12:00:00Z").unwrap().with_timezone(&Utc);
        assert_eq!(retry_after(" 3 ", now), Some(Duration::from_secs(3)));
        assert_eq!(retry_after("Wed, 19 Nov 2025 12:00:09 GMT", now), Some(Duration::from_secs(9)));
        assert_eq!(retry_after("Wed, 19 Nov 2025 11:00:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", now), None);
    }
}
