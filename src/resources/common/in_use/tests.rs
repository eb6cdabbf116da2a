//! Deletion of every type of object that a cache uses.

use std::time::Duration;

use tokio::time::Instant;

use crate::engine::AnyResource;
use crate::resources::parameter_group::ParameterGroup;
use crate::resources::security_group::SecurityGroup;
use crate::resources::subnet_group::SubnetGroup;
use crate::resources::user_group::UserGroup;
use crate::testing::aws::{Answer, Call, FakeAws, config, problems};
use crate::value::Value;

/// An object that replication group `app` uses.
struct Used {
    resource: &'static dyn AnyResource,
    state: Value,
    /// The call that deletes it.
    delete: &'static str,
    /// The code with which AWS refuses that, and whether in the protocol of EC2.
    refusal: (&'static str, bool),
    /// The argument of the cache that names it.
    argument: &'static str,
}

fn used() -> [Used; 4] {
    let subnets = Value::set([Value::from("subnet-1")]);
    [
        Used {
            resource: &ParameterGroup,
            state: config(&ParameterGroup, [("name", "cache".into()), ("family", "redis7".into())]),
            delete: "DeleteCacheParameterGroup",
            refusal: ("InvalidCacheParameterGroupState", false),
            argument: "parameter_group_name",
        },
        Used {
            resource: &SubnetGroup,
            state: config(&SubnetGroup, [("name", "cache".into()), ("subnet_ids", subnets)]),
            delete: "DeleteCacheSubnetGroup",
            refusal: ("CacheSubnetGroupInUse", false),
            argument: "subnet_group_name",
        },
        Used {
            resource: &SecurityGroup,
            state: config(&SecurityGroup, [("id", "sg-1".into()), ("name", "cache".into())]),
            delete: "DeleteSecurityGroup",
            refusal: ("DependencyViolation", true),
            argument: "security_group_ids",
        },
        Used {
            resource: &UserGroup,
            state: config(&UserGroup, [("user_group_id", "cache".into()), ("engine", "valkey".into())]),
            delete: "DeleteUserGroup",
            refusal: ("InvalidUserGroupState", false),
            argument: "user_group_ids",
        },
    ]
}

/// What AWS returns of the cache that uses the objects.
#[derive(Debug, Clone, Copy)]
struct ObservedCache {
    /// Status of the replication group; empty for one that does not exist.
    group: &'static str,
    /// The name of the objects that it uses, and the ID of its security group.
    uses: (&'static str, &'static str),
    /// Whether the calls are permitted.
    permitted: bool,
}

/// Available, and uses the objects.
const IN_USE: ObservedCache = ObservedCache { group: "available", uses: ("cache", "sg-1"), permitted: true };

impl ObservedCache {
    fn answer(self, call: &Call, is_deleted: bool) -> Answer {
        let (name, security_group) = self.uses;
        match call.operation.as_str() {
            "DescribeCacheClusters" | "DescribeReplicationGroups" if !self.permitted => {
                call.error("AccessDenied", "Not authorized.")
            }
            "DescribeCacheClusters" => call.xml(&format!(
                "<CacheClusters><CacheCluster><CacheClusterId>app-001</CacheClusterId>\
                 <ReplicationGroupId>app</ReplicationGroupId><CacheClusterStatus>available</CacheClusterStatus>\
                 <CacheParameterGroup><CacheParameterGroupName>{name}</CacheParameterGroupName></CacheParameterGroup>\
                 <CacheSubnetGroupName>{name}</CacheSubnetGroupName><SecurityGroups><member>\
                 <SecurityGroupId>{security_group}</SecurityGroupId><Status>active</Status></member></SecurityGroups>\
                 </CacheCluster></CacheClusters>"
            )),
            "DescribeReplicationGroups" if self.group.is_empty() => {
                call.error("ReplicationGroupNotFoundFault", "ReplicationGroup app not found.")
            }
            "DescribeReplicationGroups" => call.xml(&format!(
                "<ReplicationGroups><ReplicationGroup><ReplicationGroupId>app</ReplicationGroupId>\
                 <Status>{}</Status><UserGroupIds><member>{name}</member></UserGroupIds>\
                 <ARN>arn:aws:elasticache:us-east-1:111122223333:replicationgroup:app</ARN>\
                 </ReplicationGroup></ReplicationGroups>",
                self.group
            )),
            "DescribeUserGroups" if !is_deleted => call.xml(
                "<UserGroups><member><UserGroupId>cache</UserGroupId><Status>active</Status>\
                 <Engine>valkey</Engine><ReplicationGroups><member>app</member></ReplicationGroups>\
                 <ARN>arn:aws:elasticache:us-east-1:111122223333:usergroup:cache</ARN></member></UserGroups>",
            ),
            "DescribeUserGroups" => call.error("UserGroupNotFoundFault", "It is gone."),
            "DescribeCacheParameterGroups" => call.error("CacheParameterGroupNotFound", "It is gone."),
            "DescribeCacheSubnetGroups" => call.error("CacheSubnetGroupNotFoundFault", "It is gone."),
            "DescribeNetworkInterfaces" => call.ec2("<networkInterfaceSet/>"),
            "DescribeSecurityGroups" if call.param("GroupId.1").is_empty() => {
                call.ec2("<securityGroupInfo/>")
            }
            "DescribeSecurityGroups" => call.ec2_error("InvalidGroup.NotFound", "It is gone."),
            _ => call.xml(""),
        }
    }
}

impl Used {
    /// An AWS that refuses so many deletions of the object.
    fn aws(&self, mut refusals: u32, observed: ObservedCache) -> FakeAws {
        let (delete, (code, is_ec2)) = (self.delete, self.refusal);
        let mut is_deleted = false;
        FakeAws::new(move |call| {
            if call.operation != delete {
                return observed.answer(call, is_deleted);
            }
            if refusals == 0 {
                is_deleted = true;
                return call.xml("");
            }
            refusals -= 1;
            match is_ec2 {
                true => call.ec2_error(code, "It is in use."),
                false => call.error(code, "It is in use."),
            }
        })
    }

