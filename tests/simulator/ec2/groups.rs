//! Security groups. Codes and wording from EC2's page of error codes and AWS's answers as users
//! report them.

use super::rules::{Peer, Rule, Traffic, is_plain, joined};
use super::{DEFAULT_VPC, Store, filters, missing, network, set, tags};
use crate::simulator::protocol::{Interface, Params, Place, ServiceError, Xml};
use crate::simulator::stores::{Tags, like, page};

/// A security group.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) vpc: String,
    pub(super) rules: Vec<Rule>,
    pub(super) tags: Tags,
}

impl Group {
    pub(super) fn new(id: &str, name: &str, description: &str, vpc: &str) -> Self {
        let (id, name, description, vpc) = (id.into(), name.into(), description.into(), vpc.into());
        Self { id, name, description, vpc, rules: Vec::new(), tags: Tags::new() }
    }
}

pub(super) fn arn(place: &Place, id: &str) -> String {
    format!("arn:aws:ec2:{}:{}:security-group/{id}", place.region, place.account)
}

/// The group with this id.
pub(super) fn find<'s>(store: &'s mut Store, id: &str) -> Result<&'s mut Group, ServiceError> {
    if !id.starts_with("sg-") {
        let message = format!("Invalid id: \"{id}\" (expecting \"sg-...\")");
        return Err(ServiceError::new("InvalidGroupId.Malformed", message));
    }
    let none =
        || ServiceError::new("InvalidGroup.NotFound", format!("The security group '{id}' does not exist"));
    store.groups.get_mut(id).ok_or_else(none)
}

pub(super) fn create(store: &mut Store, place: &Place, params: &Params) -> Result<Vec<Xml>, ServiceError> {
    let name = params.get("GroupName").ok_or_else(|| missing("GroupName"))?;
    let description = params.get("GroupDescription").ok_or_else(|| missing("GroupDescription"))?;
    let vpc = params.get("VpcId").unwrap_or(DEFAULT_VPC);
    network::check_vpc(vpc)?;
    let invalid = |message: String| Err(ServiceError::new("InvalidParameterValue", message));
    if name.starts_with("sg-") {
        return invalid(format!(
            "Value ({name}) for parameter GroupName is invalid. Group names may not be in the format sg-*."
        ));
    }
    if name.is_empty() || !is_plain(name) {
        return invalid(format!(
            "Value ({name}) for parameter GroupName is invalid. Character sets beyond ASCII are not supported."
        ));
    }
    if description.is_empty() || !is_plain(description) {
        return invalid(
            "Invalid security group description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
                .to_owned(),
        );
    }
    if store.groups.values().any(|group| group.name.eq_ignore_ascii_case(name) && group.vpc == vpc) {
        let message = format!("The security group '{name}' already exists for VPC '{vpc}'");
        return Err(ServiceError::new("InvalidGroup.Duplicate", message));
    }
    let its = tags::specified(params, "security-group")?;
    let id = store.new_id(place, "sg");
    let mut group = Group::new(&id, name, description, vpc);
    group.tags.clone_from(&its);
    // "A security group ... by default, allows all outbound traffic."
    let peer = Peer::V4("0.0.0.0/0".to_owned());
    group.rules.push(Rule {
        id: store.new_id(place, "sgr"),
        egress: true,
        traffic: Traffic { protocol: "-1".to_owned(), ports: None, peer },
        description: None,
        tags: Tags::new(),
    });
    store.groups.insert(id.clone(), group);
    Ok(vec![
        Xml::text("return", true),
        Xml::text("groupId", &id),
        tags::set_of(&its),
        Xml::text("securityGroupArn", arn(place, &id)),
    ])
}

pub(super) fn delete(
    store: &mut Store,
    params: &Params,
    interfaces: &[Interface],
) -> Result<Vec<Xml>, ServiceError> {
    let id = match (params.get("GroupId"), params.get("GroupName")) {
        (Some(id), _) => id.to_owned(),
        (None, Some(name)) => by_name(store, name)?,
        (None, None) => return Err(missing("groupId")),
    };
    let group = find(store, &id)?;
    if group.name == "default" {
        let message = format!("the specified group: \"{id}\" name: \"default\" cannot be deleted by a user");
        return Err(ServiceError::new("CannotDelete", message));
    }
    let is_peer = |rule: &Rule| matches!(&rule.traffic.peer, Peer::Group(group) if group.id == id);
    let named = store.groups.values().any(|other| other.id != id && other.rules.iter().any(is_peer));
    if named || interfaces.iter().any(|interface| interface.security_groups.contains(&id)) {
        let message = format!("resource {id} has a dependent object");
        return Err(ServiceError::new("DependencyViolation", message));
    }
    store.groups.remove(&id);
    Ok(vec![Xml::text("return", true), Xml::text("groupId", id)])
}

