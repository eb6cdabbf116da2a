//! Adjusting the plan of a replication group.

use super::attributes::{Plan, ReplicationGroupModel};
use super::update::credentials::TOKEN;
use super::{
    cluster_mode, counts, datastore, defaults, deferral, deletion_protection, engine, imported, in_effect,
    members, node_types, parameter_group, rules, shards, validate,
};
use crate::diag::Diagnostic;
use crate::resources::common::engine_version::Version;
use crate::schema::Object;
use crate::schema::common::TIMEOUTS;
use crate::value::{Field, Path};

/// What a group in the making shows as it stays, or keeps in the state.
const KNOWN_FROM_THE_START: &[&str] = &["arn", "auth_token_version", "id", "region", "tags_all"];

/// What is known of a new group before AWS is asked.
pub(super) fn create(cx: &mut Plan<'_>) {
    let global = &cx.config.global_replication_group_id;
    if cx.config.engine.is_null() && global.text().is_none() && !global.is_unknown() {
        let version = cx.config.engine_version.text().and_then(Version::parse);
        if version.is_some_and(|version| version.at_least(engine::VALKEY.0, engine::VALKEY.1, 0)) {
            cx.diags.error_at(
                Path::attribute("engine"),
                "Missing engine",
                "`engine` is omitted and defaults to \"redis\", whose last version is 7.1. Set `engine = \
                 \"valkey\"` for this `engine_version`.",
            );
        }
        // The default of AWS, sent so that a change of the default has no effect.
        cx.set("engine", "redis".to_owned());
    }
    defaults::plan(cx);
    if let (Some(zones), Some(nodes)) =
        (cx.config.preferred_cache_cluster_azs.known(), cx.config.num_cache_clusters.known())
        && !zones.is_empty()
        && i32::try_from(zones.len()) != Ok(*nodes)
    {
        let count = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let detail = format!(
            "`preferred_cache_cluster_azs` has {} for {}, but AWS requires one Availability Zone for each \
             node. The same Availability Zone may be named more than once.",
            count(zones.len(), "Availability Zone"),
            count(usize::try_from(*nodes).unwrap_or_default(), "node"),
        );
        let path = Path::attribute("preferred_cache_cluster_azs");
        cx.diags.error_at(path, "Invalid preferred_cache_cluster_azs", detail);
    }
    if cx.config.global_replication_group_id.is_null()
        && cx.planned.automatic_failover_enabled.known() == Some(&false)
    {
        zones_need_failover(cx);
    }
    if cx.config.global_replication_group_id.is_null() {
        failover_needs_replica(cx);
        key_needs_encryption(cx);
    }
    node_types::plan(cx);
    parameter_group::plan(cx);
    counts::create(cx);
    count_tokens(cx);
    wants_token(cx);
}

/// Failover of a new group without replicas. Validation knows only `num_cache_clusters`: an existing group may have
/// cluster mode that its configuration does not mention, and failover with any number of nodes.
fn failover_needs_replica(cx: &mut Plan<'_>) {
    let has_no_replica = defaults::replicated(cx.config) == Some(false);
    let is_single = has_no_replica && defaults::cluster_mode(&cx.planned, cx.config) == Some(false);
    if is_single && cx.config.automatic_failover_enabled.is_true() {
        let name = match (cx.config.node_groups(), &cx.config.replicas_per_node_group) {
            ([], Field::Null) => "num_cache_clusters` to 2",
            ([], _) => "replicas_per_node_group` to 1",
            _ => "replica_count` of `node_group_configuration` to 1",
        };
        let detail = format!("`automatic_failover_enabled` requires a replica. Set `{name} or more.");
        let path = Path::attribute("automatic_failover_enabled");
        cx.diags.error_at(path, "Invalid automatic_failover_enabled", detail);
    }
}

/// A key of a new group whose data AWS does not encrypt by itself (API reference, `AtRestEncryptionEnabled`: "true when
/// using Valkey, false when using Redis OSS"). A snapshot may say otherwise.
fn key_needs_encryption(cx: &mut Plan<'_>) {
    let config = cx.config;
    let is_redis = cx.planned.engine.text().is_some_and(|engine| engine.eq_ignore_ascii_case("redis"));
    let is_restored = !config.snapshot_name.is_null()
        || !config.snapshot_arns.is_null()
        || !config.serverless_cache_snapshot_name.is_null();
    if config.kms_key_id.text().is_some()
        && config.at_rest_encryption_enabled.is_null()
        && is_redis
        && !is_restored
    {
        let path = Path::attribute("kms_key_id");
        cx.diags.error_at(path, "Invalid kms_key_id", validate::KEY_NEEDS_ENCRYPTION);
    }
}

