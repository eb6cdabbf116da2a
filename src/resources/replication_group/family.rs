//! Parameter group families: which one an engine version needs, and AWS's own
//! default group for it.

use super::model::ReplicationGroupModel;
use super::version::Version;
use super::{deferral, fit};
use crate::engine::PlanContext;
use crate::value::Path;

/// What the names of AWS's own parameter groups begin with.
const DEFAULT: &str = "default.";
/// What the names of those for cluster mode end with.
pub(super) const CLUSTER: &str = ".cluster.on";

/// The family of an engine version, such as `redis7` or `valkey8`; `None` for what
/// is no engine of a replication group. The naming is that of AWS's list of engine
/// versions: `redis5.0` with the minor version before 6, `redis6.x`, then the major.
pub(super) fn family(engine: &str, version: Version) -> Option<String> {
    let (major, minor) = version.major_minor();
    match (engine.to_ascii_lowercase().as_str(), major) {
        ("redis", 0..=5) => Some(format!("redis{major}.{}", minor?)),
        ("redis", 6) => Some("redis6.x".to_owned()),
        ("redis", _) => Some(format!("redis{major}")),
        ("valkey", _) => Some(format!("valkey{major}")),
        _ => None,
    }
}

/// The family of one of AWS's own groups; `None` for a group of the user's, whose
/// family only AWS knows.
pub(super) fn of_default_group(name: &str) -> Option<&str> {
    let family = name.strip_prefix(DEFAULT)?;
    Some(family.strip_suffix(CLUSTER).unwrap_or(family))
}

/// True for those of AWS's own groups that have cluster mode on.
pub(super) fn has_cluster_mode(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with(DEFAULT) && name.ends_with(CLUSTER)
}

/// AWS's own group of `family` that stands where `present` does: with cluster mode if
/// that is. `None` when `present` is a group of the user's.
pub(super) fn default_group_like(present: &str, family: &str) -> Option<String> {
    of_default_group(present)?;
    let suffix = if present.ends_with(CLUSTER) { CLUSTER } else { "" };
    Some(format!("{DEFAULT}{family}{suffix}"))
}

/// Plans the parameter group that goes with engine and version, and refuses one that
/// does not.
pub(super) fn plan(cx: &mut PlanContext<'_, ReplicationGroupModel>) {
    let Some(wanted) = of_model(&cx.planned) else { return };
    if let Some(prior) = cx.prior
        && cx.config.parameter_group_name.is_null()
    {
        follow_mode(cx, prior);
    }
    match (cx.config.parameter_group_name.text(), cx.prior) {
        (Some(name), _) => fit::check(cx, name, &wanted),
        (None, Some(prior)) if !cx.config.parameter_group_name.is_unknown() => follow(cx, prior, &wanted),
        _ => {}
    }
}

/// The family that engine and version of a model need, when both are known.
pub(super) fn of_model(model: &ReplicationGroupModel) -> Option<String> {
    family(model.engine.text()?, Version::parse(model.engine_version.text()?)?)
}

/// A group that leaves cluster mode off, and stays with AWS's own parameter group, gets
/// the one with cluster mode; one that comes back from compatible gets the other.
fn follow_mode(cx: &mut PlanContext<'_, ReplicationGroupModel>, prior: &ReplicationGroupModel) {
    let off = |model: &ReplicationGroupModel| model.cluster_mode.text().map(|mode| mode == "disabled");
    let (Some(was_off), Some(is_off)) = (off(prior), off(&cx.planned)) else { return };
    let Some(name) = cx.planned.parameter_group_name.text().or(prior.parameter_group_name.text()) else {
        return;
    };
    if was_off == is_off || of_default_group(name).is_none() {
        return;
    }
    let plain = name.strip_suffix(CLUSTER).unwrap_or(name);
    let name = if is_off { plain.to_owned() } else { format!("{plain}{CLUSTER}") };
    cx.set("parameter_group_name", name);
}

/// A group that stays with AWS's own parameter group gets the one for its new version.
fn follow(cx: &mut PlanContext<'_, ReplicationGroupModel>, prior: &ReplicationGroupModel, wanted: &str) {
    let running = deferral::running(prior);
    let (Some(present), Some(before)) = (prior.parameter_group_name.text(), of_model(prior)) else {
        return;
    };
    if before == wanted {
        // The version changes, the family stays, and so does its group.
        if !cx.changed("cluster_mode") {
            cx.set("parameter_group_name", prior.parameter_group_name.clone());
        }
        return;
    }
    if of_model(&running).as_deref() == Some(wanted) && !cx.changed("cluster_mode") {
        // Back to what runs.
        cx.set("parameter_group_name", running.parameter_group_name);
        return;
    }
    // Cluster mode may change in the same plan.
    let mode = cx.planned.parameter_group_name.text().unwrap_or(present);
    if let Some(name) = default_group_like(mode, wanted) {
        cx.set("parameter_group_name", name);
    } else {
        let detail = format!(
            "The group uses the parameter group {present:?}, which is for {before}, and the new engine version needs the \
             family {wanted}. Name a group of that family in the same change; AWS switches both together."
        );
        cx.diags.error_at(
            Path::attribute("parameter_group_name"),
            "The parameter group does not fit",
            detail,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_has_its_family() {
        let cases = [
            ("redis", "5.0.6", "redis5.0"),
            ("redis", "3.2.10", "redis3.2"),
            ("redis", "6.x", "redis6.x"),
            ("redis", "6.2", "redis6.x"),
            ("Redis", "7.1", "redis7"),
            ("valkey", "7.2", "valkey7"),
            ("valkey", "8.0", "valkey8"),
        ];
        for (engine, version, expected) in cases {
            let version = Version::parse(version).unwrap();
            assert_eq!(family(engine, version).as_deref(), Some(expected), "{engine} {version:?}");
        }
        assert_eq!(family("memcached", Version::parse("1.6").unwrap()), None);
    }

    #[test]
    fn a_default_group_keeps_its_kind() {
        assert_eq!(default_group_like("default.redis7", "valkey8").as_deref(), Some("default.valkey8"));
        assert_eq!(
            default_group_like("default.redis6.x.cluster.on", "redis7").as_deref(),
            Some("default.redis7.cluster.on")
        );
        assert_eq!(default_group_like("mine", "redis7"), None);
        assert_eq!(of_default_group("default.redis6.x.cluster.on"), Some("redis6.x"));
    }
}
