//! Numbers without loss.
//!
//! Terraform computes with 512-bit decimals. A number is kept as sign, decimal
//! digits and a power of ten, so that any number is handed back as it came and
//! `1`, `1.0` and `10e-1` are equal.

use std::cmp::Ordering;

/// Digits kept of one number. Terraform's 512 bits hold about 154; a longer text
/// is refused rather than rounded.
const MAX_DIGITS: usize = 4096;

/// An exact decimal number, or an infinity.
///
/// Kept canonical: digits without leading or trailing zeros, zero without sign.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number {
    negative: bool,
    /// Decimal digits; empty for zero.
    digits: String,
    /// The number is `digits × 10^exponent`.
    exponent: i64,
    infinite: bool,
}

/// The text is not a number, or longer than any number Terraform can hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a number is required")]
pub struct ParseNumberError;

impl Number {
    /// Positive or negative infinity, which HCL can express and no attribute of ours takes.
    pub fn infinity(negative: bool) -> Self {
        Self { negative, digits: String::new(), exponent: 0, infinite: true }
    }

    fn canonical(negative: bool, digits: &str, exponent: i64) -> Self {
        let digits = digits.trim_start_matches('0');
        let trimmed = digits.trim_end_matches('0');
        if trimmed.is_empty() {
            return Self { negative: false, digits: String::new(), exponent: 0, infinite: false };
        }
        let exponent = exponent.saturating_add((digits.len() - trimmed.len()) as i64);
        Self { negative, digits: trimmed.to_owned(), exponent, infinite: false }
    }

    /// The exact value of a float; `None` for NaN.
    pub fn from_f64_exact(value: f64) -> Option<Self> {
        if value.is_nan() {
            return None;
        }
        if value.is_infinite() {
            return Some(Self::infinity(value < 0.0));
        }
        // No float has more than 1074 digits behind the point.
        format!("{value:.1074}").parse().ok()
    }

    /// The shortest decimal that reads back as this float: what a person means by
    /// `0.8`, and how AWS's answers are to be shown. `None` for NaN.
    pub fn from_f64(value: f64) -> Option<Self> {
        if value.is_finite() { format!("{value}").parse().ok() } else { Self::from_f64_exact(value) }
    }

    /// The number as an integer, if it is one that fits.
    pub fn as_i64(&self) -> Option<i64> {
        if self.infinite || !(0..=18).contains(&self.exponent) || self.digits.len() > 19 {
            return None;
        }
        let text = if self.digits.is_empty() { "0".to_owned() } else { self.plain() };
        text.parse().ok()
    }

    /// The nearest float.
    pub fn as_f64(&self) -> f64 {
        if self.infinite {
            return if self.negative { f64::NEG_INFINITY } else { f64::INFINITY };
        }
        // The form is always one the standard library reads.
        format!(
            "{}{}e{}",
            self.sign(),
            if self.digits.is_empty() { "0" } else { &self.digits },
            self.exponent
        )
        .parse()
        .unwrap_or(f64::NAN)
    }

    /// True for a number without a fraction.
    pub fn is_integer(&self) -> bool {
        !self.infinite && self.exponent >= 0
    }

    /// True for an infinity.
    pub fn is_infinite(&self) -> bool {
        self.infinite
    }

    fn sign(&self) -> &'static str {
        if self.negative { "-" } else { "" }
    }

    /// Integer text without exponent; only for small exponents.
    fn plain(&self) -> String {
        format!("{}{}{}", self.sign(), self.digits, zeros(self.exponent))
    }

    /// Power of ten of the first digit; orders numbers of one sign.
    fn magnitude(&self) -> i64 {
        self.exponent.saturating_add(self.digits.len() as i64)
    }
}

/// So many zeros, none for a negative count; callers keep it small.
fn zeros(count: i64) -> String {
    "0".repeat(usize::try_from(count).unwrap_or_default())
}