/// What becomes of a group that exists.
pub(super) fn update(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    datastore::plan_leave(cx, prior);
    datastore::keep(cx, prior);
    let is_member = datastore::remains_member(prior, &cx.planned);
    imported::plan(cx, prior);
    joins(cx, prior);
    tls(cx, prior);
    shards::plan(cx, prior);
    node_types::plan(cx);
    // A group that is replaced anyway may run any version, with or without a token.
    if cx.replacements().is_empty() && !is_member {
        engine::plan(cx, prior);
    }
    if cx.replacements().is_empty() {
        if !is_member {
            parameter_group::plan(cx);
        }
        topology(cx, prior);
        durability(cx, prior);
        token(cx, prior);
        token_needs_tls(cx, prior);
        count_tokens(cx);
        wants_token(cx);
        windows(cx);
    }
    warn_of_unknown_causes(cx, prior);
    replace_failed_create(cx, prior);
    deletion_protection::replacement(cx, prior);
    datastore::warn_of_replacement(cx, prior);
    if cx.replacements().is_empty() {
        if prior.is_creating() {
            // An interrupted create: the update waits for its end, and AWS then returns what a group without
            // nodes does not have.
            cx.reopen(KNOWN_FROM_THE_START);
            counts::create(cx);
        }
        if !prior.is_creating() {
            in_effect::plan(cx, prior);
            in_effect::announce(cx, prior);
        }
        members::plan(cx, prior);
    }
    let mut token = TOKEN.iter().chain(&["auth_token_update_strategy", "user_group_ids"]);
    if !token.any(|name| cx.changed(name)) {
        cx.restore(&["auth_token_last_modified_date"]);
    }
    if cx.is_any_change() {
        // A group that was busy when it was read need not be any more.
        if prior.status.text() != Some("available") {
            cx.set_unknown("status");
        }
        let pending = prior.pending_modified_values.known().is_some_and(|pending| !pending.is_empty())
            && asks_aws(cx, prior);
        // A token that was not verified after an import is not sent.
        let token = !prior.has_unknown_token() && TOKEN.iter().any(|name| cx.changed(name));
        // No durability is none to change.
        let is_none = |name: &str| name == deferral::DURABILITY && prior.durability.text().is_none();
        let mut deferrable = deferral::attributes().chain(["user_group_ids"]);
        if pending || token || deferrable.any(|name| cx.changed(name) && !is_none(name)) {
            cx.set_unknown("pending_modified_values");
            cx.set_unknown("running_values");
        }
    }
}

/// True when a change is more than one of the state. After an import most are not.
fn asks_aws(cx: &Plan<'_>, prior: &ReplicationGroupModel) -> bool {
    let at_once = cx.planned.apply_immediately.is_true() && !prior.apply_immediately.is_true();
    let token = |name: &str| prior.has_unknown_token() && name.starts_with("auth_token");
    at_once
        || shards::is_changed(prior, &cx.planned)
        || cx.changes().into_iter().any(|name| !is_state_only(name) && !token(name))
}

/// True for what only the state keeps, or creating and deleting use: AWS is not asked for a change.
fn is_state_only(name: &str) -> bool {
    let attribute = ReplicationGroupModel::resource_schema().block.attribute(name);
    let is_not_readable = attribute.is_some_and(|attribute| attribute.not_readable.is_some());
    name == TIMEOUTS || (is_not_readable && !name.starts_with("auth_token"))
}

/// An interrupted create that then failed. Terraform replaces a tainted resource itself; this is for one that
/// was untainted since.
fn replace_failed_create(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    if deletion_protection::has_failed(prior) {
        cx.set_unknown("status");
        cx.replace("status");
        cx.diags.push(Diagnostic::warning(
            "AWS failed to create the replication group",
            format!(
                "Replication group {:?} has the status create-failed, which is final. Terraform replaces it.",
                prior.group_id()
            ),
        ));
    }
}

