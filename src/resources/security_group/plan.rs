//! What is checked and said before anything is done.

use std::collections::BTreeMap;

use super::model::{SecurityGroupModel, stands_for};
use crate::diag::Diagnostics;
use crate::engine::PlanContext;
use crate::resources::naming;
use crate::value::Path;

/// What the schema cannot say.
pub(super) fn validate(config: &SecurityGroupModel, diags: &mut Diagnostics) {
    naming::required("A security group", &config.name, &config.name_prefix, diags);
    if !config.knows_sources() {
        return;
    }
    let sources = config.sources();
    for key in config.rule_descriptions.known().into_iter().flat_map(BTreeMap::keys) {
        if !sources.keys().any(|source| stands_for(key, source)) {
            diags.error_at(
                Path::attribute("rule_descriptions").key(key),
                "Description of no rule",
                format!(
                    "rule_descriptions describes {key:?}, which is in none of allowed_security_group_ids, \
                     allowed_cidr_blocks, allowed_ipv6_cidr_blocks and allowed_prefix_list_ids; add it to one of them, or \
                     take the description away."
                ),
            );
        }
    }
}

/// Rules of others, and replacements.
pub(super) fn plan(cx: &mut PlanContext<'_, SecurityGroupModel>) {
    // After an apply there are none: revoked, or not looked at.
    cx.set("foreign_rules", BTreeMap::<String, String>::new());
    let Some(prior) = cx.prior else { return };
    let name = prior.name.text().unwrap_or_default();
    if cx.changed("name_prefix") && !naming::keeps(name, &cx.config.name_prefix) {
        cx.replace("name_prefix");
    }
    // What has a fixed name, or none that is known, cannot be there twice.
    if cx.config.name.known().is_none() {
        return;
    }
    let Some(cause) = cx.replacements().into_iter().next() else { return };
    let detail = format!(
        "The change of {cause} needs a new security group. With a fixed name the old one has to go first, which AWS \
         refuses as long as a cache uses it. For a group in use, give name_prefix instead of name and set lifecycle {{ \
         create_before_destroy = true }}."
    );
    cx.diags.warning_at(cause, format!("Security group {name:?} will be replaced"), detail);
}
