//! Rules of security groups.

use super::groups::Group;
use super::tags;
use crate::simulator::protocol::{Params, Place, ServiceError, Xml};
use crate::simulator::stores::Tags;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Where traffic of a rule comes from or goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Peer {
    V4(String),
    V6(String),
    Prefixes(String),
    Group(GroupPeer),
}

/// A group that a rule names. "AWS seem to be able to resolve the account ID from just the security group ID"
/// (hashicorp/terraform-provider-aws #36623): a rule is the same with and without the account in the request.
#[derive(Debug, Clone)]
pub(super) struct GroupPeer {
    pub(super) id: String,
    /// The group's account, if EC2 returns it.
    pub(super) account: Option<String>,
}

impl PartialEq for GroupPeer {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for GroupPeer {}

impl Peer {
    /// The peer in EC2's words.
    fn words(&self) -> &str {
        match self {
            Peer::V4(text) | Peer::V6(text) | Peer::Prefixes(text) => text,
            Peer::Group(group) => &group.id,
        }
    }
}

/// What a rule lets through; two rules of a group differ in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Traffic {
    pub(super) protocol: String,
    /// Ports, or type and code of ICMP; −1 for all.
    pub(super) ports: Option<(i32, i32)>,
    pub(super) peer: Peer,
}

/// A rule.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) egress: bool,
    pub(super) traffic: Traffic,
    pub(super) description: Option<String>,
    pub(super) tags: Tags,
}

pub(super) fn arn(place: &Place, id: &str) -> String {
    format!("arn:aws:ec2:{}:{}:security-group-rule/{id}", place.region, place.account)
}

fn invalid(message: impl Into<String>) -> ServiceError {
    ServiceError::new("InvalidParameterValue", message)
}

/// Known protocols have names, whether given by name or number.
fn protocol(given: &str) -> Result<String, ServiceError> {
    let known = [("tcp", "6"), ("udp", "17"), ("icmp", "1"), ("icmpv6", "58")];
    let lower = given.to_ascii_lowercase();
    if let Some((name, _)) = known.iter().find(|(name, number)| *name == lower || *number == lower) {
        return Ok((*name).to_owned());
    }
    match lower.as_str() {
        "-1" | "all" => Ok("-1".to_owned()),
        other if other.parse::<u8>().is_ok() => Ok(lower),
        _ => Err(invalid(format!("Invalid value '{given}' for IP protocol. Unknown protocol."))),
    }
}

fn ports(protocol: &str, from: Option<&str>, to: Option<&str>) -> Result<Option<(i32, i32)>, ServiceError> {
    let number = |text: Option<&str>| {
        let read = |text: &str| {
            text.parse::<i32>().map_err(|_| invalid(format!("Invalid value '{text}' for portRange.")))
        };
        text.map(read).transpose()
    };
    let (from, to) = (number(from)?, number(to)?);
    match protocol {
        "tcp" | "udp" => {
            let (Some(from), Some(to)) = (from, to) else {
                return Err(invalid(
                    "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
                ));
            };
            let all = 0..=65_535;
            if (from, to) == (-1, -1) {
                return Ok(Some((0, 65_535)));
            }
            if !all.contains(&from) || !all.contains(&to) || from > to {
                return Err(invalid(format!("Invalid range '{from}-{to}' for portRange.")));
            }
            Ok(Some((from, to)))
        }
        "icmp" | "icmpv6" => Ok(Some((from.unwrap_or(-1), to.unwrap_or(-1)))),
        _ => Ok(None),
    }
}

/// A range of addresses in its canonical form: EC2 clears the bits of the host.
fn cidr(given: &str, v6: bool) -> Result<String, ServiceError> {
    let malformed = || invalid(format!("CIDR block {given} is malformed"));
    let (address, length) = given.split_once('/').ok_or_else(malformed)?;
    let length: u32 = length.parse().map_err(|_| malformed())?;
    if v6 {
        let address: Ipv6Addr = address.parse().map_err(|_| malformed())?;
        let shift = 128_u32.checked_sub(length).ok_or_else(malformed)?;
        let mask = u128::MAX.checked_shl(shift).unwrap_or(0);
        return Ok(format!("{}/{length}", Ipv6Addr::from(u128::from(address) & mask)));
    }
    let address: Ipv4Addr = address.parse().map_err(|_| malformed())?;
    let shift = 32_u32.checked_sub(length).ok_or_else(malformed)?;
    let mask = u32::MAX.checked_shl(shift).unwrap_or(0);
    Ok(format!("{}/{length}", Ipv4Addr::from(u32::from(address) & mask)))
}

/// A description, or none when it is empty.
fn description(given: Option<&str>) -> Result<Option<String>, ServiceError> {
    let Some(text) = given.filter(|text| !text.is_empty()) else { return Ok(None) };
    if !is_plain(text) {
        return Err(invalid(
            "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
        ));
    }
    Ok(Some(text.to_owned()))
}

