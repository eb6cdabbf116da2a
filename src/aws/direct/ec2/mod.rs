//! The operations of EC2 that a security group needs.
//!
//! Members are named as in the API model of EC2, version 2016-11-15; a test compares them with it
//! (`tests/local_aws/api_models.py`).

mod types;

pub use types::{
    GroupPermission, NetworkInterface, Permission, Range, ReferencedGroup, RuleUpdate, SecurityGroup,
    SecurityGroupRule, Tag,
};

use super::{DirectError, Form, ServiceModel};
use crate::aws::UnansweredAttempts;
use crate::aws::direct;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_types::SdkConfig;
use std::collections::BTreeMap;
use types::{Created, Done, Groups, Interfaces, Rules};

pub(in crate::aws) static MODEL: ServiceModel = ServiceModel {
    id: "EC2",
    signing_name: "ec2",
    endpoint_prefix: "ec2",
    govcloud_is_fips: true,
    api_version: "2016-11-15",
    target_prefix: "",
};

/// The security groups, or rules, in one response: the most that `DescribeSecurityGroups` and
/// `DescribeSecurityGroupRules` give.
const PAGE: u32 = 1000;

type Result<T> = std::result::Result<T, SdkError<DirectError, HttpResponse>>;

/// The configuration of a client.
pub(in crate::aws) fn config(sdk: &SdkConfig) -> direct::Builder {
    direct::Builder::new(&MODEL, sdk)
}

/// A client of EC2 in one Region. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client(direct::Client);

impl Client {
    pub(in crate::aws) fn from_conf(client: direct::Client) -> Self {
        Self(client)
    }

    /// `CreateSecurityGroup`: the ID of the new group. `attempts` learns of attempts that were not
    /// answered.
    ///
    /// # Errors
    /// As the SDK's clients, here and below.
    pub async fn create_security_group(
        &self,
        name: &str,
        description: &str,
        vpc_id: Option<&str>,
        tags: &BTreeMap<String, String>,
        attempts: &UnansweredAttempts,
    ) -> Result<Option<String>> {
        let mut form = Form::default()
            .member("GroupName", name)
            .member("GroupDescription", description)
            .optional("VpcId", vpc_id);
        if !tags.is_empty() {
            form = form.member("TagSpecification.1.ResourceType", "security-group");
            form = with_tags(form, "TagSpecification.1.Tag", tags);
        }
        let created: Created = self.0.query("CreateSecurityGroup", form, Some(attempts)).await?;
        Ok(created.group_id)
    }

    /// `DescribeSecurityGroups` of one ID, which is `InvalidGroup.NotFound` when it does not exist.
    pub async fn describe_security_group(&self, id: &str) -> Result<Vec<SecurityGroup>> {
        let form = Form::default().member("GroupId.1", id);
        let groups: Groups = self.0.query("DescribeSecurityGroups", form, None).await?;
        Ok(groups.groups)
    }

    /// `DescribeSecurityGroups` with filters.
    pub async fn find_security_groups(&self, filters: &[(&str, &str)]) -> Result<Vec<SecurityGroup>> {
        let form = with_filters(Form::default(), filters);
        let groups: Groups = self.0.query("DescribeSecurityGroups", form, None).await?;
        Ok(groups.groups)
    }

    /// The same by pages: one page, and the token of the next.
    pub async fn list_security_groups(
        &self,
        filters: &[(&str, &str)],
        next_token: Option<&str>,
    ) -> Result<(Vec<SecurityGroup>, Option<String>)> {
        let form = with_filters(Form::default(), filters)
            .member("MaxResults", PAGE)
            .optional("NextToken", next_token);
        let groups: Groups = self.0.query("DescribeSecurityGroups", form, None).await?;
        Ok((groups.groups, groups.next_token))
    }

    /// `DescribeSecurityGroupRules`: one page of the rules of a group, and the token of the next.
    pub async fn describe_security_group_rules(
        &self,
        id: &str,
        next_token: Option<&str>,
    ) -> Result<(Vec<SecurityGroupRule>, Option<String>)> {
        let form = with_filters(Form::default(), &[("group-id", id)])
            .member("MaxResults", PAGE)
            .optional("NextToken", next_token);
        let rules: Rules = self.0.query("DescribeSecurityGroupRules", form, None).await?;
        Ok((rules.rules, rules.next_token))
    }

    /// `AuthorizeSecurityGroupIngress`.
    pub async fn authorize_security_group_ingress(&self, id: &str, permissions: &[Permission]) -> Result<()> {
        let form = Form::default().member("GroupId", id).list("IpPermissions", permissions, with_permission);
        self.act("AuthorizeSecurityGroupIngress", form).await
    }

    /// `ModifySecurityGroupRules`.
    pub async fn modify_security_group_rules(&self, id: &str, updates: &[RuleUpdate]) -> Result<()> {
        let form = Form::default().member("GroupId", id).list("SecurityGroupRule", updates, with_update);
        self.act("ModifySecurityGroupRules", form).await
    }

