//! Network interfaces: those that other services have in the default VPC.

use super::network::SUBNETS;
use super::{DEFAULT_VPC, Store, filters, set};
use crate::simulator::protocol::{Interface, Params, Place, ServiceError, Xml};
use crate::simulator::stores::{HEX, like, scramble};

/// `DescribeNetworkInterfaces`.
pub(super) fn describe(
    store: &Store,
    place: &Place,
    params: &Params,
    interfaces: &[Interface],
) -> Result<Vec<Xml>, ServiceError> {
    let desired = params.list("NetworkInterfaceId");
    let ids: Vec<String> = interfaces.iter().map(|interface| id(place, interface)).collect();
    if let Some(unknown) = desired.iter().find(|id| !ids.contains(id)) {
        let message = format!("The networkInterface ID '{unknown}' does not exist");
        return Err(ServiceError::new("InvalidNetworkInterfaceID.NotFound", message));
    }
    let mut observed = Vec::new();
    for (id, interface) in ids.iter().zip(interfaces) {
        if (desired.is_empty() || desired.contains(id)) && passes(params, id, interface)? {
            observed.push(show(store, place, id, interface));
        }
    }
    Ok(vec![set("networkInterfaceSet", observed)])
}

fn id(place: &Place, interface: &Interface) -> String {
    let seed = format!("eni{}{}{}", place.account, place.region, interface.description);
    format!("eni-0{}", scramble(&seed, HEX, 16))
}

fn passes(params: &Params, id: &str, interface: &Interface) -> Result<bool, ServiceError> {
    for (name, values) in filters(params) {
        let is: Vec<&str> = match name.as_str() {
            "network-interface-id" => vec![id],
            "group-id" => interface.security_groups.iter().map(String::as_str).collect(),
            "description" => vec![&interface.description],
            "availability-zone" => vec![&interface.zone],
            "vpc-id" => vec![DEFAULT_VPC],
            "status" => vec!["in-use"],
            _ => {
                let message = format!("The filter '{name}' is invalid");
                return Err(ServiceError::new("InvalidParameterValue", message));
            }
        };
        if !values.iter().any(|value| is.iter().any(|is| like(value, is))) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn show(store: &Store, place: &Place, id: &str, interface: &Interface) -> Vec<Xml> {
    let subnet = SUBNETS.iter().find(|(_, letter, _)| interface.zone.ends_with(letter));
    let group = |id: &String| {
        let name = store.groups.get(id).map_or("", |group| &group.name);
        vec![Xml::text("groupId", id), Xml::text("groupName", name)]
    };
    let mut observed = vec![Xml::text("networkInterfaceId", id), Xml::text("ownerId", &place.account)];
    observed.extend(subnet.map(|(subnet, ..)| Xml::text("subnetId", subnet)));
    observed.extend([
        Xml::text("vpcId", DEFAULT_VPC),
        Xml::text("availabilityZone", &interface.zone),
        Xml::text("description", &interface.description),
        Xml::text("requesterId", "amazon-elasticache"),
        Xml::text("requesterManaged", true),
        Xml::text("interfaceType", "interface"),
        Xml::text("status", "in-use"),
        set("groupSet", interface.security_groups.iter().map(group).collect()),
    ]);
    observed
}
