//! What keeps a security group from being deleted.

use std::time::Duration;

use aws_sdk_elasticache::types::CacheCluster;
use tokio::time::Instant;

use crate::aws::Scope;
use crate::aws::direct::ec2::NetworkInterface;
use crate::engine::Context;
use crate::resources::common::in_use;
use crate::services::ec2::{network_interface, security_group};

/// Most objects that are named; the rest are counted.
const NAMED: usize = 10;

/// How long EC2 may go on with a rule that was revoked: it is eventually consistent.
pub(super) const REVOKED: Duration = Duration::from_secs(30);

/// What to tell when only a change of configuration frees the group: caches that go on using it, or
/// after `patience` rules that name it. `None` when it may be free by itself: network interfaces
/// stay for some minutes after what they belong to.
pub(super) async fn blocked(cx: &Context<'_>, id: &str, patience: Instant) -> Option<String> {
    let wanted = id.to_owned();
    let uses = move |node: &CacheCluster| {
        let has = |id: Option<&str>, status: Option<&str>| {
            id == Some(wanted.as_str()) && status.is_none_or(|status| status == "active")
        };
        node.security_groups().iter().any(|group| has(group.security_group_id(), group.status()))
    };
    let caches = in_use::caches(cx, uses).await;
    if !caches.is_empty() {
        return Some(format!(
            "It is in use by {}. Remove it from security_group_ids there, and apply that first. To replace a security group \
             in use, use name_prefix instead of name and set lifecycle {{ create_before_destroy = true }}.",
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
        "Remove the rules of other security groups that name it, and apply that first; or set revoke_rules_on_delete = \
         true on an elasticache_security_group that has such rules and is deleted too."
            .to_owned()
    })
}

/// What still uses the security group, as whole sentences; empty when nothing is found or it cannot be
/// asked.
pub(super) async fn describe(scope: &Scope<'_>, id: &str) -> String {
    // Nobody waits for more once Terraform is asked to stop.
    if scope.cancel().is_cancelled() {
        return String::new();
    }
    let (interfaces, groups) =
        tokio::join!(network_interface::list(scope, id), security_group::list_referring(scope, id));
    let interfaces = interfaces.map(|found| found.iter().filter_map(words).collect::<Vec<_>>());
    let mut sentences = String::new();
    for (what, found) in
        [("Network interfaces in it", interfaces), ("Security groups with a rule that names it", groups)]
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

/// A network interface with what it is for.
fn words(interface: &NetworkInterface) -> Option<String> {
    let id = interface.id.as_deref()?;
    let description = interface.description.as_deref().filter(|text| !text.is_empty());
    let about: Vec<&str> = [description, interface.status.as_deref()].into_iter().flatten().collect();
    Some(if about.is_empty() { id.to_owned() } else { format!("{id} ({})", about.join(", ")) })
}
