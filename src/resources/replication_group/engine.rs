//! Plans engine and version: a spelling is no change, a pending change can be withdrawn, and a change that AWS
//! does not make in place is an error unless the configuration allows the replacement. Everything is compared
//! with the engine and the version in effect, never with those that wait.

use super::attributes::ReplicationGroupModel;
use super::deferral;
use super::deletion_protection;
use crate::engine::PlanContext;
use crate::resources::common::engine_version::{self, Version};
use crate::value::Path;

type Plan<'a> = PlanContext<'a, ReplicationGroupModel>;

/// The first version of Valkey; Redis OSS on ElastiCache ends with 7.1.
pub(super) const VALKEY: (u32, u32) = (7, 2);

/// The one version of Valkey that goes back in place, and where to (user guide, "Upgrading engine
/// versions"; hashicorp/terraform-provider-aws#45229).
const BACK: (&str, &str) = ("7.2", "7.1");

/// Plans engine and version of an existing group.
pub(super) fn plan(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    let running = running(prior);
    stays_with_its_version(cx, prior, running.as_deref());
    let desired = cx.planned.engine.text().map(str::to_lowercase);
    match (running.as_deref(), desired.as_deref()) {
        (Some("redis"), Some("valkey")) => wants_version(cx),
        (Some("valkey"), Some("redis")) => back(cx, prior),
        (Some(from), Some(to)) if from != to => {
            let why = format!("AWS cannot change {from} to {to}");
            refuse_or_replace(cx, prior, "engine", &why, &format!("`engine = {from:?}`"));
        }
        _ => engine_version(cx, prior),
    }
}

/// The engine in effect, in lower case.
pub(super) fn running(prior: &ReplicationGroupModel) -> Option<String> {
    prior.engine_actual.text().or(prior.engine.text()).map(str::to_lowercase)
}

/// A configuration without `engine` keeps the pending engine, unless its version is the one in effect on the
/// engine in effect: then it withdraws the change of engine.
fn stays_with_its_version(cx: &mut Plan<'_>, prior: &ReplicationGroupModel, running: Option<&str>) {
    let (Some(running), true) = (running, cx.config.engine.is_null()) else { return };
    let waits = prior.engine.text().is_some_and(|engine| !engine.eq_ignore_ascii_case(running));
    let actual = prior.engine_version_actual.text().and_then(Version::parse);
    let desired = cx.config.engine_version.text().and_then(Version::parse);
    let automatic = cx.planned.auto_minor_version_upgrade.is_true();
    if let (true, Some(actual), Some(desired)) = (waits, actual, desired)
        && (desired.contains(actual) || (automatic && actual.is_minor_upgrade_of(desired)))
    {
        cx.set("engine", running.to_owned());
    }
}

/// AWS changes the engine only together with its version.
fn wants_version(cx: &mut Plan<'_>) {
    let version = &cx.config.engine_version;
    let fits = version
        .text()
        .and_then(Version::parse)
        .is_some_and(|version| version.at_least(VALKEY.0, VALKEY.1, 0));
    if !version.is_unknown() && !fits {
        cx.diags.error_at(
            Path::attribute("engine_version"),
            "A change to valkey requires engine_version",
            "AWS changes the engine only together with its version: set `engine_version` to \"7.2\" or \
             later.",
        );
    }
}

/// From Valkey to Redis OSS AWS goes in place from one version to one other.
fn back(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    let (from, to) = BACK;
    let actual = prior.engine_version_actual.text().unwrap_or_default().to_owned();
    if !engine_version::same(from, &actual) {
        let why = format!(
            "AWS changes valkey to redis in place only from version {from} to {to}, and the running version is {actual}"
        );
        return refuse_or_replace(cx, prior, "engine", &why, "`engine = \"valkey\"`");
    }
    let version = &cx.config.engine_version;
    if !version.is_unknown() && version.text() != Some(to) {
        cx.diags.error_at(
            Path::attribute("engine_version"),
            "A change to redis requires engine_version",
            format!(
                "AWS changes valkey {from} to redis {to} and to no other version: set `engine_version = {to:?}`."
            ),
        );
    }
}

