//! What is checked and said before anything is done.

use std::collections::BTreeMap;

use super::model::{SELF, SecurityGroupModel, stands_for};
use crate::diag::Diagnostics;
use crate::engine::PlanContext;
use crate::resources::common::names;
use crate::value::Path;

/// Amazon VPC quotas, "Inbound or outbound rules per security group".
const RULES_QUOTA: usize = 60;

/// What the schema cannot say.
pub(super) fn validate(config: &SecurityGroupModel, diags: &mut Diagnostics) {
    if !config.knows_sources() {
        return;
    }
    let sources = config.sources();
    let rules = sources.len() * config.ports.known().map_or(1, std::collections::BTreeSet::len);
    if rules > RULES_QUOTA {
        diags.warning_at(
            Path::attribute("ports"),
            "The rules exceed a default quota",
            format!(
                "The security group would have {rules} inbound rules, one for each port and source. AWS allows {RULES_QUOTA} unless \
                 the account has a higher quota. Use wider ranges, or a prefix list."
            ),
        );
    }
    for key in config.rule_descriptions.known().into_iter().flat_map(BTreeMap::keys) {
        let of_self = key == SELF && config.allow_self.is_true();
        if !of_self && !sources.keys().any(|source| stands_for(key, source)) {
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
    warn_of_revoked_rules(cx, prior);
    let name = prior.name.text().unwrap_or_default();
    let prefix = cx.config.name_prefix.clone();
    names::plan_prefix(cx, name, &prefix, &prior.name_prefix);
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

/// The note of a read about rules that are not managed here.
pub(super) const RULES: &str = "foreign_rules";

/// A group that was imported has kept its other rules so far.
fn warn_of_revoked_rules(cx: &mut PlanContext<'_, SecurityGroupModel>, prior: &SecurityGroupModel) {
    let rules = cx.note(RULES);
    if prior.is_exclusive() || !cx.planned.is_exclusive() || rules.is_empty() {
        return;
    }
    let detail = format!(
        "Security group {:?} was imported and has rules that this configuration does not have. With exclusive = true, the \
         default, the apply revokes them:\n\n  {}\n\nTo keep them, set exclusive = false.",
        prior.name.text().unwrap_or_default(),
        rules.join("\n  ")
    );
    cx.diags.warning_at(Path::attribute("exclusive"), "Rules of the security group will be revoked", detail);
}