/// The characters of descriptions and names.
pub(super) fn is_plain(text: &str) -> bool {
    text.len() < 256
        && text.chars().all(|c| c.is_ascii_alphanumeric() || ". _-:/()#,@[]+=&;{}!$*".contains(c))
}

/// The accounts that have a group of this region, by the group's ID. The VPCs of all accounts of a region are peered.
pub(super) type Owners = BTreeMap<String, String>;

/// The group that a request names, with its owner. That another account than the owner's finds nothing is a belief.
fn known_group(owners: &Owners, id: &str, account: Option<&str>) -> Result<GroupPeer, ServiceError> {
    if !id.starts_with("sg-") {
        // The answer to `<account>/<id>` in ModifySecurityGroupRules: hashicorp/terraform-provider-aws #36958.
        let message = format!("Invalid id: \"{id}\" (expecting \"sg-...\")");
        return Err(ServiceError::new("InvalidGroupId.Malformed", message));
    }
    match owners.get(id).filter(|owner| account.is_none_or(|account| account == *owner)) {
        Some(owner) => Ok(GroupPeer { id: id.to_owned(), account: Some(owner.clone()) }),
        None => {
            let message = format!("The security group '{id}' does not exist");
            Err(ServiceError::new("InvalidGroup.NotFound", message))
        }
    }
}

/// A peer with the description that stands beside it.
type Described = (Peer, Option<String>);

/// The traffic of a request's permissions, each with its description.
pub(super) fn permissions(
    owners: &Owners,
    params: &Params,
) -> Result<Vec<(Traffic, Option<String>)>, ServiceError> {
    let mut given = params.numbered("IpPermissions");
    if given.is_empty() && params.get("IpProtocol").is_some() {
        given.push(params.clone());
    }
    let mut found = Vec::new();
    for one in given {
        let protocol = protocol(one.get("IpProtocol").unwrap_or_default())?;
        let ports = ports(&protocol, one.get("FromPort"), one.get("ToPort"))?;
        let peers = peers(owners, &one)?;
        if peers.is_empty() {
            return Err(ServiceError::new(
                "MissingParameter",
                "Source group name, id or CIDR must be specified",
            ));
        }
        for (peer, description) in peers {
            let traffic = Traffic { protocol: protocol.clone(), ports, peer };
            if found.iter().any(|(there, _)| *there == traffic) {
                return Err(invalid("The same permission must not appear multiple times"));
            }
            found.push((traffic, description));
        }
    }
    if found.is_empty() {
        return Err(super::missing("ipPermissions"));
    }
    Ok(found)
}

fn peers(owners: &Owners, one: &Params) -> Result<Vec<Described>, ServiceError> {
    let mut peers = Vec::new();
    for range in one.numbered("IpRanges") {
        let given = range.get("CidrIp").unwrap_or_default();
        peers.push((Peer::V4(cidr(given, false)?), description(range.get("Description"))?));
    }
    for range in one.numbered("Ipv6Ranges") {
        let given = range.get("CidrIpv6").unwrap_or_default();
        peers.push((Peer::V6(cidr(given, true)?), description(range.get("Description"))?));
    }
    for list in one.numbered("PrefixListIds") {
        let given = list.get("PrefixListId").unwrap_or_default();
        peers.push((Peer::Prefixes(prefix_list(given)?), description(list.get("Description"))?));
    }
    for group in one.numbered("Groups") {
        let id = group.get("GroupId").unwrap_or_default();
        let named = known_group(owners, id, group.get("UserId"))?;
        peers.push((Peer::Group(named), description(group.get("Description"))?));
    }
    if let Some(given) = one.get("CidrIp") {
        peers.push((Peer::V4(cidr(given, false)?), None));
    }
    Ok(peers)
}

/// Prefix lists are not simulated: every well-formed id is one.
fn prefix_list(id: &str) -> Result<String, ServiceError> {
    if id.starts_with("pl-") {
        return Ok(id.to_owned());
    }
    Err(ServiceError::new(
        "InvalidPrefixListID.NotFound",
        format!("The prefix list ID '{id}' does not exist"),
    ))
}

/// The rule of a ModifySecurityGroupRules request, which takes no account of a group (API model,
/// `SecurityGroupRuleRequest`). That EC2 returns no account afterwards is a belief, which is stricter
/// with the provider than an answer with one.
pub(super) fn replacement(owners: &Owners, one: &Params) -> Result<(Traffic, Option<String>), ServiceError> {
    let get = |name: &str| one.get(&format!("SecurityGroupRule.{name}")).filter(|value| !value.is_empty());
    let protocol = protocol(get("IpProtocol").unwrap_or_default())?;
    let ports = ports(&protocol, get("FromPort"), get("ToPort"))?;
    let peers: Vec<Peer> = [
        get("CidrIpv4").map(|given| cidr(given, false).map(Peer::V4)),
        get("CidrIpv6").map(|given| cidr(given, true).map(Peer::V6)),
        get("PrefixListId").map(|given| prefix_list(given).map(Peer::Prefixes)),
        get("ReferencedGroupId").map(|given| {
            known_group(owners, given, None).map(|group| {
                let account = None;
                Peer::Group(GroupPeer { account, ..group })
            })
        }),
    ]
    .into_iter()
    .flatten()
    .collect::<Result<_, _>>()?;
    let [peer] = peers.as_slice() else {
        let message = "Exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId is needed";
        return Err(ServiceError::new("InvalidParameterCombination", message));
    };
    Ok((Traffic { protocol, ports, peer: peer.clone() }, description(get("Description"))?))
}

