//! Changes of engine and major version: in place, or by replacement.

use super::attributes::ServerlessCacheModel;
use super::deletion_protection;
use super::rules::{MEMCACHED, REDIS, VALKEY};
use crate::engine::PlanContext;
use crate::value::Path;

/// The one major version of Valkey from which AWS goes back to Redis OSS, which ends with it (user guide,
/// "Upgrading engine versions"; hashicorp/terraform-provider-aws#45204).
const COMMON: &[u32] = &[7];

/// A change of engine or version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// There is none, or it is not known yet.
    None,
    /// AWS makes it in place.
    InPlace,
    /// AWS does not make it: why, as the beginning of a sentence.
    Impossible(String),
}

/// The change between two engines with their major versions; a version that is not known is no change.
pub(super) fn change(from: (&str, Option<&str>), to: (&str, Option<&str>)) -> Change {
    let ((from, before), (to, after)) = (from, to);
    let (before, after) = (before.and_then(parse), after.and_then(parse));
    let earlier = || match (&before, &after) {
        (Some(before), Some(after)) if after < before => Some(Change::Impossible(format!(
            "AWS does not change {} to an earlier major version",
            observed(from)
        ))),
        _ => None,
    };
    match (from, to) {
        _ if from == to => match earlier() {
            Some(impossible) => impossible,
            None if before.is_some() && after.is_some() && before != after => Change::InPlace,
            None => Change::None,
        },
        (REDIS, VALKEY) => earlier().unwrap_or(Change::InPlace),
        (VALKEY, REDIS) => {
            let is_common = |version: &Option<Vec<u32>>| version.as_deref().is_none_or(|it| it == COMMON);
            match is_common(&before) && is_common(&after) {
                true => Change::InPlace,
                false => Change::Impossible("AWS changes Valkey to Redis OSS only in version 7".to_owned()),
            }
        }
        _ => Change::Impossible(format!("AWS does not change {} to {}", observed(from), observed(to))),
    }
}

/// A version as numbers; `None` for any other text.
fn parse(version: &str) -> Option<Vec<u32>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}

fn observed(engine: &str) -> &str {
    match engine {
        VALKEY => "Valkey",
        REDIS => "Redis OSS",
        MEMCACHED => "Memcached",
        other => other,
    }
}

/// Plans engine and version of an existing cache.
pub(super) fn plan(cx: &mut PlanContext<'_, ServerlessCacheModel>, prior: &ServerlessCacheModel) {
    let (Some(from), Some(to)) = (prior.aws_engine(), cx.planned.aws_engine()) else { return };
    let (before, after) =
        (prior.major_engine_version.text(), cx.planned.major_engine_version.text().map(str::to_owned));
    let Change::Impossible(why) = change((&from, before), (&to, after.as_deref())) else { return };
    let cause = if from == to { "major_engine_version" } else { "engine" };
    if cx.planned.allow_engine_replacement.is_true() {
        let rule = format!("{why}.");
        return deletion_protection::replace(cx, prior, cause, &rule);
    }
    cx.diags.error_at(
        Path::attribute(cause),
        "Engine cannot be changed in place",
        format!(
            "Serverless cache {:?} runs {} {}, and {why}. Undo the change of `{cause}`; or set `allow_engine_replacement = \
             true` to replace the cache, which loses its data unless it is restored with `snapshot_arns_to_restore`.",
            prior.aws_name(),
            observed(&from),
            before.unwrap_or_default(),
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(from: (&'static str, &'static str), to: (&'static str, &'static str)) -> Change {
        change((from.0, Some(from.1)), (to.0, Some(to.1)))
    }

    #[test]
    fn later_versions_and_valkey_are_changes_in_place() {
        for (from, to) in [
            ((VALKEY, "7"), (VALKEY, "8")),
            ((REDIS, "7"), (VALKEY, "7")),
            ((REDIS, "7"), (VALKEY, "8")),
            ((VALKEY, "7"), (REDIS, "7")),
            ((VALKEY, "9"), (VALKEY, "10")),
        ] {
            assert_eq!(of(from, to), Change::InPlace, "{from:?} {to:?}");
        }
        assert_eq!(of((VALKEY, "8"), (VALKEY, "8")), Change::None);
        assert_eq!(change((VALKEY, Some("8")), (VALKEY, None)), Change::None);
    }

    #[test]
    fn other_changes_are_impossible() {
        for (from, to, why) in [
            ((VALKEY, "8"), (VALKEY, "7"), "AWS does not change Valkey to an earlier major version"),
            ((VALKEY, "8"), (REDIS, "7"), "AWS changes Valkey to Redis OSS only in version 7"),
            ((VALKEY, "7"), (REDIS, "8"), "AWS changes Valkey to Redis OSS only in version 7"),
            ((MEMCACHED, "1.6"), (VALKEY, "8"), "AWS does not change Memcached to Valkey"),
            ((REDIS, "7"), (MEMCACHED, "1.6"), "AWS does not change Redis OSS to Memcached"),
        ] {
            assert_eq!(of(from, to), Change::Impossible(why.to_owned()), "{from:?} {to:?}");
        }
    }
}
