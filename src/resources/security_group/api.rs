//! The calls to EC2.

use std::collections::{BTreeMap, BTreeSet};

use super::model::SecurityGroupModel;
use super::rules::{Opening, Rule, Source, Wanted};
use crate::aws::ec2::{GroupPermission, Permission, Range, RuleUpdate, SecurityGroup, Tag};
use crate::aws::{AwsError, LostAnswers, PageTokens, Service};
use crate::engine::Context;
use crate::engine::tags::{TagChanges, Tags};
use crate::value::Field;

pub(in crate::resources) const NOT_FOUND: &[&str] = &["InvalidGroup.NotFound"];
pub(super) const EXISTS: &[&str] = &["InvalidGroup.Duplicate"];
/// Something still uses the group, or a rule of another group names it.
pub(super) const IN_USE: &[&str] = &["DependencyViolation", "InvalidGroup.InUse"];
/// Rules are not as they were described a moment ago.
pub(super) const OTHER_RULES: &[&str] =
    &["InvalidPermission.Duplicate", "InvalidPermission.NotFound", "InvalidSecurityGroupRuleId.NotFound"];

/// Makes the group and gives its id; `None` when the answer has none. `lost` learns of
/// attempts without an answer.
pub(super) async fn create(
    cx: &Context<'_>,
    model: &SecurityGroupModel,
    lost: &LostAnswers,
) -> Result<Option<String>, AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let tags = model.tags_all.known().cloned().unwrap_or_default();
    let name = model.name.text().unwrap_or_default();
    let description = model.description.text().unwrap_or_default();
    let call = client.create_security_group(name, description, model.vpc_id.text(), &tags, lost);
    cx.call(Service::Ec2, "CreateSecurityGroup", call).await
}

/// The group; `None` when the answer holds none that is whole, which is no proof that
/// it is gone.
pub(in crate::resources) async fn describe(
    cx: &Context<'_>,
    id: &str,
) -> Result<Option<SecurityGroup>, AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let groups = cx.call(Service::Ec2, "DescribeSecurityGroups", client.describe_security_group(id)).await?;
    let whole = |group: &SecurityGroup| group.group_id.as_deref() == Some(id) && group.vpc_id.is_some();
    Ok(groups.into_iter().find(whole))
}

/// The groups of that name in a VPC; in any when none is given.
pub(super) async fn named(
    cx: &Context<'_>,
    name: &str,
    vpc: Option<&str>,
) -> Result<Vec<SecurityGroup>, AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let mut filters = vec![("group-name", name)];
    filters.extend(vpc.map(|vpc| ("vpc-id", vpc)));
    cx.call(Service::Ec2, "DescribeSecurityGroups", client.find_security_groups(&filters)).await
}

/// The group that an unanswered create has just made: the only one of the name, as that
/// call asked, and with no rules but the one that EC2 gives a new group, which is
/// revoked next. One that was there before would have to be the same in all of this.
pub(super) async fn made(cx: &Context<'_>, model: &SecurityGroupModel) -> Option<String> {
    let name = model.name.text().unwrap_or_default();
    let mut found = named(cx, name, model.vpc_id.text()).await.ok()?;
    let group = found.pop().filter(|_| found.is_empty())?;
    let all_out = |rule: &GroupPermission| rule.protocol.as_deref() == Some("-1");
    let as_asked = group.description.as_deref() == model.description.text()
        && tags_of(&group) == model.tags_all.known().cloned().unwrap_or_default();
    let is_new = group.ingress.is_empty() && !group.egress.is_empty() && group.egress.iter().all(all_out);
    group.group_id.filter(|_| as_asked && is_new)
}

/// The rules of the group, whose account is `owner`.
pub(super) async fn rules(cx: &Context<'_>, id: &str, owner: &str) -> Result<Vec<Rule>, AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    const OPERATION: &str = "DescribeSecurityGroupRules";
    let (mut found, mut tokens) = (Vec::new(), PageTokens::new(Service::Ec2, OPERATION));
    loop {
        let next = tokens.next();
        let call = client.describe_security_group_rules(id, next.as_deref());
        let (rules, token) = cx.call(Service::Ec2, OPERATION, call).await?;
        found.extend(rules.iter().filter_map(|rule| Rule::of(rule, owner)));
        if !tokens.advance(token)? {
            return Ok(found);
        }
    }
}

