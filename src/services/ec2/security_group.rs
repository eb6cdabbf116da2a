//! Security groups and their rules.

use std::collections::BTreeSet;

use crate::aws::direct::ec2::{Permission, Range, RuleUpdate, SecurityGroup, SecurityGroupRule, Tag};
use crate::aws::{
    AwsError, Found, Listing, PageTokens, Poll, Scope, Service, TagChanges, Tags, UnansweredAttempts,
    WaitError, WaitPlan,
};

/// The code of a security group that does not exist.
pub(crate) const NOT_FOUND: &[&str] = &["InvalidGroup.NotFound"];
/// The code of a name that already exists.
pub(crate) const EXISTS: &[&str] = &["InvalidGroup.Duplicate"];
/// The codes of a security group that something uses, or that a rule of another one names.
pub(crate) const IN_USE: &[&str] = &["DependencyViolation", "InvalidGroup.InUse"];
/// The codes of rules that changed after they were described.
pub(crate) const OTHER_RULES: &[&str] =
    &["InvalidPermission.Duplicate", "InvalidPermission.NotFound", "InvalidSecurityGroupRuleId.NotFound"];

/// Creates the security group and returns its ID; `None` when the response has none that can be one. `attempts` learns
/// of attempts that were not answered.
pub(crate) async fn create(
    scope: &Scope<'_>,
    name: &str,
    description: &str,
    vpc_id: Option<&str>,
    tags: &Tags,
    attempts: &UnansweredAttempts,
) -> Result<Option<String>, AwsError> {
    let client = scope.ec2().await?;
    let call = client.create_security_group(name, description, vpc_id, tags, attempts);
    let id = scope.call(Service::Ec2, "CreateSecurityGroup", call).await?;
    Ok(id.filter(|id| is_id(id)))
}

/// True for what can be an ID: every later call finds the security group by it
/// (<https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html>).
fn is_id(text: &str) -> bool {
    text.strip_prefix("sg-")
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// The security group.
pub(crate) async fn describe(scope: &Scope<'_>, id: &str) -> Result<Found<SecurityGroup>, AwsError> {
    let client = scope.ec2().await?;
    let groups = scope.call(Service::Ec2, "DescribeSecurityGroups", client.describe_security_group(id)).await;
    Found::named(
        groups.map(Some),
        (Service::Ec2, "DescribeSecurityGroups"),
        id,
        |group| group.group_id.as_deref(),
        |group| group.vpc_id.is_some(),
        NOT_FOUND,
    )
}

/// The security groups of that name in a VPC; in any VPC when none is given.
pub(crate) async fn list(
    scope: &Scope<'_>,
    name: &str,
    vpc_id: Option<&str>,
) -> Result<Vec<SecurityGroup>, AwsError> {
    let client = scope.ec2().await?;
    let mut filters = vec![("group-name", name)];
    filters.extend(vpc_id.map(|vpc| ("vpc-id", vpc)));
    scope.call(Service::Ec2, "DescribeSecurityGroups", client.find_security_groups(&filters)).await
}

/// The security groups of a VPC, or of every VPC, page by page.
pub(crate) fn listing<'a>(scope: &'a Scope<'a>, vpc_id: Option<&'a str>) -> Listing<'a, SecurityGroup> {
    Listing::new(Service::Ec2, "DescribeSecurityGroups", move |token| async move {
        let client = scope.ec2().await?;
        let filters: Vec<_> = vpc_id.map(|vpc| ("vpc-id", vpc)).into_iter().collect();
        let call = client.list_security_groups(&filters, token.as_deref());
        let (groups, next) = scope.call(Service::Ec2, "DescribeSecurityGroups", call).await?;
        Ok((Some(groups), next))
    })
}