fn engine_version(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    let running = prior.engine_version_actual.text().and_then(Version::parse);
    let desired =
        cx.planned.engine_version.text().and_then(|text| Some((text.to_owned(), Version::parse(text)?)));
    let (Some((text, desired)), Some(before)) = (desired, prior.engine_version.text()) else { return };
    if text == before {
        return;
    }
    let before = before.to_owned();
    let Some(running) = running else {
        // No node could be described: the spelling must do.
        if engine_version::same(&before, &text) {
            cx.set("engine_version", before);
        }
        return;
    };
    // Only a change of the configuration gets here, so the permission to replace is for it: what
    // AWS upgraded by itself leaves the version of the state as it is.
    let upgraded = cx.planned.auto_minor_version_upgrade.is_true()
        && running.is_minor_upgrade_of(desired)
        && !cx.config.allow_engine_replacement.is_true();
    // Where another version waits than the one that runs, a spelling of the latter is a change.
    let waits = prior.running_values.known().is_some_and(|values| values.contains_key(deferral::VERSION));
    if waits && engine_version::same(&before, &text) {
        cx.set("engine_version", before);
        cx.set("engine_version_actual", prior.engine_version_actual.clone());
        return;
    }
    if waits && (desired.contains(running) || upgraded) {
        let in_effect = deferral::running(prior);
        cx.set("engine_version_actual", prior.engine_version_actual.clone());
        if cx.config.parameter_group_name.is_null() && !cx.changed("cluster_mode") {
            cx.set("parameter_group_name", in_effect.parameter_group_name);
        }
        return;
    }
    let actual = prior.engine_version_actual.text().unwrap_or_default();
    if upgraded {
        cx.diags.warning_at(
            Path::attribute("engine_version"),
            "A later minor version is running",
            format!(
                "The running version is {actual}, and `engine_version` is {text:?}. AWS does not downgrade, \
                 and `auto_minor_version_upgrade` allows later minor versions, so nothing changes. Set \
                 `engine_version = {:?}` to match.",
                running.observed()
            ),
        );
    }
    if upgraded || desired.contains(running) {
        // Terraform core treats the prior spelling as "no change".
        cx.set("engine_version", before);
        cx.set("engine_version_actual", prior.engine_version_actual.clone());
        if cx.config.parameter_group_name.is_null() {
            cx.set("parameter_group_name", prior.parameter_group_name.clone());
        }
    } else if desired.is_below(running) {
        let why = format!("AWS cannot downgrade from version {actual} to {text}");
        let keep = format!("`engine_version = {:?}`", running.observed());
        refuse_or_replace(cx, prior, "engine_version", &why, &keep);
    }
}

/// Refuses a change that AWS does not make in place, or plans the replacement that the configuration allows.
/// `keep` is the argument that leaves the group as it is.
fn refuse_or_replace(cx: &mut Plan<'_>, prior: &ReplicationGroupModel, name: &str, why: &str, keep: &str) {
    if cx.config.allow_engine_replacement.is_true() {
        let reason = deletion_protection::Reason {
            rule: format!("{why}, and `allow_engine_replacement` is set."),
            way: Some(format!("To keep the replication group, set {keep}.")),
        };
        deletion_protection::replace(cx, prior, name, &reason);
    } else {
        cx.diags.error_at(
            Path::attribute(name),
            format!("This change of {name} is not possible in place"),
            format!(
                "{why}. To keep the running version, set {keep}; or create another replication group of the \
                 older version, with `snapshot_name` of a snapshot that was taken on that version or an \
                 earlier one; or, if the data may be lost, set `allow_engine_replacement = true` to replace \
                 this one."
            ),
        );
    }
}
