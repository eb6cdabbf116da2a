//! Suffixes that make names unique.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use time::{OffsetDateTime, macros::format_description};

/// 26 hexadecimal digits, of the same shape as those Terraform's own plugin SDK
/// puts behind a `name_prefix`: the time to a tenth of a millisecond in 18 decimal
/// digits, then a counter in 8. Names of one prefix thus sort by age. The counter
/// starts anywhere, so that two processes of one instant do not meet.
pub(in crate::engine) fn suffix(now: SystemTime) -> String {
    static COUNTER: LazyLock<AtomicU32> = LazyLock::new(|| AtomicU32::new(fastrand::u32(..)));
    let format = format_description!("[year][month][day][hour][minute][second][subsecond digits:4]");
    let time = OffsetDateTime::from(now).format(format).unwrap_or_else(|_| "0".repeat(18));
    format!("{time}{:08x}", COUNTER.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn has_the_shape_of_terraforms_and_never_repeats() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_micros(1_763_717_453_123_456);
        let (a, b) = (suffix(now), suffix(now));
        assert_eq!(&a[..18], "202511210930531234");
        assert_eq!((a.len(), b.len()), (26, 26));
        assert!(a.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase()));
        assert_ne!(a, b);
    }

    #[test]
    fn sorts_by_age() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_763_717_453);
        assert!(suffix(now) < suffix(now + Duration::from_millis(1)));
    }
}
