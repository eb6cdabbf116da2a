//! What a plan of a replication group checks and warns of beyond its shape: zones of the
//! wrong Region, and strategies for a token that do nothing or more than is meant.

use super::attributes::ReplicationGroupModel;
use super::update::credentials::TOKEN;
use crate::engine::contract::facts;
use crate::engine::{Context, PlanContext};
use crate::resources::common::forms::zone_of_another_region;
use crate::resources::common::parameter_group;
use crate::resources::common::secret;
use crate::value::Path;

type Plan<'a> = PlanContext<'a, ReplicationGroupModel>;

/// A fact: this run has read the group. It is none during apply, where Terraform repeats the plans
/// of what changes, but neither the reads nor the plans of what stays.
const READ: &str = "read";

fn key(arn: &str) -> String {
    facts::key("replication group", arn, "any Region")
}

/// Records that this run reads the group.
pub(super) fn record_read(cx: &Context<'_>, group: &ReplicationGroupModel) {
    if let Some(arn) = group.arn.text() {
        cx.provider().facts.record(key(arn), [(READ, String::new())]);
    }
}

/// Adds what there is to say of the plan.
pub(super) fn plan(cx: &mut Plan<'_>) {
    zones(cx);
    idle_strategy(cx);
    abrupt_strategy(cx);
    kept_parameter_group(cx);
    old_secret(cx);
}

/// An Availability Zone belongs to one Region, whose name it begins with.
fn zones(cx: &mut Plan<'_>) {
    let Some(region) = cx.planned.region.text().map(str::to_owned) else { return };
    let named = |name: &'static str, zones: &[String]| -> Vec<(&'static str, String)> {
        zones.iter().map(|zone| (name, zone.clone())).collect()
    };
    let mut all = Vec::new();
    if cx.changed("preferred_cache_cluster_azs") {
        let zones = cx.config.preferred_cache_cluster_azs.known().map(Vec::as_slice).unwrap_or_default();
        all.extend(named("preferred_cache_cluster_azs", zones));
    }
    if cx.changed("node_group_configuration") {
        for block in cx.config.node_groups() {
            let primary = block.primary_availability_zone.text().map(str::to_owned);
            let replicas = block.replica_availability_zones.known().cloned().unwrap_or_default();
            let zones: Vec<String> = primary.into_iter().chain(replicas).collect();
            all.extend(named("node_group_configuration", &zones));
        }
    }
    for (name, zone) in all {
        let Some(theirs) = zone_of_another_region(&zone, &region) else { continue };
        let detail = format!(
            "{zone:?} is an Availability Zone of {theirs}, but the replication group is in {region}. Use an \
             Availability Zone of {region}, such as \"{region}a\"."
        );
        cx.diags.error_at(Path::attribute(name), format!("Invalid {name}"), detail);
    }
}

/// A parameter group that this run replaces is deleted in it, but a group whose change waits
/// for the maintenance window keeps it until then.
fn kept_parameter_group(cx: &mut Plan<'_>) {
    let Some(prior) = cx.prior else { return };
    let (Some(old), Some(region)) = (prior.parameter_group_name.text(), prior.region.text()) else { return };
    let replaced = parameter_group::is_replaced(&cx.provider.facts, old, region);
    let waits = cx.changed("parameter_group_name") && !cx.planned.apply_immediately.is_true();
    if !replaced || !waits || !cx.replacements().is_empty() {
        return;
    }
    let detail = format!(
        "Parameter group {old:?} is replaced in this run, but the replication group uses it until AWS makes \
         the change in the maintenance window ({} UTC). Deleting it in this apply fails; an apply after the \
         window deletes it. To make the change now, set `apply_immediately = true`.",
        prior.maintenance_window.text().unwrap_or("unknown")
    );
    cx.diags.warning_at(Path::attribute("parameter_group_name"), "Old parameter group stays in use", detail);
}

/// Terraform deletes a resource that is removed from the configuration before it changes what
/// used it. The token's secret would be gone while the group still demands the token. Whether
/// the secret stays is known from its own plan, which an apply does not repeat.
fn old_secret(cx: &mut Plan<'_>) {
    let Some(prior) = cx.prior else { return };
    let (before, after) = (prior.reference(), cx.planned.reference());
    let Some(arn) = before.arn.text().filter(|_| !after.is_given()) else { return };
    let moves = cx.planned.user_group_ids.is_unknown() || !cx.planned.user_groups().is_empty();
    let is_read = prior.arn.text().is_some_and(|own| cx.provider.facts.get(&key(own), READ).is_some());
    if !moves || !is_read || secret::is_retained(&cx.provider.facts, arn) {
        return;
    }
    let detail = format!(
        "User groups replace the token in secret {arn:?}. Keep the secret in this apply: Terraform deletes a \
         resource that is removed from the configuration before it changes the replication group, and \
         clients could not read the token until it uses the user groups. Remove it in a later apply; or, \
         before this one, apply `lifecycle {{ create_before_destroy = true }}` to the \
         `elasticache_auth_token_secret`."
    );
    cx.diags.warning_at(
        Path::attribute("auth_token_secret_arn"),
        "Keep the secret of the old AUTH token",
        detail,
    );
}

/// A module may always set a strategy: without a token it has no effect.
fn idle_strategy(cx: &mut Plan<'_>) {
    let Some(strategy) = cx.config.auth_token_update_strategy.text() else { return };
    let token = cx.config.auth_token.is_unknown()
        || cx.config.auth_token.given().is_some()
        || cx.config.auth_token_wo.is_unknown()
        || cx.config.auth_token_wo.given().is_some()
        || cx.config.reference().is_given();
    // DELETE is for the apply in which user groups replace the token.
    let deletes = strategy == "DELETE" && !cx.is_create();
    if token || deletes || !(cx.is_create() || cx.changed("auth_token_update_strategy")) {
        return;
    }
    let detail = format!(
        "`auth_token_update_strategy` is {strategy:?}, but no token is configured. It has no effect until \
         `auth_token`, `auth_token_wo` or `auth_token_secret_arn` is set."
    );
    cx.diags.warning_at(
        Path::attribute("auth_token_update_strategy"),
        "auth_token_update_strategy has no effect",
        detail,
    );
}

/// `SET` is for the apply after a rotation. If it stays in the configuration, the next new token replaces the
/// current one immediately. API reference: "SET - allowed only after ROTATE".
fn abrupt_strategy(cx: &mut Plan<'_>) {
    let Some(prior) = cx.prior else { return };
    let set = cx.config.auth_token_update_strategy.text() == Some("SET");
    let changes = TOKEN.iter().any(|name| cx.changed(name));
    // A token that was not verified after an import is not sent.
    if !set || !changes || !prior.has_token() || prior.has_unknown_token() {
        return;
    }
    cx.diags.warning_at(
        Path::attribute("auth_token_update_strategy"),
        "Current AUTH token becomes invalid",
        "`auth_token_update_strategy` is \"SET\" while the token changes, so the apply rotates the new token \
         in and then removes the current one: clients that still use it lose access. To keep both valid, \
         remove `auth_token_update_strategy`, or set it to \"ROTATE\". Set it to \"SET\" once every client \
         uses the new token, and remove it after that apply.",
    );
}
