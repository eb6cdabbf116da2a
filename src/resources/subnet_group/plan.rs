//! What the plan of a subnet group computes.

use super::attributes::SubnetGroupModel;
use crate::engine::PlanContext;
use crate::resources::common::names;
use crate::value::Value;

/// Plans `id` and `vpc_id`.
pub(super) fn plan(cx: &mut PlanContext<'_, SubnetGroupModel>) {
    // The ID is the name as AWS stores it, so it is known at plan unless the name begins with a prefix.
    if let Some(name) = cx.planned.name.known() {
        let id = name.to_lowercase();
        cx.set("id", id);
    }
    if let Some(prior) = cx.prior {
        names::plan_lower_prefix(cx, &prior.aws_name(), &cx.config.name_prefix, &prior.name_prefix);
    }
    keep_vpc(cx);
}

/// All subnets of a subnet group are in one VPC, so the VPC stays the same while one of the subnets does.
fn keep_vpc(cx: &mut PlanContext<'_, SubnetGroupModel>) {
    let Some(prior) = cx.prior else { return };
    let before = prior.subnet_ids.known();
    let stays = |id: &Value| id.as_str().is_some_and(|id| before.is_some_and(|before| before.contains(id)));
    let planned = cx.planned_value("subnet_ids").as_elements().unwrap_or_default();
    if planned.iter().any(stays) {
        cx.set("vpc_id", prior.vpc_id.clone());
    }
}