    fn deletes(&self, aws: &FakeAws) -> usize {
        aws.operations().iter().filter(|name| *name == self.delete).count()
    }

    /// Deletes the object, which is refused three times.
    async fn assert_deletion_waits(&self, observed: ObservedCache) {
        let aws = self.aws(3, observed);
        let gone = aws.delete(self.resource, &self.state).await;
        assert_eq!(problems(&gone.diags), [""; 0], "{}: {observed:?}", self.delete);
        assert!(gone.state.is_null());
        assert_eq!(self.deletes(&aws), 4, "{}: {observed:?}", self.delete);
    }
}

#[tokio::test(start_paused = true)]
async fn deletion_fails_at_once_while_an_available_cache_uses_the_object() {
    for used in used() {
        let aws = used.aws(u32::MAX, IN_USE);
        let started = Instant::now();
        let retained = aws.delete(used.resource, &used.state).await;
        assert!(started.elapsed() < Duration::from_secs(1), "{}", used.delete);
        assert_eq!(used.deletes(&aws), 1, "{}", used.delete);
        assert!(!retained.state.is_null(), "{}", used.delete);
        let problems = problems(&retained.diags);
        assert_eq!(problems.len(), 1, "{problems:?}");
        for words in [used.refusal.0, "It is in use by replication group \"app\"", used.argument] {
            assert!(problems[0].contains(words), "{}: no {words:?} in {problems:?}", used.delete);
        }
    }
}

/// A cache that AWS changes or deletes, or has deleted, releases the objects that it uses.
#[tokio::test(start_paused = true)]
async fn deletion_waits_for_a_cache_that_is_changed_or_deleted() {
    for used in used() {
        for group in ["modifying", "deleting", "snapshotting", ""] {
            used.assert_deletion_waits(ObservedCache { group, ..IN_USE }).await;
        }
    }
}

/// AWS refuses for a short time after the last cache has released the object.
#[tokio::test(start_paused = true)]
async fn deletion_waits_while_aws_refuses_and_no_cache_uses_the_object() {
    for used in used() {
        used.assert_deletion_waits(ObservedCache { uses: ("other", "sg-2"), ..IN_USE }).await;
    }
}

/// Without the permissions, only AWS's refusals decide.
#[tokio::test(start_paused = true)]
async fn deletion_waits_without_permission_to_list_caches() {
    for used in used() {
        used.assert_deletion_waits(ObservedCache { permitted: false, ..IN_USE }).await;
    }
}

/// A change of the cache by this Terraform run may release the object before AWS returns the new status.
#[tokio::test(start_paused = true)]
async fn deletion_waits_for_changes_of_this_run() {
    for used in used() {
        let aws = used.aws(3, IN_USE);
        let change = aws.provider.ongoing.begin("replication group app in us-east-1".to_owned());
        let gone = aws.delete_replaced(used.resource, &used.state).await;
        drop(change);
        assert_eq!(problems(&gone.diags), [""; 0], "{}", used.delete);

        // AWS returns the result within a minute after the change.
        let aws = used.aws(u32::MAX, IN_USE);
        drop(aws.provider.ongoing.begin("replication group app in us-east-1".to_owned()));
        let started = Instant::now();
        let retained = aws.delete_replaced(used.resource, &used.state).await;
        assert!(retained.diags.has_errors(), "{}", used.delete);
        let seconds = started.elapsed().as_secs();
        assert!((60..80).contains(&seconds), "{}: {seconds} s", used.delete);
    }
}
