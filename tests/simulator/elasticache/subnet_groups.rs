//! Subnet groups.

use std::collections::BTreeSet;

use super::faults;
use super::input;
use super::protocol::{Params, ServiceError, Xml};
use super::region::Region;
use super::tags;
use super::xml::Node;

/// What is known of a subnet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subnet {
    pub(super) zone: String,
    pub(super) vpc: String,
}

/// A subnet group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SubnetGroup {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) vpc: String,
    /// Ids of subnets, in the order of their naming.
    pub(super) subnets: Vec<String>,
}

impl Region {
    /// The group of the default VPC's subnets, which AWS makes and keeps.
    pub(super) fn add_default_subnet_group(&mut self) {
        let mut subnets = Vec::new();
        for (at, letter) in ["a", "b", "c"].iter().enumerate() {
            let id = format!("subnet-0000000{}", at + 1);
            let zone = format!("{}{letter}", self.place.region);
            self.subnets.insert(id.clone(), Subnet { zone, vpc: "vpc-00000001".to_owned() });
            subnets.push(id);
        }
        let group = SubnetGroup {
            name: "default".to_owned(),
            description: "Default CacheSubnetGroup".to_owned(),
            vpc: "vpc-00000001".to_owned(),
            subnets,
        };
        self.subnet_groups.insert(group.name.clone(), group);
    }

    /// Zones of a subnet group, each once.
    pub(super) fn zones_of(&self, subnet_group: &str) -> Vec<String> {
        let ids =
            self.subnet_groups.get(subnet_group).map(|group| group.subnets.as_slice()).unwrap_or_default();
        let zones: BTreeSet<String> = ids.iter().map(|id| self.subnet(id).zone).collect();
        zones.into_iter().collect()
    }

    /// A subnet. One that was never announced is in a zone that follows from its id, and in a VPC
    /// of its own kind, so that tests need announce nothing.
    fn subnet(&self, id: &str) -> Subnet {
        self.subnets.get(id).cloned().unwrap_or_else(|| {
            let sum: usize = id.bytes().map(usize::from).sum();
            let letter = ["a", "b", "c"].get(sum % 3).copied().unwrap_or("a");
            Subnet { zone: format!("{}{letter}", self.place.region), vpc: "vpc-00000001".to_owned() }
        })
    }

    fn subnet_group(&self, name: &str) -> Result<&SubnetGroup, ServiceError> {
        let name = name.to_ascii_lowercase();
        self.subnet_groups.get(&name).ok_or_else(|| faults::no_subnet_group(&name))
    }

    /// Ids of subnets of one VPC, each once; and the VPC.
    fn checked_subnets(&self, ids: Vec<String>) -> Result<(String, Vec<String>), ServiceError> {
        if ids.is_empty() {
            return Err(faults::value("The parameter SubnetIds must be provided and must not be blank."));
        }
        if ids.len() > self.config.quotas.subnets {
            return Err(ServiceError::new(
                "CacheSubnetQuotaExceededFault",
                "Too many subnets in the cache subnet group.",
            ));
        }
        let mut unique: Vec<String> = Vec::new();
        let mut vpc: Option<String> = None;
        for id in ids {
            let spelled = id
                .strip_prefix("subnet-")
                .is_some_and(|rest| rest.len() >= 8 && rest.bytes().all(|b| b.is_ascii_hexdigit()));
            if !spelled || (self.config.known_subnets_only && !self.subnets.contains_key(&id)) {
                return Err(ServiceError::new(
                    "InvalidSubnet",
                    format!("The subnet ID '{id}' does not exist."),
                ));
            }
            let subnet = self.subnet(&id);
            if vpc.as_ref().is_some_and(|vpc| *vpc != subnet.vpc) {
                return Err(ServiceError::new("InvalidSubnet", "Subnets must be in the same VPC."));
            }
            vpc = Some(subnet.vpc);
            if !unique.contains(&id) {
                unique.push(id);
            }
        }
        Ok((vpc.unwrap_or_default(), unique))
    }