/// The IDs of other security groups with a rule, of either direction, that names this one.
pub(crate) async fn list_referring(scope: &Scope<'_>, id: &str) -> Result<Vec<String>, AwsError> {
    let client = scope.ec2().await?;
    let mut found = Vec::new();
    for name in ["ip-permission.group-id", "egress.ip-permission.group-id"] {
        let filters = [(name, id)];
        let groups =
            scope.call(Service::Ec2, "DescribeSecurityGroups", client.find_security_groups(&filters)).await?;
        found.extend(groups.into_iter().filter_map(|group| group.group_id).filter(|other| other != id));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The security group that was just created: AWS may return it only after a moment.
pub(crate) async fn wait_available(
    scope: &Scope<'_>,
    id: &str,
    name: &str,
) -> Result<SecurityGroup, WaitError> {
    let plan = WaitPlan::new(format!("security group {name:?} to appear"), scope.timeout());
    let visible = scope.wait(&plan, || async {
        Ok(match describe(scope, id).await? {
            Found::Yes(group) => Poll::Ready(group),
            Found::No(_) | Found::Incomplete => Poll::Pending { status: "not shown yet".to_owned() },
        })
    });
    visible.await
}

/// The rules of the security group.
pub(crate) async fn list_rules(scope: &Scope<'_>, id: &str) -> Result<Vec<SecurityGroupRule>, AwsError> {
    const OPERATION: &str = "DescribeSecurityGroupRules";
    let client = scope.ec2().await?;
    let (mut found, mut tokens) = (Vec::new(), PageTokens::new(Service::Ec2, OPERATION));
    loop {
        let next = tokens.next();
        let call = client.describe_security_group_rules(id, next.as_deref());
        let (rules, token) = scope.call(Service::Ec2, OPERATION, call).await?;
        found.extend(rules);
        if !tokens.advance(token)? {
            return Ok(found);
        }
    }
}

/// Adds ingress rules.
pub(crate) async fn authorize_ingress(
    scope: &Scope<'_>,
    id: &str,
    permissions: &[Permission],
) -> Result<(), AwsError> {
    let client = scope.ec2().await?;
    let call = client.authorize_security_group_ingress(id, permissions);
    scope.call(Service::Ec2, "AuthorizeSecurityGroupIngress", call).await
}

/// Replaces existing rules.
pub(crate) async fn modify_rules(
    scope: &Scope<'_>,
    id: &str,
    updates: &[RuleUpdate],
) -> Result<(), AwsError> {
    let client = scope.ec2().await?;
    scope
        .call(Service::Ec2, "ModifySecurityGroupRules", client.modify_security_group_rules(id, updates))
        .await
}

/// Revokes ingress rules by their IDs.
pub(crate) async fn revoke_ingress(
    scope: &Scope<'_>,
    id: &str,
    rules: &BTreeSet<String>,
) -> Result<(), AwsError> {
    let client = scope.ec2().await?;
    scope
        .call(Service::Ec2, "RevokeSecurityGroupIngress", client.revoke_security_group_ingress(id, rules))
        .await
}

/// Revokes egress rules by their IDs.
pub(crate) async fn revoke_egress(
    scope: &Scope<'_>,
    id: &str,
    rules: &BTreeSet<String>,
) -> Result<(), AwsError> {
    let client = scope.ec2().await?;
    scope
        .call(Service::Ec2, "RevokeSecurityGroupEgress", client.revoke_security_group_egress(id, rules))
        .await
}

/// Revokes the rules that AWS gives a new security group: all egress, over IPv4 and, in a VPC that has
/// it, IPv6. They are named by what they let through, since a new group may be returned without them
/// for a moment.
pub(crate) async fn revoke_default_egress(scope: &Scope<'_>, id: &str) -> Result<(), AwsError> {
    let client = scope.ec2().await?;
    let v4 = Range::V4 { cidr: "0.0.0.0/0".to_owned(), description: None };
    let v6 = Range::V6 { cidr: "::/0".to_owned(), description: None };
    for range in [v4, v6] {
        let all = [Permission { protocol: "-1", port: None, ranges: vec![range] }];
        let call = client.revoke_security_group_egress_permissions(id, &all);
        match scope.call(Service::Ec2, "RevokeSecurityGroupEgress", call).await {
            Err(error) if !error.is(OTHER_RULES) => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Deletes the security group: one attempt.
pub(crate) async fn delete(scope: &Scope<'_>, id: &str) -> Result<(), AwsError> {
    let client = scope.ec2().await?;
    scope.call(Service::Ec2, "DeleteSecurityGroup", client.delete_security_group(id)).await
}

/// The tags of the security group.
pub(crate) fn tags_of(group: &SecurityGroup) -> Tags {
    let pair = |tag: &Tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default()));
    group.tags.iter().filter_map(pair).collect()
}

/// Removes and sets tags.
pub(crate) async fn change_tags(scope: &Scope<'_>, id: &str, changes: &TagChanges) -> Result<(), AwsError> {
    let client = scope.ec2().await?;
    if !changes.remove.is_empty() {
        scope.call(Service::Ec2, "DeleteTags", client.delete_tags(id, &changes.remove)).await?;
    }
    if !changes.set.is_empty() {
        scope.call(Service::Ec2, "CreateTags", client.create_tags(id, &changes.set)).await?;
    }
    Ok(())
}
