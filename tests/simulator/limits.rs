//! Rate limits: a bucket of tokens for each service, refilled by real time.

use super::lock;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

#[derive(Debug)]
struct Bucket {
    per_second: f64,
    burst: f64,
    tokens: f64,
    filled: Instant,
}

/// The limits of a simulator; none until set. Copies share them.
#[derive(Debug, Clone, Default)]
pub struct Limits(Arc<Mutex<BTreeMap<String, Bucket>>>);

impl Limits {
    pub(super) fn set(&self, service: &str, per_second: f64, burst: u32) {
        let burst = f64::from(burst.max(1));
        let bucket = Bucket { per_second, burst, tokens: burst, filled: Instant::now() };
        lock(&self.0).insert(service.to_owned(), bucket);
    }

    /// Whether this call may pass.
    pub(super) fn admit(&self, service: &str) -> bool {
        let mut buckets = lock(&self.0);
        let Some(bucket) = buckets.get_mut(service) else { return true };
        let refill = bucket.filled.elapsed().as_secs_f64() * bucket.per_second;
        bucket.tokens = (bucket.tokens + refill).min(bucket.burst);
        bucket.filled = Instant::now();
        let admitted = bucket.tokens >= 1.0;
        if admitted {
            bucket.tokens -= 1.0;
        }
        admitted
    }
}
