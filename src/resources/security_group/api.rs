//! The calls to EC2.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types;

use super::model::SecurityGroupModel;
use super::rules::{Opening, Rule, Source, Wanted};
use crate::aws::{AwsError, LostAnswers, Service};
use crate::engine::Context;
use crate::engine::tags::{TagChanges, Tags};
use crate::value::Field;

pub(super) const NOT_FOUND: &[&str] = &["InvalidGroup.NotFound"];
pub(super) const EXISTS: &[&str] = &["InvalidGroup.Duplicate"];
/// Something still uses the group, or a rule of another group names it.
pub(super) const IN_USE: &[&str] = &["DependencyViolation", "InvalidGroup.InUse"];
/// Rules are not as they were described a moment ago.
pub(super) const OTHER_RULES: &[&str] =
    &["InvalidPermission.Duplicate", "InvalidPermission.NotFound", "InvalidSecurityGroupRuleId.NotFound"];

/// Most rules that one answer holds.
const PAGE: i32 = 1000;

/// Makes the group and gives its id; `None` when the answer has none. `lost` learns of
/// attempts without an answer.
pub(super) async fn create(
    cx: &Context<'_>,
    model: &SecurityGroupModel,
    lost: &LostAnswers,
) -> Result<Option<String>, AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let tags = to_api(model.tags_all.known()).map(|tags| {
        types::TagSpecification::builder()
            .resource_type(types::ResourceType::SecurityGroup)
            .set_tags(Some(tags))
            .build()
    });
    let call = client
        .create_security_group()
        .group_name(model.name.text().unwrap_or_default())
        .description(model.description.text().unwrap_or_default())
        .set_vpc_id(model.vpc_id.text().map(str::to_owned))
        .set_tag_specifications(tags.map(|tags| vec![tags]))
        .customize()
        .interceptor(lost.clone());
    let answer = cx.call(Service::Ec2, "CreateSecurityGroup", call.send()).await?;
    Ok(answer.group_id)
}

/// The group; `None` when the answer holds none that is whole, which is no proof that
/// it is gone.
pub(super) async fn describe(cx: &Context<'_>, id: &str) -> Result<Option<types::SecurityGroup>, AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let call = client.describe_security_groups().group_ids(id);
    let answer = cx.call(Service::Ec2, "DescribeSecurityGroups", call.send()).await?;
    let whole = |group: &types::SecurityGroup| group.group_id() == Some(id) && group.vpc_id().is_some();
    Ok(answer.security_groups.unwrap_or_default().into_iter().find(whole))
}

/// The groups of that name in a VPC; in any when none is given.
pub(super) async fn named(
    cx: &Context<'_>,
    name: &str,
    vpc: Option<&str>,
) -> Result<Vec<types::SecurityGroup>, AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let mut filters = vec![filter("group-name", name)];
    filters.extend(vpc.map(|vpc| filter("vpc-id", vpc)));
    let call = client.describe_security_groups().set_filters(Some(filters));
    let answer = cx.call(Service::Ec2, "DescribeSecurityGroups", call.send()).await?;
    Ok(answer.security_groups.unwrap_or_default())
}

/// The group that an unanswered create has just made: the only one of the name, as that
/// call asked, and with no rules but the one that EC2 gives a new group, which is
/// revoked next. One that was there before would have to be the same in all of this.
pub(super) async fn made(cx: &Context<'_>, model: &SecurityGroupModel) -> Option<String> {
    let name = model.name.text().unwrap_or_default();
    let mut found = named(cx, name, model.vpc_id.text()).await.ok()?;
    let group = found.pop().filter(|_| found.is_empty())?;
    let all_out = |rule: &types::IpPermission| rule.ip_protocol() == Some("-1");
    let egress = group.ip_permissions_egress();
    let as_asked = group.description() == model.description.text()
        && tags_of(&group) == model.tags_all.known().cloned().unwrap_or_default();
    let is_new = group.ip_permissions().is_empty() && !egress.is_empty() && egress.iter().all(all_out);
    group.group_id.filter(|_| as_asked && is_new)
}

pub(super) fn filter(name: &str, value: &str) -> types::Filter {
    types::Filter::builder().name(name).values(value).build()
}

/// The rules of the group, whose account is `owner`.
pub(super) async fn rules(cx: &Context<'_>, id: &str, owner: &str) -> Result<Vec<Rule>, AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let (mut found, mut next) = (Vec::new(), None);
    loop {
        let call = client
            .describe_security_group_rules()
            .filters(filter("group-id", id))
            .max_results(PAGE)
            .set_next_token(next);
        let answer = cx.call(Service::Ec2, "DescribeSecurityGroupRules", call.send()).await?;
        found.extend(answer.security_group_rules().iter().filter_map(|rule| Rule::of(rule, owner)));
        next = answer.next_token.filter(|token| !token.is_empty());
        if next.is_none() {
            return Ok(found);
        }
    }
}

/// Adds rules, all in one call: one permission for each port.
pub(super) async fn authorize(cx: &Context<'_>, id: &str, wanted: &Wanted) -> Result<(), AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let mut by_port: BTreeMap<i32, Vec<(&Source, &Option<String>)>> = BTreeMap::new();
    for ((port, source), description) in wanted {
        by_port.entry(*port).or_default().push((source, description));
    }
    let permissions = by_port.into_iter().map(|(port, sources)| permission(port, sources)).collect();
    let call = client.authorize_security_group_ingress().group_id(id).set_ip_permissions(Some(permissions));
    cx.call(Service::Ec2, "AuthorizeSecurityGroupIngress", call.send()).await.map(drop)
}

