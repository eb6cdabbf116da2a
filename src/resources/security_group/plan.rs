//! Checks replacements, and warns of rules that the apply revokes.

use std::collections::BTreeMap;

use super::attributes::SecurityGroupModel;
use crate::engine::PlanContext;
use crate::resources::common::names;
use crate::value::Path;

/// Plans `foreign_rules`, and checks replacements.
pub(super) fn plan(cx: &mut PlanContext<'_, SecurityGroupModel>) {
    // After an apply there are none: they are revoked or ignored.
    cx.set("foreign_rules", BTreeMap::<String, String>::new());
    let Some(prior) = cx.prior else { return };
    warn_of_revoked_rules(cx, prior);
    let name = prior.name.text().unwrap_or_default();
    let prefix = cx.config.name_prefix.clone();
    names::plan_prefix(cx, name, &prefix, &prior.name_prefix);
    // Only a fixed name cannot exist twice.
    if cx.config.name.known().is_none() {
        return;
    }
    let Some(cause) = cx.replacements().into_iter().next() else { return };
    let detail = format!(
        "The change of `{cause}` requires a new security group. With a fixed name, the old one is deleted \
         first, which AWS refuses while a cache uses it. For a security group in use, use `name_prefix` \
         instead of `name` and set `lifecycle {{ create_before_destroy = true }}`."
    );
    cx.diags.warning_at(cause, format!("Security group {name:?} will be replaced"), detail);
}

/// The note of a read about rules that are not managed by the resource.
pub(super) const RULES: &str = "foreign_rules";

/// Warns of the rules of an imported security group, which the first apply revokes.
fn warn_of_revoked_rules(cx: &mut PlanContext<'_, SecurityGroupModel>, prior: &SecurityGroupModel) {
    let rules = cx.note(RULES);
    if prior.is_exclusive() || !cx.planned.is_exclusive() || rules.is_empty() {
        return;
    }
    let detail = format!(
        "Security group {:?} was imported and has rules that this configuration does not have. With `exclusive = true`, \
         the default, the apply revokes them:\n\n  {}\n\nTo keep them, set `exclusive = false`.",
        prior.name.text().unwrap_or_default(),
        rules.join("\n  ")
    );
    cx.diags.warning_at(Path::attribute("exclusive"), "Rules of the security group will be revoked", detail);
}
