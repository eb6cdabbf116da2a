//! From the engine versions that AWS returns to the model of the data source.

use std::collections::BTreeMap;

use aws_sdk_elasticache::types::CacheEngineVersion;

use super::attributes::{EngineVersionModel, EngineVersionsDataModel};
use crate::value::Field;

/// Numbers of a version, for comparison: `5.0.10` is newer than `5.0.6`. A part that is no
/// number, as in `6.x`, is newer than all numbers.
fn numbers(version: &str) -> Vec<u64> {
    version.split('.').map(|part| part.parse().unwrap_or(u64::MAX)).collect()
}

impl EngineVersionsDataModel {
    /// The model with those of `found` that match the arguments, and this default.
    pub(super) fn flatten(self, found: &[CacheEngineVersion], default: Option<&str>) -> Self {
        let major = |version: &str| version.split('.').next().map(str::to_owned);
        let desired = self.major_version.known().map(i64::to_string);
        let mut versions: Vec<(Vec<u64>, &CacheEngineVersion)> = found
            .iter()
            .filter_map(|one| Some((one.engine_version()?, one)))
            .filter(|(version, _)| desired.is_none() || major(version) == desired)
            .map(|(version, one)| (numbers(version), one))
            .collect();
        versions.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut families: Vec<String> = Vec::new();
        let mut by_major = BTreeMap::new();
        for (_, one) in &versions {
            let family = one.cache_parameter_group_family().unwrap_or_default();
            if !family.is_empty() && !families.iter().any(|known| known == family) {
                families.push(family.to_owned());
            }
            let version = one.engine_version().unwrap_or_default();
            by_major.extend(major(version).map(|major| (major, version.to_owned())));
        }
        let latest = versions.last().map(|(_, one)| *one);
        Self {
            id: self.engine.clone(),
            latest_version: latest.and_then(CacheEngineVersion::engine_version).into(),
            latest_family: latest.and_then(CacheEngineVersion::cache_parameter_group_family).into(),
            latest_by_major: Field::Known(by_major),
            default_version: default.into(),
            families: Field::Known(families),
            versions: Field::Known(versions.into_iter().map(|(_, one)| version(one)).collect()),
            ..self
        }
    }
}

fn version(version: &CacheEngineVersion) -> EngineVersionModel {
    EngineVersionModel {
        engine: version.engine().into(),
        version: version.engine_version().into(),
        family: version.cache_parameter_group_family().into(),
        description: version.cache_engine_version_description().into(),
    }
}