/// AWS adds only new groups to a global datastore. One that has left it, as in an outage of the other Region,
/// holds the data: it is not replaced silently.
fn joins(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    if prior.is_global_member() {
        return;
    }
    if cx.config.global_replication_group_id.is_unknown() {
        cx.replace("global_replication_group_id");
    } else if let Some(id) = cx.config.global_replication_group_id.text() {
        let detail = format!(
            "The replication group is not a member of the global datastore {id:?}, and AWS adds only new \
             replication groups to one. Remove `global_replication_group_id`, and set `engine`, \
             `engine_version` and `node_type`; or, if its data may be lost, replace it: `terraform apply \
             -replace=ADDRESS`."
        );
        let path = Path::attribute("global_replication_group_id");
        cx.diags.error_at(path, "Cannot add an existing replication group to a global datastore", detail);
    }
}

/// AWS enables TLS in place from 7.0.5 on, and accepts credentials only where TLS is required.
fn tls(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    if !cx.changed("transit_encryption_enabled") {
        // Credentials that come to a group which admits clients without TLS require it.
        let admits = prior.transit_encryption_mode.text() == Some("preferred");
        if admits && cx.planned.transit_encryption_enabled.is_true() && gives_credentials(cx.config) {
            cx.set("transit_encryption_mode", "required".to_owned());
        }
        return;
    }
    if deferral::withdrawn(prior, &cx.planned).contains(&deferral::TLS) {
        return;
    }
    let (major, minor, patch) = in_effect::TLS_IN_PLACE;
    let can = |version: Option<&str>| {
        version.and_then(Version::parse).is_none_or(|version| version.at_least(major, minor, patch))
    };
    // An upgrade that is planned, or that waits already.
    let waits = prior.running_values.known().is_some_and(|values| values.contains_key(deferral::VERSION));
    let upgraded = (cx.changed("engine_version") || waits) && can(cx.planned.engine_version.text());
    if !can(prior.engine_version_actual.text()) && !upgraded {
        let running = prior.engine_version_actual.text().unwrap_or_default();
        let reason = deletion_protection::Reason {
            rule: format!(
                "AWS enables and disables TLS in place only from engine version 7.0.5 on, and the running version is \
                 {running}."
            ),
            way: Some(
                "To keep the replication group, set `engine_version = \"7.1\"` in the same change."
                    .to_owned(),
            ),
        };
        deletion_protection::replace(cx, prior, "transit_encryption_enabled", &reason);
        return;
    }
    // Without a mode TLS is switched on for clients of both kinds, unless credentials require it.
    if let Some(on) = cx.planned.transit_encryption_enabled.known().copied() {
        let mode = match (on, gives_credentials(cx.config)) {
            (false, _) => "",
            (true, true) => "required",
            (true, false) => "preferred",
        };
        cx.set("transit_encryption_mode", mode.to_owned());
    }
}

/// True when the configuration gives, or may give, a token or user groups.
fn gives_credentials(config: &ReplicationGroupModel) -> bool {
    config.auth_token.given().is_some()
        || config.auth_token.is_unknown()
        || config.auth_token_wo.given().is_some()
        || config.auth_token_wo.is_unknown()
        || config.reference().is_given()
        || config.user_group_ids.is_unknown()
        || config.user_group_ids.known().is_some_and(|ids| !ids.is_empty())
}

/// Nodes that failover needs, and the way to cluster mode.
fn topology(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    // However the configuration counts them.
    let alone = cx.planned.num_cache_clusters.known().is_some_and(|nodes| *nodes < 2);
    // Cluster mode keeps failover with any number of nodes (hashicorp/aws #27116).
    let clustered = prior.cluster_enabled.is_true() || cx.planned.has_cluster_mode();
    let alone = alone && !clustered;
    let valkey = cx.planned.engine.text().is_some_and(|engine| engine.eq_ignore_ascii_case("valkey"));
    let is_member = datastore::remains_member(prior, &cx.planned);
    if alone && valkey && !is_member {
        // Failover that the configuration never mentions came with the replicas, and goes with them.
        if cx.config.automatic_failover_enabled.is_null() {
            cx.set("automatic_failover_enabled", false);
            if cx.config.multi_az_enabled.is_null() {
                cx.set("multi_az_enabled", false);
            }
        }
    } else if alone
        && cx.config.automatic_failover_enabled.is_null()
        && prior.automatic_failover_enabled.is_true()
    {
        cx.diags.error_at(
            Path::attribute("automatic_failover_enabled"),
            "Automatic failover requires a replica",
            "The replication group has automatic failover, which AWS does not accept without a replica. Set \
             `automatic_failover_enabled = false` to reduce it to one node.",
        );
    } else if alone && !is_member && cx.config.automatic_failover_enabled.is_true() {
        cx.diags.error_at(
            Path::attribute("automatic_failover_enabled"),
            "Automatic failover requires a replica",
            "The configuration leaves the replication group one node, and AWS does not accept automatic failover \
             without a replica. Set `automatic_failover_enabled = false`, or keep a replica.",
        );
    }
    if prior.automatic_failover_enabled.known() == Some(&false) && !is_member {
        zones_need_failover(cx);
    }
    let off = cx.config.automatic_failover_enabled.known() == Some(&false);
    if off && cx.config.multi_az_enabled.is_null() && prior.multi_az_enabled.is_true() {
        cx.diags.error_at(
            Path::attribute("multi_az_enabled"),
            "Multi-AZ requires automatic failover",
            "The replication group has Multi-AZ, which requires automatic failover. To disable failover, set \
             `multi_az_enabled = false` as well.",
        );
    }
    cluster_mode::plan(cx, prior);
}

