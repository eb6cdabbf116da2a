//! Versions that were listed, as a typed model.

use std::collections::BTreeMap;

use aws_sdk_elasticache::types::CacheEngineVersion;

use crate::model;
use crate::value::Field;

model! {
    /// The data source `elasticache_engine_versions`.
    pub struct EngineVersionsDataModel {
        /// Same as `engine`.
        id: Field<String>,
        /// `valkey` or `redis`.
        engine: Field<String>,
        /// Family to keep to.
        family: Field<String>,
        /// Major version to keep to.
        major_version: Field<i64>,
        /// The versions.
        versions: Field<Vec<EngineVersionModel>>,
        /// The newest one.
        latest_version: Field<String>,
        /// Its family.
        latest_family: Field<String>,
        /// The newest one of each major version.
        latest_by_major: Field<BTreeMap<String, String>>,
        /// What AWS names as default.
        default_version: Field<String>,
        /// The families.
        families: Field<Vec<String>>,
        /// Region.
        region: Field<String>,
    }
}

model! {
    /// A version.
    pub struct EngineVersionModel {
        /// `valkey` or `redis`.
        engine: Field<String>,
        /// The version.
        version: Field<String>,
        /// Family of its parameter groups.
        family: Field<String>,
        /// In AWS's words.
        description: Field<String>,
    }
}

/// Numbers of a version, for comparison: `5.0.10` is newer than `5.0.6`. What is not a
/// number, as in `6.x`, is newer than any.
fn numbers(version: &str) -> Vec<u64> {
    version.split('.').map(|part| part.parse().unwrap_or(u64::MAX)).collect()
}

impl EngineVersionsDataModel {
    /// The model with these versions, as far as they fit, and this default.
    pub(super) fn with_live(self, found: &[CacheEngineVersion], default: Option<&str>) -> Self {
        let major = |version: &str| version.split('.').next().map(str::to_owned);
        let wanted = self.major_version.known().map(i64::to_string);
        let mut versions: Vec<(Vec<u64>, &CacheEngineVersion)> = found
            .iter()
            .filter_map(|one| Some((one.engine_version()?, one)))
            .filter(|(version, _)| wanted.is_none() || major(version) == wanted)
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
            latest_version: text(latest.and_then(CacheEngineVersion::engine_version)),
            latest_family: text(latest.and_then(CacheEngineVersion::cache_parameter_group_family)),
            latest_by_major: Field::Known(by_major),
            default_version: text(default),
            families: Field::Known(families),
            versions: Field::Known(versions.into_iter().map(|(_, one)| version(one)).collect()),
            ..self
        }
    }
}

fn version(version: &CacheEngineVersion) -> EngineVersionModel {
    EngineVersionModel {
        engine: text(version.engine()),
        version: text(version.engine_version()),
        family: text(version.cache_parameter_group_family()),
        description: text(version.cache_engine_version_description()),
    }
}

fn text(text: Option<&str>) -> Field<String> {
    text.map(str::to_owned).into()
}
