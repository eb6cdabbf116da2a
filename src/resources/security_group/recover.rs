//! Adopts a new security group if AWS accepted its creation, but the response was lost.

use super::attributes::SecurityGroupModel;
use crate::aws::Scope;
use crate::aws::direct::ec2::GroupPermission;
use crate::services::ec2::security_group;

/// The ID of the security group that an unanswered attempt has created: the only one of the name, as planned, and without
/// rules except the default egress rule of EC2, which the next call revokes.
pub(super) async fn created(scope: &Scope<'_>, planned: &SecurityGroupModel) -> Option<String> {
    let name = planned.name.text().unwrap_or_default();
    let mut found = security_group::list(scope, name, planned.vpc_id.text()).await.ok()?;
    let group = found.pop().filter(|_| found.is_empty())?;
    let all_out = |rule: &GroupPermission| rule.protocol.as_deref() == Some("-1");
    let is_as_planned = group.description.as_deref() == planned.description.text()
        && security_group::tags_of(&group) == planned.tags_all.known().cloned().unwrap_or_default();
    let is_new = group.ingress.is_empty() && !group.egress.is_empty() && group.egress.iter().all(all_out);
    group.group_id.filter(|_| is_as_planned && is_new)
}
