//! The IAM actions of each type, as its page shows them, and their agreement with the guide.
//!
//! The guide is held against every call that the acceptance tests make (tests/acceptance/modules); this
//! table says which part of it a configuration with one type needs.

use std::collections::BTreeSet;
use std::fs;

use terraform_provider_elasticache::registry::REGISTRY;

use super::pages::root;

/// A type, the actions of its plan, and those of its apply beside these.
type Row = (&'static str, &'static [&'static str], &'static [&'static str]);

const TAGS: [&str; 2] = ["elasticache:AddTagsToResource", "elasticache:RemoveTagsFromResource"];

const RESOURCES: &[Row] = &[
    (
        "elasticache_alarm_set",
        &[
            "cloudwatch:DescribeAlarms",
            "cloudwatch:ListTagsForResource",
            "elasticache:DescribeServerlessCaches",
        ],
        &[
            "cloudwatch:DeleteAlarms",
            "cloudwatch:PutCompositeAlarm",
            "cloudwatch:PutMetricAlarm",
            "cloudwatch:TagResource",
            "cloudwatch:UntagResource",
        ],
    ),
    (
        "elasticache_auth_token_secret",
        &["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"],
        &[
            "secretsmanager:CreateSecret",
            "secretsmanager:DeleteResourcePolicy",
            "secretsmanager:DeleteSecret",
            "secretsmanager:GetSecretValue",
            "secretsmanager:PutResourcePolicy",
            "secretsmanager:PutSecretValue",
            "secretsmanager:RemoveRegionsFromReplication",
            "secretsmanager:ReplicateSecretToRegions",
            "secretsmanager:RestoreSecret",
            "secretsmanager:TagResource",
            "secretsmanager:UntagResource",
            "secretsmanager:UpdateSecret",
        ],
    ),
    (
        "elasticache_composite_alarm",
        &["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
        &[
            "cloudwatch:DeleteAlarms",
            "cloudwatch:PutCompositeAlarm",
            "cloudwatch:TagResource",
            "cloudwatch:UntagResource",
        ],
    ),
    (
        "elasticache_connection_secret",
        &[
            "elasticache:DescribeServerlessCaches",
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetResourcePolicy",
        ],
        &[
            "secretsmanager:CreateSecret",
            "secretsmanager:DeleteResourcePolicy",
            "secretsmanager:DeleteSecret",
            "secretsmanager:GetSecretValue",
            "secretsmanager:PutResourcePolicy",
            "secretsmanager:PutSecretValue",
            "secretsmanager:RemoveRegionsFromReplication",
            "secretsmanager:ReplicateSecretToRegions",
            "secretsmanager:RestoreSecret",
            "secretsmanager:TagResource",
            "secretsmanager:UntagResource",
            "secretsmanager:UpdateSecret",
        ],
    ),
    (
        "elasticache_dashboard",
        &["cloudwatch:GetDashboard", "cloudwatch:ListTagsForResource"],
        &[
            "cloudwatch:DeleteDashboards",
            "cloudwatch:PutDashboard",
            "cloudwatch:TagResource",
            "cloudwatch:UntagResource",
        ],
    ),
    (
        "elasticache_global_replication_group",
        &["elasticache:DescribeGlobalReplicationGroups", "elasticache:ListTagsForResource"],
        &[
            "elasticache:CreateGlobalReplicationGroup",
            "elasticache:DecreaseNodeGroupsInGlobalReplicationGroup",
            "elasticache:DeleteGlobalReplicationGroup",
            "elasticache:DescribeCacheClusters",
            "elasticache:DescribeReplicationGroups",
            "elasticache:FailoverGlobalReplicationGroup",
            "elasticache:IncreaseNodeGroupsInGlobalReplicationGroup",
            "elasticache:ModifyGlobalReplicationGroup",
        ],
    ),
    (
        "elasticache_log_group",
        &["logs:DescribeLogGroups", "logs:ListTagsForResource"],
        &[
            "logs:AssociateKmsKey",
            "logs:CreateLogGroup",
            "logs:DeleteLogGroup",
            "logs:DeleteRetentionPolicy",
            "logs:DisassociateKmsKey",
            "logs:PutLogGroupDeletionProtection",
            "logs:PutRetentionPolicy",
            "logs:TagResource",
            "logs:UntagResource",
        ],
    ),
    (
        "elasticache_metric_alarm",
        &["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
        &[
            "cloudwatch:DeleteAlarms",
            "cloudwatch:PutMetricAlarm",
            "cloudwatch:TagResource",
            "cloudwatch:UntagResource",
        ],
    ),
    (
        "elasticache_parameter_group",
        &[
            "elasticache:DescribeCacheParameterGroups",
            "elasticache:DescribeCacheParameters",
            "elasticache:DescribeEngineDefaultParameters",
            "elasticache:ListTagsForResource",
        ],
        &[
            "elasticache:CreateCacheParameterGroup",
            "elasticache:DeleteCacheParameterGroup",
            "elasticache:ModifyCacheParameterGroup",
            "elasticache:ResetCacheParameterGroup",
        ],
    ),
    (
        "elasticache_replication_group",
        &[
            "ec2:DescribeSecurityGroups",
            "elasticache:DescribeCacheClusters",
            "elasticache:DescribeCacheEngineVersions",
            "elasticache:DescribeCacheParameterGroups",
            "elasticache:DescribeReplicationGroups",
            "elasticache:ListAllowedNodeTypeModifications",
            "elasticache:ListTagsForResource",
        ],
        &[
            "elasticache:CreateReplicationGroup",
            "elasticache:DecreaseReplicaCount",
            "elasticache:DeleteReplicationGroup",
            "elasticache:DescribeEvents",
            "elasticache:DescribeGlobalReplicationGroups",
            "elasticache:DisassociateGlobalReplicationGroup",
            "elasticache:IncreaseReplicaCount",
            "elasticache:ModifyReplicationGroup",
            "elasticache:ModifyReplicationGroupShardConfiguration",
        ],
    ),
    (
        "elasticache_security_group",
        &["ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups"],
        &[
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:CreateSecurityGroup",
            "ec2:CreateTags",
            "ec2:DeleteSecurityGroup",
            "ec2:DeleteTags",
            "ec2:DescribeNetworkInterfaces",
            "ec2:ModifySecurityGroupRules",
            "ec2:RevokeSecurityGroupEgress",
            "ec2:RevokeSecurityGroupIngress",
        ],
    ),
    (
        "elasticache_serverless_cache",
        &[
            "elasticache:DescribeServerlessCacheSnapshots",
            "elasticache:DescribeServerlessCaches",
            "elasticache:ListTagsForResource",
        ],
        &[
            "elasticache:CreateServerlessCache",
            "elasticache:CreateServerlessCacheSnapshot",
            "elasticache:DeleteServerlessCache",
            "elasticache:DescribeEvents",
            "elasticache:ModifyServerlessCache",
        ],
    ),
    (
        "elasticache_serverless_cache_snapshot",
        &["elasticache:DescribeServerlessCacheSnapshots", "elasticache:ListTagsForResource"],
        &[
            "elasticache:CopyServerlessCacheSnapshot",
            "elasticache:CreateServerlessCacheSnapshot",
            "elasticache:DeleteServerlessCacheSnapshot",
            "elasticache:DescribeEvents",
            "elasticache:ExportServerlessCacheSnapshot",
        ],
    ),
    (
        "elasticache_service_update",
        &[
            "elasticache:DescribeReplicationGroups",
            "elasticache:DescribeServiceUpdates",
            "elasticache:DescribeUpdateActions",
        ],
        &["elasticache:BatchApplyUpdateAction"],
    ),
    (
        "elasticache_snapshot",
        &["elasticache:DescribeSnapshots", "elasticache:ListTagsForResource"],
        &["elasticache:CopySnapshot", "elasticache:CreateSnapshot", "elasticache:DeleteSnapshot"],
    ),
    (
        "elasticache_ssm_url",
        &[
            "elasticache:DescribeServerlessCaches",
            "ssm:DescribeParameters",
            "ssm:GetParameter",
            "ssm:GetParameters",
            "ssm:ListTagsForResource",
        ],
        &["ssm:AddTagsToResource", "ssm:DeleteParameter", "ssm:PutParameter", "ssm:RemoveTagsFromResource"],
    ),
    (
        "elasticache_subnet_group",
        &["elasticache:DescribeCacheSubnetGroups", "elasticache:ListTagsForResource"],
        &[
            "elasticache:CreateCacheSubnetGroup",
            "elasticache:DeleteCacheSubnetGroup",
            "elasticache:ModifyCacheSubnetGroup",
        ],
    ),
    (
        "elasticache_user",
        &["elasticache:DescribeUsers", "elasticache:ListTagsForResource"],
        &[
            "elasticache:CreateUser",
            "elasticache:DeleteUser",
            "elasticache:DescribeUserGroups",
            "elasticache:ModifyUser",
            "elasticache:ModifyUserGroup",
        ],
    ),
    (
        "elasticache_user_group",
        &["elasticache:DescribeUserGroups", "elasticache:ListTagsForResource"],
        &["elasticache:CreateUserGroup", "elasticache:DeleteUserGroup", "elasticache:ModifyUserGroup"],
    ),
    (
        "elasticache_user_group_association",
        &["elasticache:DescribeUserGroups"],
        &["elasticache:ModifyUserGroup"],
    ),
];

/// The section of a resource's page.
pub fn section(type_name: &str) -> String {
    let (_, plan, apply) = row(type_name);
    let list = |actions: &[&str]| {
        let quoted: Vec<String> = actions.iter().map(|action| format!("`{action}`")).collect();
        quoted.join(", ")
    };
    let tags = apply.iter().any(|action| action.starts_with("elasticache:"))
        && plan.contains(&"elasticache:ListTagsForResource");
    let more: Vec<&str> = if tags { TAGS.to_vec() } else { Vec::new() };
    let all: Vec<&str> = apply.iter().copied().chain(more).collect();
    format!(
        "\n## Permissions\n\n- Plan: {}\n- Apply, in addition: {}\n\nThe guide [Permissions](../guides/permissions) has the \
         policy for all types, and the actions that AWS needs of the caller besides.\n",
        list(plan),
        list(&all)
    )
}

fn row(type_name: &str) -> &'static Row {
    let found = RESOURCES.iter().find(|(name, ..)| *name == type_name);
    found.unwrap_or_else(|| panic!("the permissions of {type_name} are not in tests/docs/permissions.rs"))
}

/// The actions of the two policies in the guide.
fn guide() -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("docs/guides/permissions.md")).unwrap();
    let quoted = text.lines().filter_map(|line| line.trim().trim_end_matches(',').strip_prefix('"'));
    quoted
        .filter_map(|line| line.strip_suffix('"'))
        .filter(|it| it.contains(':'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_permissions_of_each_type_are_in_the_policies_of_the_guide() {
    let guide = guide();
    assert!(guide.len() > 80, "{guide:?}");
    for resource in REGISTRY.resources {
        let (name, plan, apply) = row(resource.type_name());
        for action in plan.iter().chain(*apply) {
            assert!(guide.contains(*action), "{name} needs {action}, which the guide does not have");
        }
    }
}
