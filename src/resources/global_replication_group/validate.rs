//! Rules over several attributes of a configuration.

use super::attributes::GlobalReplicationGroupModel;
use crate::diag::Diagnostics;
use crate::resources::common::engine_version::Version;
use crate::resources::common::forms::zone_of_another_region;
use crate::value::{Field, Path};

/// The first version of Valkey; Redis OSS on ElastiCache ends with 7.1.
const VALKEY: (u32, u32) = (7, 2);

/// The oldest version that a global datastore supports (user guide, "Prerequisites and limitations" of global
/// datastores).
const OLDEST: &str = "5.0.6";

/// Checks what the attributes by themselves do not show. Unknown values pass.
pub(super) fn configuration(config: &GlobalReplicationGroupModel, diags: &mut Diagnostics) {
    versions(config, diags);
    placement(config, diags);
}

fn versions(config: &GlobalReplicationGroupModel, diags: &mut Diagnostics) {
    let Some(text) = config.engine_version.text() else { return };
    let Some(version) = Version::parse(text) else { return };
    let at = Path::attribute("engine_version");
    if Version::parse(OLDEST).is_some_and(|oldest| version.is_below(oldest)) {
        diags.error_at(
            at,
            "Invalid engine_version",
            format!(
                "`engine_version` is {text:?}, and a global datastore needs version {OLDEST} or later. Set a \
                 later version."
            ),
        );
        return;
    }
    let is_valkey = is_valkey(version);
    match config.engine.text().map(str::to_lowercase).as_deref() {
        Some("valkey") if !is_valkey => diags.error_at(
            at,
            "Invalid engine_version",
            format!(
                "Valkey {text} does not exist: the first version is \"7.2\". Set `engine_version = \"7.2\"` \
                 or later, or `engine = \"redis\"`."
            ),
        ),
        Some("redis") if is_valkey => diags.error_at(
            at,
            "Invalid engine_version",
            format!(
                "Redis OSS {text} does not exist: the last version is \"7.1\". Set `engine = \"valkey\"`, or \
                 `engine_version = \"7.1\"` or earlier."
            ),
        ),
        _ => {}
    }
}

/// True for versions that only Valkey has.
pub(super) fn is_valkey(version: Version) -> bool {
    let (major, minor) = version.major_minor();
    (major, minor.unwrap_or(0)) >= VALKEY
}

/// Each member is configured once.
fn placement(config: &GlobalReplicationGroupModel, diags: &mut Diagnostics) {
    let Field::Known(placements) = &config.regional_configurations else { return };
    for (i, placement) in placements.iter().enumerate() {
        let of = |at: usize| {
            let placement = placements.get(at)?;
            let id = placement.replication_group_id.text()?.to_lowercase();
            Some((id, placement.replication_group_region.text()?.to_owned()))
        };
        let Some((id, region)) = of(i) else { continue };
        if (0..i).any(|earlier| of(earlier).as_ref() == Some(&(id.clone(), region.clone()))) {
            diags.error_at(
                Path::attribute("regional_configurations").index(i).then("replication_group_id"),
                "Duplicate regional configuration",
                format!(
                    "Replication group {id:?} in {region} is configured twice. Merge the two entries of \
                     `regional_configurations`."
                ),
            );
        }
        let first = placement.resharding_configurations.known().and_then(|shards| shards.first());
        let wrong = first
            .and_then(|shard| shard.preferred_availability_zones.known())
            .and_then(|zones| zones.iter().find(|zone| zone_of_another_region(zone, &region).is_some()));
        if let Some(zone) = wrong {
            diags.error_at(
                Path::attribute("regional_configurations").index(i).then("resharding_configurations"),
                "Availability Zone of another Region",
                format!("{zone:?} is not an Availability Zone of {region}, the Region of replication group {id:?}."),
            );
        }
    }
}
