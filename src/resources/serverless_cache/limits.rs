//! Usage limits: pure functions between the blocks of a configuration and the API.
//!
//! The API knows no removal of a limit: a member that a request omits stays as it is, and `0` removes it
//! (hashicorp/terraform-provider-aws#35660; CloudFormation roadmap #2424). AWS returns no limits for a cache
//! that has none.

use aws_sdk_elasticache::types::{
    CacheUsageLimits, DataStorage, DataStorageUnit, EcpuPerSecond, ServerlessCache,
};

use super::attributes::{DataStorageModel, EcpuPerSecondModel, UsageLimitsModel};
use super::rules::UNIT;
use crate::diag::Diagnostics;
use crate::value::{Field, Path};

/// The limits of a cache.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Limits {
    storage: Bounds,
    ecpu: Bounds,
}

/// The limits of one quantity; 0 is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Bounds {
    minimum: i32,
    maximum: i32,
}

impl Bounds {
    fn new(minimum: Option<i32>, maximum: Option<i32>) -> Self {
        Self { minimum: minimum.unwrap_or_default(), maximum: maximum.unwrap_or_default() }
    }

    fn is_none(self) -> bool {
        self == Self::default()
    }
}

impl Limits {
    /// The limits that the blocks describe; `None` while one of them is unknown.
    pub(super) fn of_blocks(blocks: &Field<Vec<UsageLimitsModel>>) -> Option<Self> {
        let mut limits = Self::default();
        for block in known(blocks)? {
            for storage in known(&block.data_storage)? {
                limits.storage = Bounds::new(number(&storage.minimum)?, number(&storage.maximum)?);
            }
            for ecpu in known(&block.ecpu_per_second)? {
                limits.ecpu = Bounds::new(number(&ecpu.minimum)?, number(&ecpu.maximum)?);
            }
        }
        Some(limits)
    }

    /// The limits of an existing cache.
    pub(super) fn of_cache(cache: &ServerlessCache) -> Self {
        let limits = cache.cache_usage_limits();
        let storage = limits.and_then(CacheUsageLimits::data_storage);
        let ecpu = limits.and_then(CacheUsageLimits::ecpu_per_second);
        Self {
            storage: storage.map(|it| Bounds::new(it.minimum(), it.maximum())).unwrap_or_default(),
            ecpu: ecpu.map(|it| Bounds::new(it.minimum(), it.maximum())).unwrap_or_default(),
        }
    }

    /// The blocks that describe the limits: `before` where it describes the same.
    pub(super) fn flatten(self, before: &Field<Vec<UsageLimitsModel>>) -> Field<Vec<UsageLimitsModel>> {
        if Self::of_blocks(before) == Some(self) {
            return before.clone();
        }
        let limit = |limit: i32| Field::from(Some(limit).filter(|limit| *limit != 0));
        let storage = DataStorageModel {
            maximum: limit(self.storage.maximum),
            minimum: limit(self.storage.minimum),
            unit: UNIT.into(),
        };
        let ecpu =
            EcpuPerSecondModel { maximum: limit(self.ecpu.maximum), minimum: limit(self.ecpu.minimum) };
        let block = UsageLimitsModel {
            data_storage: Field::Known(if self.storage.is_none() { Vec::new() } else { vec![storage] }),
            ecpu_per_second: Field::Known(if self.ecpu.is_none() { Vec::new() } else { vec![ecpu] }),
        };
        Field::Known(if self == Self::default() { Vec::new() } else { vec![block] })
    }

    /// The request member of a create; `None` without limits.
    pub(super) fn to_create(self) -> Option<CacheUsageLimits> {
        self.to_modify(Self::default())
    }

    /// The request member that changes `before` to these: each limit that either of them has. `None` when
    /// neither has one.
    pub(super) fn to_modify(self, before: Self) -> Option<CacheUsageLimits> {
        let limit = |before: i32, after: i32| Some(after).filter(|_| before != 0 || after != 0);
        let storage = (!self.storage.is_none() || !before.storage.is_none()).then(|| {
            DataStorage::builder()
                .set_maximum(limit(before.storage.maximum, self.storage.maximum))
                .set_minimum(limit(before.storage.minimum, self.storage.minimum))
                .unit(DataStorageUnit::Gb)
                .build()
        });
        let ecpu = (!self.ecpu.is_none() || !before.ecpu.is_none()).then(|| {
            EcpuPerSecond::builder()
                .set_maximum(limit(before.ecpu.maximum, self.ecpu.maximum))
                .set_minimum(limit(before.ecpu.minimum, self.ecpu.minimum))
                .build()
        });
        (storage.is_some() || ecpu.is_some())
            .then(|| CacheUsageLimits::builder().set_data_storage(storage).set_ecpu_per_second(ecpu).build())
    }
}

/// The elements of a list; none for null, `None` while they are unknown.
fn known<T>(list: &Field<Vec<T>>) -> Option<&[T]> {
    match list {
        Field::Known(items) => Some(items),
        Field::Null => Some(&[]),
        Field::Unknown => None,
    }
}

/// The outer `None` while the number is unknown, the inner one for null.
fn number(field: &Field<i32>) -> Option<Option<i32>> {
    (!field.is_unknown()).then(|| field.known().copied())
}