fn permission(port: i32, sources: Vec<(&Source, &Option<String>)>) -> types::IpPermission {
    let mut permission = types::IpPermission::builder().ip_protocol("tcp").from_port(port).to_port(port);
    for (source, description) in sources {
        let description = description.clone();
        permission = match source {
            Source::V4(range) => permission
                .ip_ranges(types::IpRange::builder().cidr_ip(range).set_description(description).build()),
            Source::V6(range) => permission.ipv6_ranges(
                types::Ipv6Range::builder().cidr_ipv6(range).set_description(description).build(),
            ),
            Source::Prefixes(list) => permission.prefix_list_ids(
                types::PrefixListId::builder().prefix_list_id(list).set_description(description).build(),
            ),
            Source::Group(group) => {
                let (account, group) = account_and_id(group);
                let pair = types::UserIdGroupPair::builder().group_id(group).set_description(description);
                permission.user_id_group_pairs(pair.set_user_id(account.map(str::to_owned)).build())
            }
        };
    }
    permission.build()
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
    let updates = rules.iter().map(|(rule, ((port, source), description))| {
        let request = types::SecurityGroupRuleRequest::builder()
            .ip_protocol("tcp")
            .from_port(*port)
            .to_port(*port)
            .set_description(description.clone());
        let request = match source {
            Source::V4(range) => request.cidr_ipv4(range),
            Source::V6(range) => request.cidr_ipv6(range),
            Source::Prefixes(list) => request.prefix_list_id(list),
            Source::Group(group) => request.referenced_group_id(account_and_id(group).1),
        };
        types::SecurityGroupRuleUpdate::builder()
            .security_group_rule_id(rule)
            .security_group_rule(request.build())
            .build()
    });
    let call =
        client.modify_security_group_rules().group_id(id).set_security_group_rules(Some(updates.collect()));
    cx.call(Service::Ec2, "ModifySecurityGroupRules", call.send()).await.map(drop)
}

/// Takes ingress rules away, by their ids.
pub(super) async fn revoke(cx: &Context<'_>, id: &str, rules: &BTreeSet<String>) -> Result<(), AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let rules = Some(rules.iter().cloned().collect());
    let call = client.revoke_security_group_ingress().group_id(id).set_security_group_rule_ids(rules);
    cx.call(Service::Ec2, "RevokeSecurityGroupIngress", call.send()).await.map(drop)
}

/// Takes egress rules away, by their ids.
pub(super) async fn revoke_egress(
    cx: &Context<'_>,
    id: &str,
    rules: &BTreeSet<String>,
) -> Result<(), AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let rules = Some(rules.iter().cloned().collect());
    let call = client.revoke_security_group_egress().group_id(id).set_security_group_rule_ids(rules);
    cx.call(Service::Ec2, "RevokeSecurityGroupEgress", call.send()).await.map(drop)
}

/// Takes the rules away that AWS gives a new group: everything out, over IPv4 and, in
/// a VPC that has it, IPv6. They are named by what they are, since a new group may be
/// shown without them for a moment.
pub(super) async fn close_egress(cx: &Context<'_>, id: &str) -> Result<(), AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let all = || types::IpPermission::builder().ip_protocol("-1");
    let v4 = all().ip_ranges(types::IpRange::builder().cidr_ip("0.0.0.0/0").build());
    let v6 = all().ipv6_ranges(types::Ipv6Range::builder().cidr_ipv6("::/0").build());
    for permission in [v4, v6] {
        let call = client.revoke_security_group_egress().group_id(id).ip_permissions(permission.build());
        match cx.call(Service::Ec2, "RevokeSecurityGroupEgress", call.send()).await {
            Err(error) if !error.is(OTHER_RULES) => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Deletes the group.
pub(super) async fn delete(cx: &Context<'_>, id: &str) -> Result<(), AwsError> {
    let client = cx.aws().ec2(cx.region()).await?;
    let call = client.delete_security_group().group_id(id);
    cx.call(Service::Ec2, "DeleteSecurityGroup", call.send()).await.map(drop)
}

/// The tags of the group.
pub(super) fn tags_of(group: &types::SecurityGroup) -> Tags {
    let pair = |tag: &types::Tag| Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned()));
    group.tags().iter().filter_map(pair).collect()
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
        // A tag named without a value goes whatever its value is.
        let tags = changes.remove.iter().map(|key| types::Tag::builder().key(key).build());
        let call = client.delete_tags().resources(id).set_tags(Some(tags.collect()));
        cx.call(Service::Ec2, "DeleteTags", call.send()).await?;
    }
    if let Some(tags) = to_api(Some(&changes.set)) {
        let call = client.create_tags().resources(id).set_tags(Some(tags));
        cx.call(Service::Ec2, "CreateTags", call.send()).await?;
    }
    Ok(())
}

fn to_api(tags: Option<&Tags>) -> Option<Vec<types::Tag>> {
    let tags = tags.filter(|tags| !tags.is_empty())?;
    Some(tags.iter().map(|(key, value)| types::Tag::builder().key(key).value(value).build()).collect())
}
