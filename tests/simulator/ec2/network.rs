//! The default VPC, its subnets and the zones they are in.

use super::{DEFAULT_VPC, OTHER_VPC, Store, filters, set, tags};
use crate::simulator::protocol::{Params, Place, ServiceError, Xml};
use crate::simulator::stores::{Tags, like};

/// Subnets of the default VPC: id, letter of the zone, address range.
pub(super) const SUBNETS: [(&str, &str, &str); 3] = [
    ("subnet-00000001", "a", "172.31.0.0/20"),
    ("subnet-00000002", "b", "172.31.16.0/20"),
    ("subnet-00000003", "c", "172.31.32.0/20"),
];

/// Fails when an id is asked for that is not there.
fn known(
    params: &Params,
    list: &str,
    ids: &[&str],
    code: &str,
    what: &str,
) -> Result<Vec<String>, ServiceError> {
    let desired = params.list(list);
    match desired.iter().find(|id| !ids.contains(&id.as_str())) {
        Some(id) => Err(ServiceError::new(code, format!("The {what} ID '{id}' does not exist"))),
        None => Ok(desired),
    }
}

/// Whether an object with these fields and tags passes the filters.
fn passes(params: &Params, fields: &[(&str, &str)], its: &Tags) -> Result<bool, ServiceError> {
    for (name, values) in filters(params) {
        let is: Vec<&str> = if let Some(key) = name.strip_prefix("tag:") {
            its.get(key).map(String::as_str).into_iter().collect()
        } else if name == "tag-key" {
            its.keys().map(String::as_str).collect()
        } else if let Some((_, is)) = fields.iter().find(|(field, _)| *field == name) {
            vec![is]
        } else {
            let message = format!("The filter '{name}' is invalid");
            return Err(ServiceError::new("InvalidParameterValue", message));
        };
        if !values.iter().any(|value| is.iter().any(|is| like(value, is))) {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(super) fn vpcs(store: &Store, place: &Place, params: &Params) -> Result<Vec<Xml>, ServiceError> {
    known(params, "VpcId", &[DEFAULT_VPC], "InvalidVpcID.NotFound", "vpc")?;
    let its = store.tags.get(DEFAULT_VPC).cloned().unwrap_or_default();
    let fields = [
        ("vpc-id", DEFAULT_VPC),
        ("is-default", "true"),
        ("isDefault", "true"),
        ("state", "available"),
        ("cidr", "172.31.0.0/16"),
        ("cidr-block", "172.31.0.0/16"),
        ("owner-id", &place.account),
    ];
    let mut observed = Vec::new();
    if passes(params, &fields, &its)? {
        observed.push(vec![
            Xml::text("vpcId", DEFAULT_VPC),
            Xml::text("ownerId", &place.account),
            Xml::text("state", "available"),
            Xml::text("cidrBlock", "172.31.0.0/16"),
            Xml::text("dhcpOptionsId", "dopt-00000001"),
            Xml::text("instanceTenancy", "default"),
            Xml::text("isDefault", true),
            tags::set_of(&its),
        ]);
    }
    Ok(vec![set("vpcSet", observed)])
}

pub(super) fn subnets(store: &Store, place: &Place, params: &Params) -> Result<Vec<Xml>, ServiceError> {
    let ids = SUBNETS.map(|(id, ..)| id);
    let desired = known(params, "SubnetId", &ids, "InvalidSubnetID.NotFound", "subnet")?;
    let mut observed = Vec::new();
    for (id, letter, range) in SUBNETS {
        let zone = format!("{}{letter}", place.region);
        let its = store.tags.get(id).cloned().unwrap_or_default();
        let fields = [
            ("subnet-id", id),
            ("vpc-id", DEFAULT_VPC),
            ("availability-zone", &zone),
            ("availabilityZone", &zone),
            ("default-for-az", "true"),
            ("cidr-block", range),
            ("state", "available"),
            ("owner-id", &place.account),
        ];
        if (!desired.is_empty() && !desired.iter().any(|desired| desired == id))
            || !passes(params, &fields, &its)?
        {
            continue;
        }
        let arn = format!("arn:aws:ec2:{}:{}:subnet/{id}", place.region, place.account);
        observed.push(vec![
            Xml::text("subnetId", id),
            Xml::text("subnetArn", arn),
            Xml::text("state", "available"),
            Xml::text("ownerId", &place.account),
            Xml::text("vpcId", DEFAULT_VPC),
            Xml::text("cidrBlock", range),
            Xml::text("availableIpAddressCount", 4091),
            Xml::text("availabilityZone", &zone),
            Xml::text("defaultForAz", true),
            Xml::text("mapPublicIpOnLaunch", true),
            tags::set_of(&its),
        ]);
    }
    Ok(vec![set("subnetSet", observed)])
}

pub(super) fn zones(place: &Place) -> Vec<Xml> {
    let zone = |(_, letter, _): &(&str, &str, &str)| {
        vec![
            Xml::text("zoneName", format!("{}{letter}", place.region)),
            Xml::text("zoneState", "available"),
            Xml::text("regionName", &place.region),
            Xml::text("zoneType", "availability-zone"),
            Xml::text("optInStatus", "opt-in-not-required"),
        ]
    };
    vec![set("availabilityZoneInfo", SUBNETS.iter().map(zone).collect())]
}

pub(super) fn check_vpc(id: &str) -> Result<(), ServiceError> {
    if [DEFAULT_VPC, OTHER_VPC].contains(&id) {
        return Ok(());
    }
    Err(ServiceError::new("InvalidVpcID.NotFound", format!("The vpc ID '{id}' does not exist")))
}
