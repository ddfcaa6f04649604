//! Money as whole micro-dollars, read from and written as decimal text: no sum is ever rounded.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

/// An amount of US dollars in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MicroDollars(pub i64);

/// The digits behind the point of a dollar.
const DIGITS: i32 = 6;
/// A cent is a hundredth.
const CENT_DIGITS: i32 = 2;

impl MicroDollars {
    /// Reads decimal text in dollars, such as `0.0085`; what is smaller than a millionth is rounded half to even.
    pub fn parse_dollars(text: &str) -> Option<Self> {
        scaled(text, DIGITS).map(Self)
    }

    /// Reads decimal text in cents, as Retell's costs are; a millionth of a dollar is a ten-thousandth of a cent.
    pub fn parse_cents(text: &str) -> Option<Self> {
        scaled(text, DIGITS - CENT_DIGITS).map(Self)
    }

    /// As people read it at a glance: whole cents, half a cent up; `<0.01` for what would look like nothing.
    pub fn in_cents(self) -> String {
        const CENT: i64 = 10_000;
        let cents = (self.0.abs() + CENT / 2) / CENT;
        match (self.0, cents) {
            (0, _) => "0.00".to_owned(),
            (1.., 0) => "<0.01".to_owned(),
            _ => Self(self.0.signum() * cents * CENT).to_string(),
        }
    }

    /// So many times this amount; none past what can be counted.
    pub fn times(self, count: u64) -> Option<Self> {
        self.0.checked_mul(i64::try_from(count).ok()?).map(Self)
    }

    /// This amount divided evenly, rounded half to even; none for nothing to divide by.
    pub fn divided_by(self, count: u64) -> Option<Self> {
        let divisor = i128::from(count);
        (count > 0).then(|| i64::try_from(half_even(i128::from(self.0), divisor)).ok().map(Self)).flatten()
    }
}

impl Add for MicroDollars {
    type Output = Self;

    /// Past nine million million dollars, the sum stays there.
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for MicroDollars {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for MicroDollars {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for MicroDollars {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

/// Decimal text in dollars with at least two digits behind the point, and no more than are needed.
impl fmt::Display for MicroDollars {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.unsigned_abs() / 1_000_000, self.0.unsigned_abs() % 1_000_000);
        let digits = format!("{part:06}");
        let needed = digits.trim_end_matches('0').len().max(2);
        formatter.pad(&format!("{sign}{whole}.{}", &digits[..needed]))
    }
}

/// A decimal number times a power of ten, as a whole number; none where the text is no number, or too large a one.
fn scaled(text: &str, digits: i32) -> Option<i64> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (negative, unsigned) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let all = format!("{whole}{part}");
    if whole.is_empty() || all.len() > 30 || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i128 = all.parse().ok()?;
    let shift = exponent.checked_add(digits)?.checked_sub(i32::try_from(part.len()).ok()?)?;
    let power = 10_i128.checked_pow(shift.unsigned_abs());
    let scaled = match (shift < 0, power) {
        (false, power) => number.checked_mul(power?)?,
        (true, Some(power)) => half_even(number, power),
        // Divided by more than can be counted, nothing is left.
        (true, None) => 0,
    };
    i64::try_from(if negative { -scaled } else { scaled }).ok()
}

/// Divides and rounds to the nearest whole number, a half to the even one.
fn half_even(number: i128, divisor: i128) -> i128 {
    let (whole, rest) = (number.div_euclid(divisor), number.rem_euclid(divisor));
    let up = match (rest * 2).cmp(&divisor) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => whole % 2 != 0,
        std::cmp::Ordering::Greater => true,
    };
    whole + i128::from(up)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_hide_no_amount() {
        let told =
            [0, 1, 4_999, 5_000, 14_872_236, 15_905_540, -1_239_999, -1].map(|amount| MicroDollars(amount).in_cents());
        assert_eq!(told, ["0.00", "<0.01", "<0.01", "0.01", "14.87", "15.91", "-1.24", "0.00"]);
    }

    #[test]
    fn decimals_are_exact_and_a_half_goes_to_the_even_one() {
        for (cents, micro) in [
            ("10.0", 100_000),
            ("0.1667", 1_667),
            ("0.00005", 0),
            ("0.00015", 2),
            ("0.00025", 2),
            ("0.000250001", 3),
            ("-0.00015", -2),
            ("1e-3", 10),
            ("2.5E1", 250_000),
            ("1e-400", 0),
        ] {
            assert_eq!(MicroDollars::parse_cents(cents), Some(MicroDollars(micro)), "{cents}");
        }
        assert_eq!(MicroDollars::parse_dollars("0.0085"), Some(MicroDollars(8_500)));
        for bad in ["", ".5", "-", "1.2.3", "NaN", "inf", "+1", "1e", "1e99", " 1", "99999999999999999999"] {
            assert_eq!(MicroDollars::parse_dollars(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_amount_is_written_in_dollars_without_needless_digits() {
        for (micro, text) in
            [(0, "0.00"), (1, "0.000001"), (1_150_000, "1.15"), (-8_500, "-0.0085"), (2_000_000, "2.00")]
        {
            assert_eq!(MicroDollars(micro).to_string(), text);
            assert_eq!(MicroDollars::parse_dollars(text), Some(MicroDollars(micro)));
        }
    }

    #[test]
    fn a_division_rounds_half_to_even() {
        assert_eq!(MicroDollars(5).divided_by(2), Some(MicroDollars(2)));
        assert_eq!(MicroDollars(7).divided_by(2), Some(MicroDollars(4)));
        assert_eq!(MicroDollars(7).divided_by(0), None);
    }
}