impl std::fmt::Display for Number {
    /// Decimal text; with an exponent only where the plain form would be
    /// hundreds of digits long.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.infinite {
            return write!(f, "{}Inf", self.sign());
        }
        if self.digits.is_empty() {
            return f.write_str("0");
        }
        if (0..=400).contains(&self.exponent) {
            return f.write_str(&self.plain());
        }
        let point = self.magnitude();
        if self.exponent < 0 && (-400..=4096).contains(&point) {
            return if point > 0 {
                let (whole, fraction) = self.digits.split_at(usize::try_from(point).unwrap_or_default());
                write!(f, "{}{whole}.{fraction}", self.sign())
            } else {
                write!(f, "{}0.{}{}", self.sign(), zeros(-point), self.digits)
            };
        }
        write!(f, "{}{}e{}", self.sign(), self.digits, self.exponent)
    }
}

impl std::str::FromStr for Number {
    type Err = ParseNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (negative, rest) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        if rest == "Inf" {
            return Ok(Self::infinity(negative));
        }
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| ParseNumberError)?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || digits.len() > MAX_DIGITS || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(ParseNumberError);
        }
        Ok(Self::canonical(negative, &digits, i64::from(exponent) - fraction.len() as i64))
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::canonical(value < 0, &value.unsigned_abs().to_string(), 0)
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self::canonical(false, &value.to_string(), 0)
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        fn rank(n: &Number) -> i8 {
            match (n.negative, n.infinite, n.digits.is_empty()) {
                (true, true, _) => -2,
                (true, ..) => -1,
                (false, true, _) => 2,
                (false, false, true) => 0,
                (false, false, false) => 1,
            }
        }
        let by_rank = rank(self).cmp(&rank(other));
        if by_rank != Ordering::Equal || self.infinite || self.digits.is_empty() {
            return by_rank;
        }
        // Same sign. Digits have no trailing zeros, so comparing them as text
        // compares them as fractions of the same magnitude.
        let by_size = self.magnitude().cmp(&other.magnitude()).then_with(|| self.digits.cmp(&other.digits));
        if self.negative { by_size.reverse() } else { by_size }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn spelling_does_not_matter() {
        assert_eq!(number("1"), number("1.0"));
        assert_eq!(number("10e-1"), number("+1"));
        assert_eq!(number("-0"), number("0.000"));
        assert_ne!(number("0.8"), Number::from_f64_exact(0.8).unwrap());
        assert_eq!(number("0.8"), Number::from_f64(0.8).unwrap());
    }

    #[test]
    fn text_comes_back() {
        for text in ["0", "-1", "0.8", "100", "12345678901234567890123.5", "-0.00012", "9223372036854775808"]
        {
            assert_eq!(number(text).to_string(), text);
        }
    }

    #[test]
    fn hostile_exponents_stay_small() {
        assert_eq!(number("1e999999999").to_string(), "1e999999999");
        assert_eq!(number("1e-999999999").to_string(), "1e-999999999");
        assert_eq!(number("1e999999999").as_i64(), None);
        assert!("1e99999999999".parse::<Number>().is_err());
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in ["", "-", ".", "e1", "1e", "0x10", "1 ", "NaN", "1_000", "--1"] {
            assert_eq!(text.parse::<Number>(), Err(ParseNumberError), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn integers_survive(value: i64) {
            prop_assert_eq!(Number::from(value).as_i64(), Some(value));
            prop_assert_eq!(number(&value.to_string()), Number::from(value));
        }

        #[test]
        fn floats_survive(value in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL | proptest::num::f64::ZERO) {
            prop_assert_eq!(Number::from_f64_exact(value).unwrap().as_f64(), value);
            prop_assert_eq!(Number::from_f64(value).unwrap().as_f64(), value);
        }

        #[test]
        fn order_is_numeric(a: i64, b: i64) {
            prop_assert_eq!(Number::from(a).cmp(&Number::from(b)), a.cmp(&b));
        }

        #[test]
        fn order_of_fractions_is_numeric(a in -1e6f64..1e6, b in -1e6f64..1e6) {
            let (x, y) = (Number::from_f64_exact(a).unwrap(), Number::from_f64_exact(b).unwrap());
            prop_assert_eq!(x.cmp(&y), a.partial_cmp(&b).unwrap());
        }
    }
}