/// The effective durability is unknown where durability changes, and where a group reaches the version that has
/// it; not while that is pending. Durability enables encryption at rest.
fn durability(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    if matches!(cx.planned.apply_immediately, Field::Null | Field::Known(false)) {
        return;
    }
    let is_taken_back = deferral::withdrawn(prior, &cx.planned).contains(&deferral::DURABILITY);
    let is_changed = cx.changed("durability") && !is_taken_back;
    if !is_changed && !["engine", "engine_version", "cluster_mode"].iter().any(|name| cx.changed(name)) {
        return;
    }
    let is_valkey = cx.planned.engine.text().is_none_or(|engine| engine.eq_ignore_ascii_case("valkey"));
    let version = cx.planned.engine_version.text().and_then(Version::parse);
    let has_it = is_valkey && version.is_none_or(|version| version.at_least(9, 0, 0));
    if has_it && prior.durability.text().is_none() {
        cx.set_unknown("durability");
    }
    if is_changed || has_it || prior.effective_durability.known().is_some() {
        cx.set_unknown("effective_durability");
    }
    if is_changed {
        cx.set_unknown("storage_encryption_type");
    }
}

/// Multi-AZ without `automatic_failover_enabled`, which is then false. Validation refuses it where it is false
/// explicitly.
fn zones_need_failover(cx: &mut Plan<'_>) {
    if cx.config.multi_az_enabled.is_true() && cx.config.automatic_failover_enabled.is_null() {
        let path = Path::attribute("multi_az_enabled");
        cx.diags.error_at(path, "Invalid multi_az_enabled", validate::ZONES_NEED_FAILOVER);
    }
}

/// A window that AWS chose counts as much as one of the configuration.
fn windows(cx: &mut Plan<'_>) {
    let configured =
        cx.config.maintenance_window.text().is_some() && cx.config.snapshot_window.text().is_some();
    if configured || !(cx.changed("maintenance_window") || cx.changed("snapshot_window")) {
        return;
    }
    let (weekly, daily) = (&cx.planned.maintenance_window, &cx.planned.snapshot_window);
    if let (Some(weekly), Some(daily)) = (weekly.text(), daily.text())
        && rules::overlap(weekly, daily)
    {
        let name = if cx.changed("snapshot_window") { "snapshot_window" } else { "maintenance_window" };
        let detail = format!(
            "The snapshot window {daily} and the maintenance window {weekly} of the replication group \
             overlap, which AWS does not allow. Set both `snapshot_window` and `maintenance_window`."
        );
        cx.diags.error_at(Path::attribute(name), format!("Invalid {name}"), detail);
    }
}

fn token(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    let given = gives_credentials(cx.config);
    if prior.has_unknown_token() && given && cx.config.user_group_ids.is_null() {
        cx.set("auth_token_enabled", true);
        // It is not sent, so AWS notes no change.
        cx.set("auth_token_last_modified_date", prior.auth_token_last_modified_date.clone());
        cx.diags.warning_at(
            Path::attribute(way(cx.config)),
            "AUTH token is not verified",
            "The replication group already has an AUTH token, which AWS does not return and the state does not hold. \
             The configured token is assumed to be the same, and AWS is not called. If it is another one, change it \
             once more to apply it.",
        );
    }
    // After an import a configuration without a token says nothing about it.
    let known = prior.has_token() && !prior.has_unknown_token();
    let tls_off = cx.planned.transit_encryption_enabled.known() == Some(&false);
    if known && !given && !tls_off {
        let way = way(prior);
        cx.diags.error_at(
            Path::attribute(way),
            "AUTH token cannot be removed",
            format!(
                "AWS removes an AUTH token only when user groups replace it. Keep `{way}`, or set \
                 `user_group_ids` instead."
            ),
        );
    }
}