    /// `RevokeSecurityGroupIngress`, by the IDs of rules.
    pub async fn revoke_security_group_ingress<'a>(
        &self,
        id: &str,
        rules: impl IntoIterator<Item = &'a String>,
    ) -> Result<()> {
        let form = Form::default().member("GroupId", id).list("SecurityGroupRuleId", rules, with_value);
        self.act("RevokeSecurityGroupIngress", form).await
    }

    /// `RevokeSecurityGroupEgress`, by the IDs of rules.
    pub async fn revoke_security_group_egress<'a>(
        &self,
        id: &str,
        rules: impl IntoIterator<Item = &'a String>,
    ) -> Result<()> {
        let form = Form::default().member("GroupId", id).list("SecurityGroupRuleId", rules, with_value);
        self.act("RevokeSecurityGroupEgress", form).await
    }

    /// `RevokeSecurityGroupEgress`, by what the rules let through.
    pub async fn revoke_security_group_egress_permissions(
        &self,
        id: &str,
        permissions: &[Permission],
    ) -> Result<()> {
        let form = Form::default().member("GroupId", id).list("IpPermissions", permissions, with_permission);
        self.act("RevokeSecurityGroupEgress", form).await
    }

    /// `DeleteSecurityGroup`.
    pub async fn delete_security_group(&self, id: &str) -> Result<()> {
        self.act("DeleteSecurityGroup", Form::default().member("GroupId", id)).await
    }

    /// `DescribeNetworkInterfaces` with filters.
    pub async fn find_network_interfaces(&self, filters: &[(&str, &str)]) -> Result<Vec<NetworkInterface>> {
        let form = with_filters(Form::default(), filters);
        let interfaces: Interfaces = self.0.query("DescribeNetworkInterfaces", form, None).await?;
        Ok(interfaces.interfaces)
    }

    /// `CreateTags`, which replaces the values of existing keys.
    pub async fn create_tags(&self, id: &str, tags: &BTreeMap<String, String>) -> Result<()> {
        let form = with_tags(Form::default().member("ResourceId.1", id), "Tag", tags);
        self.act("CreateTags", form).await
    }

    /// `DeleteTags`, whatever the values of the keys are.
    pub async fn delete_tags<'a>(&self, id: &str, keys: impl IntoIterator<Item = &'a String>) -> Result<()> {
        let form =
            Form::default()
                .member("ResourceId.1", id)
                .list("Tag", keys, |form, name, key: &String| form.member(&format!("{name}.Key"), key));
        self.act("DeleteTags", form).await
    }

    /// An operation whose response says nothing that is needed.
    async fn act(&self, operation: &'static str, form: Form) -> Result<()> {
        self.0.query::<Done>(operation, form, None).await.map(drop)
    }
}

fn with_value(form: Form, name: &str, value: &String) -> Form {
    form.member(name, value)
}

fn with_filters(form: Form, filters: &[(&str, &str)]) -> Form {
    form.list("Filter", filters, |form, name, (filter, value)| {
        form.member(&format!("{name}.Name"), filter).member(&format!("{name}.Value.1"), value)
    })
}

fn with_tags(form: Form, name: &str, tags: &BTreeMap<String, String>) -> Form {
    form.list(name, tags, |form, name, (key, value)| {
        form.member(&format!("{name}.Key"), key).member(&format!("{name}.Value"), value)
    })
}

fn with_permission(form: Form, name: &str, permission: &Permission) -> Form {
    let form = form
        .member(&format!("{name}.IpProtocol"), permission.protocol)
        .optional(&format!("{name}.FromPort"), permission.port)
        .optional(&format!("{name}.ToPort"), permission.port);
    // Each kind of source is a list of its own.
    type IsOfKind = fn(&Range) -> bool;
    let kinds: [(&str, IsOfKind); 4] = [
        ("IpRanges", |range| matches!(range, Range::V4 { .. })),
        ("Ipv6Ranges", |range| matches!(range, Range::V6 { .. })),
        ("PrefixListIds", |range| matches!(range, Range::PrefixList { .. })),
        ("Groups", |range| matches!(range, Range::Group { .. })),
    ];
    kinds.into_iter().fold(form, |form, (kind, is_of_kind)| {
        let ranges = permission.ranges.iter().filter(|range| is_of_kind(range));
        form.list(&format!("{name}.{kind}"), ranges, with_range)
    })
}

fn with_range(form: Form, name: &str, range: &Range) -> Form {
    let member = |suffix: &str| format!("{name}.{suffix}");
    let (form, description) = match range {
        Range::V4 { cidr, description } => (form.member(&member("CidrIp"), cidr), description),
        Range::V6 { cidr, description } => (form.member(&member("CidrIpv6"), cidr), description),
        Range::PrefixList { id, description } => (form.member(&member("PrefixListId"), id), description),
        Range::Group { id, account, description } => {
            (form.member(&member("GroupId"), id).optional(&member("UserId"), account.as_ref()), description)
        }
    };
    form.optional(&member("Description"), description.as_ref())
}

fn with_update(form: Form, name: &str, update: &RuleUpdate) -> Form {
    let member = |suffix: &str| format!("{name}.SecurityGroupRule.{suffix}");
    let form = form
        .member(&format!("{name}.SecurityGroupRuleId"), &update.rule_id)
        .member(&member("IpProtocol"), "tcp")
        .member(&member("FromPort"), update.port)
        .member(&member("ToPort"), update.port);
    let (form, description) = match &update.range {
        Range::V4 { cidr, description } => (form.member(&member("CidrIpv4"), cidr), description),
        Range::V6 { cidr, description } => (form.member(&member("CidrIpv6"), cidr), description),
        Range::PrefixList { id, description } => (form.member(&member("PrefixListId"), id), description),
        Range::Group { id, description, .. } => (form.member(&member("ReferencedGroupId"), id), description),
    };
    form.optional(&member("Description"), description.as_ref())
}