/// Refuses a minimum above the maximum.
pub(super) fn validate(blocks: &Field<Vec<UsageLimitsModel>>, diags: &mut Diagnostics) {
    let Some(block) = blocks.known().and_then(|blocks| blocks.first()) else { return };
    let at = Path::attribute("cache_usage_limits").index(0);
    let mut check = |name: &str, minimum: &Field<i32>, maximum: &Field<i32>| {
        let (Some(minimum), Some(maximum)) = (minimum.known(), maximum.known()) else { return };
        if *maximum != 0 && minimum > maximum {
            diags.error_at(
                at.then(name).index(0).then("minimum"),
                "Invalid usage limits",
                format!(
                    "`minimum` of `{name}` is {minimum} and its `maximum` is {maximum}, and AWS accepts no minimum above the \
                     maximum. Lower `minimum`, or raise `maximum`."
                ),
            );
        }
    };
    if let Some(storage) = block.data_storage.known().and_then(|blocks| blocks.first()) {
        check("data_storage", &storage.minimum, &storage.maximum);
    }
    if let Some(ecpu) = block.ecpu_per_second.known().and_then(|blocks| blocks.first()) {
        check("ecpu_per_second", &ecpu.minimum, &ecpu.maximum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(storage: Option<(i32, i32)>, ecpu: Option<(i32, i32)>) -> Field<Vec<UsageLimitsModel>> {
        let storage = storage.map(|(minimum, maximum)| DataStorageModel {
            minimum: Field::Known(minimum),
            maximum: Field::Known(maximum),
            unit: UNIT.into(),
        });
        let ecpu = ecpu.map(|(minimum, maximum)| EcpuPerSecondModel {
            minimum: Field::Known(minimum),
            maximum: Field::Known(maximum),
        });
        Field::Known(vec![UsageLimitsModel {
            data_storage: Field::Known(storage.into_iter().collect()),
            ecpu_per_second: Field::Known(ecpu.into_iter().collect()),
        }])
    }

    fn limits(storage: Option<(i32, i32)>, ecpu: Option<(i32, i32)>) -> Limits {
        Limits::of_blocks(&blocks(storage, ecpu)).unwrap()
    }

    #[test]
    fn absent_empty_and_zero_blocks_are_no_limits() {
        for same in [Field::Null, Field::Known(Vec::new()), blocks(None, None), blocks(Some((0, 0)), None)] {
            let parsed = Limits::of_blocks(&same).unwrap();
            assert_eq!((parsed, parsed.to_create()), (Limits::default(), None));
            // A read keeps how the configuration says it.
            assert_eq!(Limits::default().flatten(&same), same);
        }
        assert_eq!(Limits::of_blocks(&Field::Unknown), None);
    }

    #[test]
    fn create_sends_the_limits_that_are_set() {
        let sent = limits(Some((0, 10)), Some((2000, 0))).to_create().unwrap();
        let storage = sent.data_storage().unwrap();
        assert_eq!((storage.minimum(), storage.maximum()), (None, Some(10)));
        assert_eq!(storage.unit(), Some(&DataStorageUnit::Gb));
        let ecpu = sent.ecpu_per_second().unwrap();
        assert_eq!((ecpu.minimum(), ecpu.maximum()), (Some(2000), None));
    }

    #[test]
    fn removed_limits_are_sent_as_zero() {
        let before = limits(Some((5, 10)), Some((1000, 5000)));
        let sent = limits(Some((0, 10)), None).to_modify(before).unwrap();
        let storage = sent.data_storage().unwrap();
        assert_eq!((storage.minimum(), storage.maximum()), (Some(0), Some(10)));
        let ecpu = sent.ecpu_per_second().unwrap();
        assert_eq!((ecpu.minimum(), ecpu.maximum()), (Some(0), Some(0)));
        // What neither has is not sent.
        let sent = limits(Some((0, 20)), None).to_modify(limits(Some((0, 10)), None)).unwrap();
        assert_eq!(sent.data_storage().unwrap().minimum(), None);
        assert!(sent.ecpu_per_second().is_none());
    }

    #[test]
    fn limits_of_another_value_are_flattened_to_the_smallest_block() {
        let found = limits(Some((0, 20)), None).flatten(&blocks(Some((0, 10)), Some((0, 0))));
        let block = &found.known().unwrap()[0];
        assert_eq!(block.data_storage.known().unwrap()[0].maximum, Field::Known(20));
        assert_eq!(block.data_storage.known().unwrap()[0].minimum, Field::Null);
        assert_eq!(block.ecpu_per_second.known().unwrap().len(), 0);
        assert_eq!(Limits::default().flatten(&blocks(Some((0, 10)), None)), Field::Known(Vec::new()));
    }

    #[test]
    fn a_minimum_above_the_maximum_is_refused() {
        let problems = |blocks: &Field<Vec<UsageLimitsModel>>| {
            let mut diags = Diagnostics::new();
            validate(blocks, &mut diags);
            diags.iter().map(|it| it.path.as_ref().unwrap().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(
            problems(&blocks(Some((11, 10)), Some((5001, 5000)))),
            [
                "cache_usage_limits[0].data_storage[0].minimum",
                "cache_usage_limits[0].ecpu_per_second[0].minimum"
            ]
        );
        assert_eq!(problems(&blocks(Some((10, 10)), Some((5000, 0)))), [""; 0]);
    }
}