    /// `CreateCacheSubnetGroup`.
    pub(super) fn create_subnet_group(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        // AWS refuses underscores in terraform-aws-modules/terraform-aws-vpc #193 and #463 and in
        // terraform-community-modules/tf_aws_elasticache_redis #1 and #46, in the words of every identifier.
        let name = input::required(params, "CacheSubnetGroupName")?;
        let name = input::identifier("CacheSubnetGroupName", name, 255)?;
        let description = input::required(params, "CacheSubnetGroupDescription")?.to_owned();
        if self.subnet_groups.contains_key(&name) {
            return Err(ServiceError::new(
                "CacheSubnetGroupAlreadyExists",
                format!("Cache subnet group {name} already exists."),
            ));
        }
        if self.subnet_groups.len() > self.config.quotas.subnet_groups {
            return Err(ServiceError::new("CacheSubnetGroupQuotaExceeded", "Too many cache subnet groups."));
        }
        let (vpc, subnets) = self.checked_subnets(params.list("SubnetIds"))?;
        let tags = tags::checked(input::tags(params), 0)?;
        let group = SubnetGroup { name: name.clone(), description, vpc, subnets };
        let answer = vec![self.show_subnet_group(&group)];
        self.set_tags("subnetgroup", &name, tags);
        self.subnet_groups.insert(name, group);
        Ok(answer)
    }

    /// `ModifyCacheSubnetGroup`. A subnet with members in it must stay (`SubnetInUse`); here that is
    /// said of the last subnet in a zone that members are in (a belief).
    pub(super) fn modify_subnet_group(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let mut group = self.subnet_group(input::required(params, "CacheSubnetGroupName")?)?.clone();
        if let Some(description) = input::text(params, "CacheSubnetGroupDescription") {
            description.clone_into(&mut group.description);
        }
        let ids = params.list("SubnetIds");
        if !ids.is_empty() {
            let (vpc, subnets) = self.checked_subnets(ids)?;
            let zones: BTreeSet<String> = subnets.iter().map(|id| self.subnet(id).zone).collect();
            let lost = self
                .groups
                .values()
                .filter(|user| user.subnet_group == group.name)
                .flat_map(|user| user.members().map(|member| &member.zone))
                .chain(self.remains.iter().filter(|r| r.subnet_group == group.name).flat_map(|r| &r.zones))
                .find(|zone| !zones.contains(*zone));
            if let Some(zone) = lost {
                return Err(ServiceError::new(
                    "SubnetInUse",
                    format!("The subnets in availability zone {zone} are in use by cache clusters."),
                ));
            }
            (group.vpc, group.subnets) = (vpc, subnets);
        }
        let answer = vec![self.show_subnet_group(&group)];
        self.subnet_groups.insert(group.name.clone(), group);
        Ok(answer)
    }

    /// `DeleteCacheSubnetGroup`. The words as in aws/aws-cdk #6935.
    pub(super) fn delete_subnet_group(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let name = self.subnet_group(input::required(params, "CacheSubnetGroupName")?)?.name.clone();
        let used = self.groups.values().any(|group| group.subnet_group == name)
            || self.remains.iter().any(|remains| remains.subnet_group == name);
        if used {
            return Err(ServiceError::new(
                "CacheSubnetGroupInUse",
                format!("Cache subnet group {name} is currently in use by a cache cluster."),
            ));
        }
        if name == "default" {
            return Err(faults::value("The default cache subnet group cannot be deleted."));
        }
        self.subnet_groups.remove(&name);
        self.drop_tags("subnetgroup", &name);
        Ok(Vec::new())
    }

    /// `DescribeCacheSubnetGroups`.
    pub(super) fn describe_subnet_groups(&self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let chosen: Vec<&SubnetGroup> = match input::text(params, "CacheSubnetGroupName") {
            Some(name) => vec![self.subnet_group(name)?],
            None => self.subnet_groups.values().collect(),
        };
        let entries = chosen.into_iter().map(|group| (group.name.clone(), group)).collect();
        input::page(params, "CacheSubnetGroups", (100, 100), entries, |group| self.show_subnet_group(group))
    }

    fn show_subnet_group(&self, group: &SubnetGroup) -> Xml {
        let subnets = group.subnets.iter().map(|id| {
            Node::new("Subnet")
                .text("SubnetIdentifier", id)
                .child(Node::new("SubnetAvailabilityZone").text("Name", self.subnet(id).zone).done())
                .child(Node::new("SubnetOutpost").done())
                .texts("SupportedNetworkTypes", "member", ["ipv4"])
                .done()
        });
        Node::new("CacheSubnetGroup")
            .text("CacheSubnetGroupName", &group.name)
            .text("CacheSubnetGroupDescription", &group.description)
            .text("VpcId", &group.vpc)
            .list("Subnets", subnets)
            .text("ARN", self.arn("subnetgroup", &group.name))
            .texts("SupportedNetworkTypes", "member", ["ipv4"])
            .done()
    }
}
