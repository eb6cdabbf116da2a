//! A new security group whose creation AWS accepted, but whose answer was lost.

use super::model::SecurityGroupModel;
use crate::aws::Scope;
use crate::aws::direct::ec2::GroupPermission;
use crate::services::ec2::security_group;

/// The ID of the security group that an unanswered create has just created: the only one of the name, as
/// that call asked, and with no rules but the one that EC2 gives a new group, which is revoked next. One
/// that existed before would have to be the same in all of this.
pub(super) async fn created(scope: &Scope<'_>, planned: &SecurityGroupModel) -> Option<String> {
    let name = planned.name.text().unwrap_or_default();
    let mut found = security_group::list(scope, name, planned.vpc_id.text()).await.ok()?;
    let group = found.pop().filter(|_| found.is_empty())?;
    let all_out = |rule: &GroupPermission| rule.protocol.as_deref() == Some("-1");
    let as_asked = group.description.as_deref() == planned.description.text()
        && security_group::tags_of(&group) == planned.tags_all.known().cloned().unwrap_or_default();
    let is_new = group.ingress.is_empty() && !group.egress.is_empty() && group.egress.iter().all(all_out);
    group.group_id.filter(|_| as_asked && is_new)
}
