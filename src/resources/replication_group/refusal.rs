//! Which argument a refusal of AWS is about, so that the error points at it.

use super::attributes::ReplicationGroupModel;
use crate::aws::AwsError;
use crate::diag::Diagnostic;
use crate::value::Path;

/// Codes for a value, or a combination of values, that AWS does not accept.
const VALUES: &[&str] = &["InvalidParameterValue", "InvalidParameterCombination"];

/// Codes that are about one argument.
const OF_ONE: &[(&str, &str)] = &[
    ("CacheParameterGroupNotFound", "parameter_group_name"),
    ("CacheSubnetGroupNotFoundFault", "subnet_group_name"),
    ("ServerlessCacheSnapshotNotFoundFault", "serverless_cache_snapshot_name"),
    ("InvalidServerlessCacheSnapshotStateFault", "serverless_cache_snapshot_name"),
    ("SnapshotNotFoundFault", "snapshot_name"),
    ("UserGroupNotFound", "user_group_ids"),
    ("UserGroupNotFoundFault", "user_group_ids"),
    ("GlobalReplicationGroupNotFoundFault", "global_replication_group_id"),
    ("InvalidKMSKeyFault", "kms_key_id"),
    ("InvalidVPCNetworkStateFault", "subnet_group_name"),
    ("InsufficientCacheClusterCapacity", "node_type"),
    ("NodeGroupsPerReplicationGroupQuotaExceeded", "num_node_groups"),
];

/// The diagnostic, pointing at the argument that AWS's error is about, where that is clear.
pub(super) fn point(diagnostic: Diagnostic, error: &AwsError, model: &ReplicationGroupModel) -> Diagnostic {
    match argument(error, model) {
        Some(name) => diagnostic.at(Path::attribute(name)),
        None => diagnostic,
    }
}

fn argument(error: &AwsError, model: &ReplicationGroupModel) -> Option<&'static str> {
    let by_code = OF_ONE.iter().find(|(code, _)| error.is(&[*code])).map(|(_, name)| *name);
    if by_code.is_some() || !error.is(VALUES) {
        return by_code;
    }
    quoted(error.message()?, model)
}

/// The argument whose value is in the message, the longest such value. Values that say little, such as an
/// engine, are ignored, and so is every secret.
fn quoted(message: &str, model: &ReplicationGroupModel) -> Option<&'static str> {
    let texts = [
        ("engine_version", &model.engine_version),
        ("global_replication_group_id", &model.global_replication_group_id),
        ("kms_key_id", &model.kms_key_id),
        ("maintenance_window", &model.maintenance_window),
        ("node_type", &model.node_type),
        ("notification_topic_arn", &model.notification_topic_arn),
        ("parameter_group_name", &model.parameter_group_name),
        ("serverless_cache_snapshot_name", &model.serverless_cache_snapshot_name),
        ("snapshot_name", &model.snapshot_name),
        ("snapshot_window", &model.snapshot_window),
        ("subnet_group_name", &model.subnet_group_name),
    ];
    let sets = [
        (
            "preferred_cache_cluster_azs",
            model.preferred_cache_cluster_azs.known().cloned().unwrap_or_default(),
        ),
        ("security_group_ids", model.security_group_ids.known().into_iter().flatten().cloned().collect()),
        ("snapshot_arns", model.snapshot_arns.known().into_iter().flatten().cloned().collect()),
        ("user_group_ids", model.user_groups().into_iter().collect()),
    ];
    let texts = texts.into_iter().filter_map(|(name, field)| Some((name, field.text()?)));
    let elements = sets.iter().flat_map(|(name, all)| all.iter().map(|text| (*name, text.as_str())));
    texts
        .chain(elements)
        .filter(|(_, value)| names(message, value))
        .max_by_key(|(_, value)| value.len())
        .map(|(name, _)| name)
}

/// True when the message has the value as a word of its own: `7.1`, but not in `7.10`.
fn names(message: &str, value: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let message = message.to_ascii_lowercase();
    let value = value.to_ascii_lowercase();
    value.len() >= 3
        && message.match_indices(&value).any(|(at, _)| {
            let before = message[..at].chars().next_back();
            let mut after = message[at + value.len()..].chars();
            let (next, then) = (after.next(), after.next());
            // A full stop ends a sentence, unless more of a number follows.
            let ends = match next {
                Some('.') => !then.is_some_and(|c| c.is_ascii_alphanumeric()),
                Some(next) => !is_part(next),
                None => true,
            };
            ends && !before.is_some_and(|c| is_part(c) || c == '.')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> ReplicationGroupModel {
        ReplicationGroupModel {
            node_type: "cache.t9.huge".into(),
            engine_version: "99.0".into(),
            parameter_group_name: "mine".into(),
            security_group_ids: crate::value::Field::Known(["sg-1234".to_owned()].into()),
            ..Default::default()
        }
    }

    #[test]
    fn a_value_in_the_message_names_its_argument() {
        for (message, argument) in [
            ("Invalid cache node type: cache.t9.huge.", Some("node_type")),
            ("Cannot find version 99.0 for valkey", Some("engine_version")),
            ("The security group 'sg-1234' does not exist", Some("security_group_ids")),
            ("Cannot find version 99.0.1", None),
            ("The security group sg-12345 does not exist", None),
            ("Something else is wrong.", None),
        ] {
            assert_eq!(quoted(message, &model()), argument, "{message}");
        }
    }
}
