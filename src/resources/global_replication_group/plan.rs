//! Planning a global datastore: what AWS would refuse of a change is an error, what is only another spelling is none.

use super::attributes::{GlobalReplicationGroupModel, MemberModel};
use super::{shards, upgrade};
use crate::engine::PlanContext;
use crate::resources::common::engine_version::Version;
use crate::value::{Field, Path};

type Plan<'a> = PlanContext<'a, GlobalReplicationGroupModel>;

/// The states in which AWS accepts a change.
const SETTLED: [&str; 2] = ["available", "primary-only"];

/// Name of the note that a read found another parameter group family than the state has: an upgrade was interrupted, or made
/// by another client.
pub(super) const FAMILY_CHANGED: &str = "family_changed";

/// Plans a new global datastore.
pub(super) fn create(cx: &mut Plan<'_>) {
    let region = cx.planned.region.clone();
    if let (Some(primary), Some(own)) = (cx.config.primary_region.text(), region.text())
        && primary != own
    {
        cx.diags.error_at(
            Path::attribute("primary_region"),
            "Invalid primary_region",
            format!(
                "`primary_region` is {primary:?}, and a new global datastore is created in the Region of its \
                 primary, which is {own:?} here. Set `region = {primary:?}`, or remove `primary_region`."
            ),
        );
    }
    if cx.config.primary_region.is_null() && region.known().is_some() {
        cx.set("primary_region", region);
    }
    if cx.planned.parameter_group_name.text().is_some() && cx.config.engine_version.is_null() {
        cx.diags.error_at(
            Path::attribute("parameter_group_name"),
            "Missing engine_version",
            "`parameter_group_name` is used only when the major version changes, and `engine_version` is not \
             set. Set `engine_version`, or remove `parameter_group_name`.",
        );
    }
}

/// Plans the change of an existing global datastore.
pub(super) fn update(cx: &mut Plan<'_>, prior: &GlobalReplicationGroupModel) {
    // A global datastore that is replaced begins with the version and the shards of its primary.
    if !cx.replacements().is_empty() {
        return;
    }
    version(cx, prior);
    primary(cx, prior);
    if cx.changed("num_node_groups") {
        let problem = shards::problem(prior, &cx.planned, &subject(prior));
        problem.into_iter().for_each(|problem| cx.diags.push(problem));
    }
    if cx.is_any_change() {
        // What was being changed when it was read need not be so any more.
        if !prior.status.text().is_some_and(|status| SETTLED.contains(&status)) {
            cx.set_unknown("status");
            cx.set_unknown("members");
        }
    }
}

/// A spelling of the version that runs is no change; what AWS would refuse is an error.
fn version(cx: &mut Plan<'_>, prior: &GlobalReplicationGroupModel) {
    let subject = subject(prior);
    if cx.changed("engine") || cx.changed("engine_version") {
        if let Some(problem) = upgrade::problem(prior, cx.config, &cx.planned, &subject) {
            cx.diags.push(problem);
            return;
        }
        let parse = |field: &Field<String>| field.text().and_then(Version::parse);
        let versions = (parse(&cx.planned.engine_version), parse(&prior.engine_version_actual));
        if let (false, (Some(desired), Some(running))) = (cx.changed("engine"), versions)
            && desired.contains(running)
        {
            cx.set("engine_version", prior.engine_version.clone());
            cx.restore(&["engine_version_actual"]);
        }
    }
    let is_given = cx.planned.parameter_group_name.text().is_some();
    // AWS does not return the parameter group, so an import finds none.
    if is_given && cx.changed("parameter_group_name") && !cx.is_imported() {
        let has_changed_family = !cx.note(FAMILY_CHANGED).is_empty();
        let unsent =
            upgrade::unsent_parameter_group(prior, cx.config, &cx.planned, &subject, has_changed_family);
        unsent.into_iter().for_each(|problem| cx.diags.push(problem));
    }
}

/// The global datastore, to begin a sentence.
fn subject(prior: &GlobalReplicationGroupModel) -> String {
    format!("Global datastore {:?}", prior.aws_id())
}

/// Another primary is a failover to a secondary.
fn primary(cx: &mut Plan<'_>, prior: &GlobalReplicationGroupModel) {
    let id_changes = cx.changed("primary_replication_group_id");
    let is_region_given = cx.is_configured("primary_region");
    let region_changes = is_region_given && cx.changed("primary_region");
    let is_open =
        cx.is_unknown("primary_replication_group_id") || (is_region_given && cx.is_unknown("primary_region"));
    if !(id_changes || region_changes) || is_open {
        return;
    }
    // Without members in the state nothing can be compared.
    let Field::Known(members) = &prior.members else { return };
    let (id, region) = (cx.planned.primary_id(), cx.config.primary_region.text());
    let found: Vec<&MemberModel> = members.iter().filter(|member| member.is(&id, region)).collect();
    let at = if id_changes { "primary_replication_group_id" } else { "primary_region" };
    let target = match found.as_slice() {
        [] => {
            let place = region.map(|region| format!(" in {region}")).unwrap_or_default();
            cx.diags.error_at(
                Path::attribute(at),
                "Primary is not a member",
                format!(
                    "Replication group {id:?}{place} is not a member of global datastore {:?}, and AWS fails \
                     over only to a secondary. Members: {}. Add it first: an `elasticache_replication_group` \
                     with `global_replication_group_id = {:?}`.",
                    prior.aws_id(),
                    list(members),
                    prior.aws_id()
                ),
            );
            return;
        }
        [one] => *one,
        [_, ..] => {
            cx.diags.error_at(
                Path::attribute("primary_region"),
                "Missing primary_region",
                format!(
                    "Several members of global datastore {:?} have the ID {id:?}: {}. Set `primary_region` \
                     to the Region of the new primary.",
                    prior.aws_id(),
                    list(members)
                ),
            );
            return;
        }
    };
    if target.is_primary() {
        return;
    }
    let new = target.replication_group_region.text().unwrap_or_default().to_owned();
    let old = prior.primary_replication_group_id.text().unwrap_or_default();
    if cx.config.primary_region.is_null() {
        cx.set("primary_region", Field::from(new.as_str()));
    }
    cx.diags.warning_at(
        Path::attribute(at),
        "Failover between Regions",
        format!(
            "This apply makes replication group {id:?} in {new} the primary of global datastore {:?} in \
             place of {old:?} in {}. Writes that have not reached {new} yet are lost. If {old:?} is to stay \
             the primary, as after a failover outside of Terraform, set `primary_replication_group_id` to \
             its ID first.",
            prior.aws_id(),
            prior.primary_region.text().unwrap_or("its Region")
        ),
    );
}

fn list(members: &[MemberModel]) -> String {
    let member = |member: &MemberModel| {
        let (id, region) = (member.replication_group_id.text(), member.replication_group_region.text());
        format!("{:?} in {}", id.unwrap_or_default(), region.unwrap_or_default())
    };
    members.iter().map(member).collect::<Vec<_>>().join(", ")
}
