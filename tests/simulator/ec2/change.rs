//! Adding, removing and changing rules of security groups.

use super::groups::{Group, find};
use super::rules::{Owners, Rule, permissions, replacement};
use super::{DEFAULT_VPC, Store, missing, set, tags};
use crate::simulator::protocol::{Params, Place, ServiceError, Xml};

/// "Inbound or outbound rules per security group: 60", each direction by itself.
const MOST: usize = 60;

fn group_id(params: &Params) -> Result<&str, ServiceError> {
    params.get("GroupId").ok_or_else(|| missing("groupId"))
}

fn duplicate(name: &str) -> ServiceError {
    ServiceError::new("InvalidPermission.Duplicate", format!("the specified rule \"{name}\" already exists"))
}

pub(super) fn authorize(
    store: &mut Store,
    owners: &Owners,
    place: &Place,
    params: &Params,
    egress: bool,
) -> Result<Vec<Xml>, ServiceError> {
    let id = group_id(params)?;
    find(store, id)?;
    let new = permissions(owners, params)?;
    let its = tags::specified(params, "security-group-rule")?;
    let there = find(store, id)?;
    let same = |rule: &Rule| rule.egress == egress;
    let double = new.iter().find(|(traffic, _)| there.rules.iter().any(|r| same(r) && r.traffic == *traffic));
    if let Some((traffic, _)) = double {
        return Err(duplicate(&traffic.name()));
    }
    if there.rules.iter().filter(|rule| same(rule)).count() + new.len() > MOST {
        return Err(ServiceError::new(
            "RulesPerSecurityGroupLimitExceeded",
            "The maximum number of rules per security group has been reached.",
        ));
    }
    let mut observed = Vec::new();
    for (traffic, description) in new {
        let rule = Rule { id: store.new_id(place, "sgr"), egress, traffic, description, tags: its.clone() };
        observed.push(rule.show(place, id));
        find(store, id)?.rules.push(rule);
    }
    Ok(vec![Xml::text("return", true), set("securityGroupRuleSet", observed)])
}

pub(super) fn revoke(
    store: &mut Store,
    owners: &Owners,
    params: &Params,
    egress: bool,
) -> Result<Vec<Xml>, ServiceError> {
    let id = group_id(params)?;
    find(store, id)?;
    let ids = params.list("SecurityGroupRuleId");
    let gone: Vec<String> = if ids.is_empty() {
        let desired = permissions(owners, params)?;
        let group = find(store, id)?;
        let of = |traffic: &super::rules::Traffic| {
            group.rules.iter().find(|rule| rule.egress == egress && rule.traffic == *traffic)
        };
        let found: Vec<String> =
            desired.iter().filter_map(|(traffic, _)| of(traffic).map(|rule| rule.id.clone())).collect();
        // API reference of RevokeSecurityGroupIngress: "For a default VPC, if the values you specify do
        // not match the existing rule's values, no error is returned ... For a non-default VPC, ... an
        // InvalidPermission.NotFound client error is returned, and no rules are revoked." That the same
        // holds for egress is a belief.
        if found.len() < desired.len() && group.vpc != DEFAULT_VPC {
            let message = "The specified rule does not exist in this security group.";
            return Err(ServiceError::new("InvalidPermission.NotFound", message));
        }
        found
    } else {
        let group = find(store, id)?;
        let unknown = ids.iter().find(|id| !group.rules.iter().any(|r| r.id == **id && r.egress == egress));
        if let Some(id) = unknown {
            return Err(no_rule(id));
        }
        ids
    };
    find(store, id)?.rules.retain(|rule| !gone.contains(&rule.id));
    Ok(vec![Xml::text("return", true)])
}

fn no_rule(id: &str) -> ServiceError {
    let message = format!("The security group rule ID '{id}' does not exist");
    ServiceError::new("InvalidSecurityGroupRuleId.NotFound", message)
}

pub(super) fn modify(store: &mut Store, owners: &Owners, params: &Params) -> Result<Vec<Xml>, ServiceError> {
    let id = group_id(params)?;
    find(store, id)?;
    for one in params.numbered("SecurityGroupRule") {
        let rule_id = one.get("SecurityGroupRuleId").ok_or_else(|| missing("SecurityGroupRuleId"))?;
        let (traffic, description) = replacement(owners, &one)?;
        let group: &mut Group = find(store, id)?;
        let at = group.rules.iter().position(|rule| rule.id == rule_id).ok_or_else(|| no_rule(rule_id))?;
        let old = &group.rules[at];
        if std::mem::discriminant(&old.traffic.peer) != std::mem::discriminant(&traffic.peer) {
            // Belief, from the peer's provider, which replaces the rule then.
            let message = "You may not modify the source or destination type of a security group rule";
            return Err(ServiceError::new("InvalidParameterCombination", message));
        }
        let twin = |rule: &Rule| rule.id != rule_id && rule.egress == old.egress && rule.traffic == traffic;
        if group.rules.iter().any(twin) {
            return Err(duplicate(&traffic.name()));
        }
        let rule = &mut group.rules[at];
        rule.traffic = traffic;
        rule.description = description;
    }
    Ok(vec![Xml::text("return", true)])
}