fn by_name(store: &Store, name: &str) -> Result<String, ServiceError> {
    let found = store.groups.values().find(|group| group.name == name);
    let none = || {
        let message = format!("The security group '{name}' does not exist in default VPC '{DEFAULT_VPC}'");
        ServiceError::new("InvalidGroup.NotFound", message)
    };
    found.map(|group| group.id.clone()).ok_or_else(none)
}

fn page_size(params: &Params) -> Result<usize, ServiceError> {
    let Some(given) = params.get("MaxResults") else { return Ok(1000) };
    given.parse().ok().filter(|size| (5..=1000).contains(size)).ok_or_else(|| {
        let message = format!(
            "Value ( {given} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000."
        );
        ServiceError::new("InvalidParameterValue", message)
    })
}

fn paged(name: &str, items: Vec<Vec<Xml>>, params: &Params) -> Result<Vec<Xml>, ServiceError> {
    let bad = || ServiceError::new("InvalidNextToken", "The specified token is not valid.");
    let (items, next) = page(items, params.get("NextToken"), page_size(params)?).ok_or_else(bad)?;
    let mut observed = vec![set(name, items)];
    observed.extend(next.map(|next| Xml::text("nextToken", next)));
    Ok(observed)
}

pub(super) fn describe(store: &mut Store, place: &Place, params: &Params) -> Result<Vec<Xml>, ServiceError> {
    let mut desired = params.list("GroupId");
    for id in &desired {
        find(store, id)?;
    }
    for name in params.list("GroupName") {
        desired.push(by_name(store, &name)?);
    }
    let mut observed = Vec::new();
    for group in store.groups.values() {
        if (desired.is_empty() || desired.contains(&group.id)) && group.passes(place, params)? {
            observed.push(vec![
                Xml::text("ownerId", &place.account),
                Xml::text("groupId", &group.id),
                Xml::text("groupName", &group.name),
                Xml::text("groupDescription", &group.description),
                Xml::text("vpcId", &group.vpc),
                Xml::text("securityGroupArn", arn(place, &group.id)),
                set("ipPermissions", joined(group, false)),
                set("ipPermissionsEgress", joined(group, true)),
                tags::set_of(&group.tags),
            ]);
        }
    }
    paged("securityGroupInfo", observed, params)
}

impl Group {
    /// Ids of the groups that rules of one direction name.
    fn named_groups(&self, egress: bool) -> Vec<String> {
        let named = |rule: &Rule| match &rule.traffic.peer {
            Peer::Group(group) if rule.egress == egress => Some(group.id.clone()),
            _ => None,
        };
        self.rules.iter().filter_map(named).collect()
    }

    fn passes(&self, place: &Place, params: &Params) -> Result<bool, ServiceError> {
        for (name, values) in filters(params) {
            let is: Vec<String> = match name.as_str() {
                "group-id" => vec![self.id.clone()],
                "group-name" => vec![self.name.clone()],
                "description" => vec![self.description.clone()],
                "vpc-id" => vec![self.vpc.clone()],
                "owner-id" => vec![place.account.clone()],
                "ip-permission.group-id" => self.named_groups(false),
                "egress.ip-permission.group-id" => self.named_groups(true),
                "tag-key" => self.tags.keys().cloned().collect(),
                tag if tag.starts_with("tag:") => self.tags.get(&tag[4..]).cloned().into_iter().collect(),
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
}

pub(super) fn describe_rules(
    store: &mut Store,
    place: &Place,
    params: &Params,
) -> Result<Vec<Xml>, ServiceError> {
    let desired = params.list("SecurityGroupRuleId");
    let all: Vec<(&Group, &Rule)> =
        store.groups.values().flat_map(|group| group.rules.iter().map(move |rule| (group, rule))).collect();
    if let Some(id) = desired.iter().find(|id| !all.iter().any(|(_, rule)| rule.id == **id)) {
        let message = format!("The security group rule ID '{id}' does not exist");
        return Err(ServiceError::new("InvalidSecurityGroupRuleId.NotFound", message));
    }
    let mut observed = Vec::new();
    for (group, rule) in all {
        let mut passes = desired.is_empty() || desired.contains(&rule.id);
        for (name, values) in filters(params) {
            let is = match name.as_str() {
                "group-id" => Some(group.id.clone()),
                "security-group-rule-id" => Some(rule.id.clone()),
                tag if tag.starts_with("tag:") => rule.tags.get(&tag[4..]).cloned(),
                _ => {
                    let message = format!("The filter '{name}' is invalid");
                    return Err(ServiceError::new("InvalidParameterValue", message));
                }
            };
            passes &= is.is_some_and(|is| values.iter().any(|value| like(value, &is)));
        }
        if passes {
            observed.push(rule.show(place, &group.id));
        }
    }
    paged("securityGroupRuleSet", observed, params)
}
