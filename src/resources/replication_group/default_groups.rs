//! AWS's own parameter groups, one or two for each family.

/// What the names of AWS's own parameter groups begin with.
const DEFAULT: &str = "default.";
/// What the names of those for cluster mode end with.
pub(super) const CLUSTER: &str = ".cluster.on";

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_group_keeps_cluster_mode() {
        assert_eq!(default_group_like("default.redis7", "valkey8").as_deref(), Some("default.valkey8"));
        assert_eq!(
            default_group_like("default.redis6.x.cluster.on", "redis7").as_deref(),
            Some("default.redis7.cluster.on")
        );
        assert_eq!(default_group_like("mine", "redis7"), None);
        assert_eq!(of_default_group("default.redis6.x.cluster.on"), Some("redis6.x"));
    }
}
