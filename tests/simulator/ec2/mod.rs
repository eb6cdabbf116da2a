//! EC2: the default VPC with its subnets, and security groups with their rules.

mod change;
mod groups;
mod interfaces;
mod network;
mod rules;
mod tags;

use super::protocol::{Interface, Params, Place, ServiceError, Xml};
use super::state::unknown;
use super::stores::{HEX, PerPlace, Tags, scramble};
use groups::Group;
use rules::Owners;
use std::collections::BTreeMap;

/// The default VPC of every account and region.
pub const DEFAULT_VPC: &str = "vpc-00000001";
/// Its default security group.
pub const DEFAULT_GROUP: &str = "sg-00000001";
/// Another VPC of every account and region; nothing but security groups is in it.
pub const OTHER_VPC: &str = "vpc-00000002";
/// Its default security group.
const OTHER_GROUP: &str = "sg-00000002";

/// What there is in one account and region.
#[derive(Debug)]
struct Store {
    groups: BTreeMap<String, Group>,
    /// Tags of the VPC and its subnets, by id.
    tags: BTreeMap<String, Tags>,
    created: u64,
}

impl Default for Store {
    fn default() -> Self {
        let default = Group::new(DEFAULT_GROUP, "default", "default VPC security group", DEFAULT_VPC);
        let other = Group::new(OTHER_GROUP, "default", "default VPC security group", OTHER_VPC);
        let groups = BTreeMap::from([(DEFAULT_GROUP.to_owned(), default), (OTHER_GROUP.to_owned(), other)]);
        Self { groups, tags: BTreeMap::new(), created: 0 }
    }
}

impl Store {
    /// A new id, such as `sg-0f3a…`: seventeen hexadecimal digits.
    fn new_id(&mut self, place: &Place, kind: &str) -> String {
        self.created += 1;
        let seed = format!("{kind}{}{}{}", place.account, place.region, self.created);
        format!("{kind}-0{}", scramble(&seed, HEX, 16))
    }
}

/// The service.
#[derive(Debug, Default)]
pub(super) struct Ec2 {
    stores: PerPlace<Store>,
}

impl Ec2 {
    /// Carries an action out; `interfaces` are those that other services have here.
    pub(super) fn call(
        &mut self,
        place: &Place,
        action: &str,
        params: &Params,
        interfaces: &[Interface],
    ) -> Result<Vec<Xml>, ServiceError> {
        let owners = self.owners(place);
        let store = self.stores.at(place);
        match action {
            "DescribeVpcs" => network::vpcs(store, place, params),
            "DescribeSubnets" => network::subnets(store, place, params),
            "DescribeAvailabilityZones" => Ok(network::zones(place)),
            "DescribeNetworkInterfaces" => interfaces::describe(store, place, params, interfaces),
            "DescribeSecurityGroups" => groups::describe(store, place, params),
            "CreateSecurityGroup" => groups::create(store, place, params),
            "DeleteSecurityGroup" => groups::delete(store, params, interfaces),
            "AuthorizeSecurityGroupIngress" => change::authorize(store, &owners, place, params, false),
            "AuthorizeSecurityGroupEgress" => change::authorize(store, &owners, place, params, true),
            "RevokeSecurityGroupIngress" => change::revoke(store, &owners, params, false),
            "RevokeSecurityGroupEgress" => change::revoke(store, &owners, params, true),
            "ModifySecurityGroupRules" => change::modify(store, &owners, params),
            "DescribeSecurityGroupRules" => groups::describe_rules(store, place, params),
            "CreateTags" => tags::create(store, params),
            "DeleteTags" => tags::delete(store, params),
            "DescribeTags" => tags::describe(store, params),
            _ => Err(unknown("ec2", action)),
        }
    }

    /// The owners of the groups of the region. Default groups have the same IDs in every account: here they are the
    /// caller's.
    fn owners(&mut self, place: &Place) -> Owners {
        let places: Vec<Place> =
            self.stores.places().filter(|other| other.region == place.region).cloned().collect();
        let mut owners = Owners::new();
        for other in places.iter().filter(|other| *other != place).chain([place]) {
            let groups = self.stores.at(other).groups.keys();
            owners.extend(groups.map(|id| (id.clone(), other.account.clone())));
        }
        owners
    }

    /// The ID of the group of that name.
    pub(super) fn id_of(&mut self, place: &Place, name: &str) -> Option<String> {
        let mut groups = self.stores.at(place).groups.iter();
        groups.find(|(_, group)| group.name == name).map(|(id, _)| id.clone())
    }

    /// The rules of a group in words; none when there is no such group.
    pub(super) fn rules(&mut self, place: &Place, group: &str) -> Vec<String> {
        let group = self.stores.at(place).groups.get(group);
        group.into_iter().flat_map(|group| &group.rules).map(rules::Rule::words).collect()
    }

    /// ARNs with tags.
    pub(super) fn tagged(&mut self, place: &Place) -> Vec<(String, Tags)> {
        let store = self.stores.at(place);
        let mut found = Vec::new();
        for (id, group) in &store.groups {
            found.push((groups::arn(place, id), group.tags.clone()));
            for rule in &group.rules {
                found.push((rules::arn(place, &rule.id), rule.tags.clone()));
            }
        }
        found
    }
}

/// Name and values of each filter.
fn filters(params: &Params) -> Vec<(String, Vec<String>)> {
    let read = |filter: Params| (filter.get("Name").unwrap_or_default().to_owned(), filter.list("Value"));
    params.numbered("Filter").into_iter().map(read).collect()
}

/// A list of elements, each an `item`.
fn set(name: &str, items: Vec<Vec<Xml>>) -> Xml {
    Xml::element(name, items.into_iter().map(|item| Xml::element("item", item)).collect())
}

fn missing(name: &str) -> ServiceError {
    ServiceError::new("MissingParameter", format!("The request must contain the parameter {name}"))
}