impl Traffic {
    /// The rule as EC2's refusals name it.
    pub(super) fn name(&self) -> String {
        let peer = self.peer.words();
        let protocol = match self.protocol.as_str() {
            "-1" => "ALL".to_owned(),
            named if named.starts_with(|c: char| c.is_ascii_alphabetic()) => named.to_ascii_uppercase(),
            number => format!("protocol: {number}"),
        };
        match (self.ports, self.protocol.as_str()) {
            (Some((from, to)), "tcp" | "udp") => {
                format!("peer: {peer}, {protocol}, from port: {from}, to port: {to}, ALLOW")
            }
            _ => format!("peer: {peer}, {protocol}, ALLOW"),
        }
    }
}

impl Rule {
    /// The rule as `direction protocol from-to peer description`.
    pub(super) fn words(&self) -> String {
        let peer = self.traffic.peer.words();
        let (from, to) = self.traffic.ports.unwrap_or((-1, -1));
        let direction = if self.egress { "out" } else { "in" };
        let description = self.description.as_deref().unwrap_or_default();
        format!("{direction} {} {from}-{to} {peer} {description}", self.traffic.protocol)
    }

    /// The rule as DescribeSecurityGroupRules shows it.
    pub(super) fn show(&self, place: &Place, group: &str) -> Vec<Xml> {
        let mut observed = vec![
            Xml::text("securityGroupRuleId", &self.id),
            Xml::text("groupId", group),
            Xml::text("groupOwnerId", &place.account),
            Xml::text("isEgress", self.egress),
            Xml::text("ipProtocol", &self.traffic.protocol),
        ];
        let (from, to) = self.traffic.ports.unwrap_or((-1, -1));
        observed.extend([Xml::text("fromPort", from), Xml::text("toPort", to)]);
        observed.push(match &self.traffic.peer {
            Peer::V4(range) => Xml::text("cidrIpv4", range),
            Peer::V6(range) => Xml::text("cidrIpv6", range),
            Peer::Prefixes(id) => Xml::text("prefixListId", id),
            Peer::Group(group) => {
                let mut info = vec![Xml::text("groupId", &group.id)];
                info.extend(group.account.as_ref().map(|account| Xml::text("userId", account)));
                Xml::element("referencedGroupInfo", info)
            }
        });
        observed.extend(self.description.as_ref().map(|text| Xml::text("description", text)));
        observed.push(tags::set_of(&self.tags));
        observed.push(Xml::text("securityGroupRuleArn", arn(place, &self.id)));
        observed
    }
}

/// The rules of one direction as DescribeSecurityGroups shows them: joined by protocol and ports.
pub(super) fn joined(group: &Group, egress: bool) -> Vec<Vec<Xml>> {
    let mut kinds: Vec<(&str, Option<(i32, i32)>)> = Vec::new();
    let rules: Vec<&Rule> = group.rules.iter().filter(|rule| rule.egress == egress).collect();
    for rule in &rules {
        let kind = (rule.traffic.protocol.as_str(), rule.traffic.ports);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let show = |(protocol, ports): (&str, Option<(i32, i32)>)| {
        let mut observed = vec![Xml::text("ipProtocol", protocol)];
        if let Some((from, to)) = ports {
            observed.extend([Xml::text("fromPort", from), Xml::text("toPort", to)]);
        }
        let mut sets: [Vec<Vec<Xml>>; 4] = Default::default();
        for rule in rules.iter().filter(|r| r.traffic.protocol == protocol && r.traffic.ports == ports) {
            let (set, mut item) = match &rule.traffic.peer {
                Peer::Group(group) => {
                    let account = group.account.as_ref().map(|account| Xml::text("userId", account));
                    (0, account.into_iter().chain([Xml::text("groupId", &group.id)]).collect())
                }
                Peer::V4(range) => (1, vec![Xml::text("cidrIp", range)]),
                Peer::V6(range) => (2, vec![Xml::text("cidrIpv6", range)]),
                Peer::Prefixes(id) => (3, vec![Xml::text("prefixListId", id)]),
            };
            item.extend(rule.description.as_ref().map(|text| Xml::text("description", text)));
            sets[set].push(item);
        }
        let names = ["groups", "ipRanges", "ipv6Ranges", "prefixListIds"];
        observed.extend(names.into_iter().zip(sets).map(|(name, items)| super::set(name, items)));
        observed
    };
    kinds.into_iter().map(show).collect()
}
