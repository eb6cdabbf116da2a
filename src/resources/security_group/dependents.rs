//! Objects that prevent the deletion of a security group.

use std::time::Duration;

use aws_sdk_elasticache::types::CacheCluster;
use tokio::time::Instant;

use crate::aws::Scope;
use crate::aws::direct::ec2::NetworkInterface;
use crate::engine::Context;
use crate::resources::common::in_use;
use crate::services::ec2::{network_interface, security_group};

/// The number of objects that a message names; the rest are counted.
const NAMED: usize = 10;

/// How long EC2 may return a revoked rule: it is eventually consistent.
pub(super) const REVOKED: Duration = Duration::from_secs(30);

/// The advice if only a change of the configuration helps: caches keep using the security group, or, after `patience`,
/// rules refer to it. Otherwise `None`: network interfaces are deleted some minutes after the object that they belong to.
pub(super) async fn blocked(cx: &Context<'_>, id: &str, patience: Instant) -> Option<String> {
    let own = id.to_owned();
    let uses = move |node: &CacheCluster| {
        let has = |id: Option<&str>, status: Option<&str>| {
            id == Some(own.as_str()) && status.is_none_or(|status| status == "active")
        };
        node.security_groups().iter().any(|group| has(group.security_group_id(), group.status()))
    };
    let caches = in_use::caches(cx, uses).await;
    if !caches.is_empty() {
        return Some(format!(
            "It is in use by {}. Remove it from `security_group_ids` of the cache, and apply that change \
             first. To replace a security group in use, use `name_prefix` instead of `name` and set \
             `lifecycle {{ create_before_destroy = true }}`.",
            in_use::list(&caches)
        ));
    }
    if Instant::now() < patience || cx.scope().cancel().is_cancelled() {
        return None;
    }
    let (interfaces, groups) =
        tokio::join!(network_interface::list(cx.scope(), id), security_group::list_referring(cx.scope(), id));
    let only_rules =
        interfaces.is_ok_and(|found| found.is_empty()) && groups.is_ok_and(|found| !found.is_empty());
    only_rules.then(|| {
        "Remove the rules of other security groups that refer to it, and apply that change first. For an \
         `elasticache_security_group` that has such rules and is deleted as well, set \
         `revoke_rules_on_delete = true`."
            .to_owned()
    })
}

/// The objects that use the security group, in sentences; empty if there are none, or if that is not known.
pub(super) async fn describe(scope: &Scope<'_>, id: &str) -> String {
    // No further calls after Terraform asks the provider to stop.
    if scope.cancel().is_cancelled() {
        return String::new();
    }
    let (interfaces, groups) =
        tokio::join!(network_interface::list(scope, id), security_group::list_referring(scope, id));
    let interfaces = interfaces.map(|found| found.iter().filter_map(words).collect::<Vec<_>>());
    let mut sentences = String::new();
    for (what, found) in
        [("Network interfaces with it", interfaces), ("Security groups with rules that refer to it", groups)]
    {
        let found = found.unwrap_or_default();
        if !found.is_empty() {
            let more = found.len().saturating_sub(NAMED);
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            let named = found.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
            sentences.push_str(&format!(" {what}: {named}{rest}."));
        }
    }
    sentences
}

/// The ID of a network interface with its description and status.
fn words(interface: &NetworkInterface) -> Option<String> {
    let id = interface.id.as_deref()?;
    let description = interface.description.as_deref().filter(|text| !text.is_empty());
    let about: Vec<&str> = [description, interface.status.as_deref()].into_iter().flatten().collect();
    Some(if about.is_empty() { id.to_owned() } else { format!("{id} ({})", about.join(", ")) })
}