/// Adds rules, all in one call: one permission for each port.
pub(super) async fn authorize(cx: &Context<'_>, id: &str, wanted: &Wanted) -> Result<(), AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let mut by_port: BTreeMap<i32, Vec<Range>> = BTreeMap::new();
    for ((port, source), description) in wanted {
        by_port.entry(*port).or_default().push(range(source, description));
    }
    let permission = |(port, ranges)| Permission { protocol: "tcp", port: Some(port), ranges };
    let permissions: Vec<Permission> = by_port.into_iter().map(permission).collect();
    let call = client.authorize_security_group_ingress(id, &permissions);
    cx.call(Service::Ec2, "AuthorizeSecurityGroupIngress", call).await
}

/// A source as EC2 takes it.
fn range(source: &Source, description: &Option<String>) -> Range {
    let description = description.clone();
    match source {
        Source::V4(cidr) => Range::V4 { cidr: cidr.clone(), description },
        Source::V6(cidr) => Range::V6 { cidr: cidr.clone(), description },
        Source::Prefixes(id) => Range::PrefixList { id: id.clone(), description },
        Source::Group(group) => {
            let (account, id) = account_and_id(group);
            Range::Group { id: id.to_owned(), account: account.map(str::to_owned), description }
        }
    }
}

/// `<account>/<id>` apart.
fn account_and_id(group: &str) -> (Option<&str>, &str) {
    group.split_once('/').map_or((None, group), |(account, id)| (Some(account), id))
}

/// Gives rules other descriptions, in one call. What they let through stays.
pub(super) async fn describe_anew(
    cx: &Context<'_>,
    id: &str,
    rules: &BTreeMap<String, (Opening, Option<String>)>,
) -> Result<(), AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let update = |(rule, ((port, source), description)): (&String, &(Opening, Option<String>))| RuleUpdate {
        rule_id: rule.clone(),
        port: *port,
        range: range(source, description),
    };
    let updates: Vec<RuleUpdate> = rules.iter().map(update).collect();
    cx.call(Service::Ec2, "ModifySecurityGroupRules", client.modify_security_group_rules(id, &updates)).await
}

/// Takes ingress rules away, by their ids.
pub(super) async fn revoke(cx: &Context<'_>, id: &str, rules: &BTreeSet<String>) -> Result<(), AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    cx.call(Service::Ec2, "RevokeSecurityGroupIngress", client.revoke_security_group_ingress(id, rules)).await
}

/// Takes egress rules away, by their ids.
pub(super) async fn revoke_egress(
    cx: &Context<'_>,
    id: &str,
    rules: &BTreeSet<String>,
) -> Result<(), AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    cx.call(Service::Ec2, "RevokeSecurityGroupEgress", client.revoke_security_group_egress(id, rules)).await
}

/// Takes the rules away that AWS gives a new group: everything out, over IPv4 and, in
/// a VPC that has it, IPv6. They are named by what they are, since a new group may be
/// shown without them for a moment.
pub(super) async fn close_egress(cx: &Context<'_>, id: &str) -> Result<(), AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let v4 = Range::V4 { cidr: "0.0.0.0/0".to_owned(), description: None };
    let v6 = Range::V6 { cidr: "::/0".to_owned(), description: None };
    for range in [v4, v6] {
        let all = [Permission { protocol: "-1", port: None, ranges: vec![range] }];
        let call = client.revoke_security_group_egress_permissions(id, &all);
        match cx.call(Service::Ec2, "RevokeSecurityGroupEgress", call).await {
            Err(error) if !error.is(OTHER_RULES) => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Deletes the group.
pub(super) async fn delete(cx: &Context<'_>, id: &str) -> Result<(), AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    cx.call(Service::Ec2, "DeleteSecurityGroup", client.delete_security_group(id)).await
}

/// The tags of the group.
pub(super) fn tags_of(group: &SecurityGroup) -> Tags {
    let pair = |tag: &Tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default()));
    group.tags.iter().filter_map(pair).collect()
}

/// Brings the tags from `prior` to `planned`; no call when they are equal.
pub(super) async fn change_tags(
    cx: &Context<'_>,
    id: &str,
    prior: &Field<Tags>,
    planned: &Field<Tags>,
) -> Result<(), AwsError> {
    let changes = TagChanges::between(cx.provider(), prior, planned);
    let client = cx.aws().ec2(cx.region()).await?;
    if !changes.remove.is_empty() {
        cx.call(Service::Ec2, "DeleteTags", client.delete_tags(id, &changes.remove)).await?;
    }
    if !changes.set.is_empty() {
        cx.call(Service::Ec2, "CreateTags", client.create_tags(id, &changes.set)).await?;
    }
    Ok(())
}