/// The argument by which a token is given. A state has no write-only one, but its version.
fn way(model: &ReplicationGroupModel) -> &'static str {
    if model.reference().is_given() || model.auth_token_secret_version_id.text().is_some() {
        "auth_token_secret_arn"
    } else if model.auth_token_wo.given().is_some() || !model.auth_token_wo_version.is_null() {
        "auth_token_wo"
    } else {
        "auth_token"
    }
}

/// The token's number, known at plan unless it is not known yet whether there is another
/// token. It never goes back, so that what missed one change sees the next.
fn count_tokens(cx: &mut Plan<'_>) {
    if TOKEN.iter().any(|name| cx.is_unknown(name)) {
        return cx.set_unknown("auth_token_version");
    }
    let before = cx.prior.and_then(|prior| prior.auth_token_version.known()).copied();
    if TOKEN.iter().any(|name| cx.changed(name)) {
        cx.set("auth_token_version", before.unwrap_or_default().saturating_add(1));
    } else if cx.prior.is_none() {
        cx.set("auth_token_version", 0);
    }
}

/// Whether clients will have to send a token follows from how they are to log in, so that
/// what depends on the group can say at plan what it lacks. A member of a global datastore
/// is left to AWS.
fn wants_token(cx: &mut Plan<'_>) {
    wants_version_of_secret(cx);
    if !cx.is_unknown("auth_token_enabled") {
        return;
    }
    let (config, reference) = (cx.config, cx.planned.reference());
    let open = [&config.auth_token, &config.auth_token_wo].iter().any(|token| token.is_unknown())
        || (reference.is_given() && !reference.is_certain());
    if config.auth_token.given().is_some() || config.auth_token_wo.given().is_some() || reference.is_certain()
    {
        cx.set("auth_token_enabled", true);
    } else if !open && (has_users(cx) || (cx.is_create() && config.global_replication_group_id.is_null())) {
        cx.set("auth_token_enabled", false);
    }
}

/// A configuration that creates secret and group in one apply and omits the version would fail only after the
/// secret is created: until then the ARN is unknown, and might be null.
fn wants_version_of_secret(cx: &mut Plan<'_>) {
    if cx.config.auth_token_secret_arn.is_unknown() && cx.config.auth_token_secret_version_id.is_null() {
        cx.diags.warning_at(
            Path::attribute("auth_token_secret_arn"),
            "Missing auth_token_secret_version_id",
            "`auth_token_secret_arn` is known only after apply. Unless it is null then, the apply stops \
             because the version is missing. Set both, as in `auth_token_secret_version_id = \
             elasticache_auth_token_secret.this.version_id`.",
        );
    }
}

fn has_users(cx: &Plan<'_>) -> bool {
    cx.planned.user_group_ids.known().is_some_and(|groups| !groups.is_empty())
}

/// AWS accepts clients without TLS only if the group has no token, and removes a token only when user groups
/// replace it.
fn token_needs_tls(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    let off = cx.planned.transit_encryption_enabled.known() == Some(&false)
        && cx.changed("transit_encryption_enabled");
    let relaxed = cx.planned.transit_encryption_mode.text() == Some("preferred")
        && cx.changed("transit_encryption_mode");
    let name = match (off, relaxed) {
        (true, _) => "transit_encryption_enabled",
        (_, true) => "transit_encryption_mode",
        _ => return,
    };
    if prior.has_token() {
        cx.diags.error_at(
            Path::attribute(name),
            "AUTH token requires TLS",
            "The replication group has an AUTH token, with which AWS accepts no connections without TLS. \
             Keep TLS as it is; or first replace the token with `user_group_ids` and apply, then remove \
             `user_group_ids` together with TLS.",
        );
    }
}

/// A value that is only known during apply may turn out to be the one there is, but
/// Terraform has to decide now.
fn warn_of_unknown_causes(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    for path in cx.replacements() {
        let Some(name) = path.first_attribute().filter(|name| cx.is_unknown(name)).map(str::to_owned) else {
            continue;
        };
        cx.diags.warning_at(
            path.clone(),
            "Replacement because of an unknown value",
            format!(
                "{name} of replication group {:?} is known only during apply, and a change forces a new resource. If \
                 it stays the same, set it to a value that is known at plan, or apply its dependencies first: \
                 otherwise the data of the replication group is lost.",
                prior.group_id()
            ),
        );
    }
}
