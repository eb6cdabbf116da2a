//! Parameter groups and their parameters.

use std::collections::BTreeMap;

use super::events::Source;
use super::faults;
use super::input;
use super::parameters::{self, Known};
use super::protocol::{Millis, Params, ServiceError, Xml};
use super::region::{Region, Task};
use super::tags;
use super::versions;
use super::xml::Node;

/// "A maximum of 20 parameters may be modified per request" (API model).
const BATCH: usize = 20;

/// A parameter group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ParameterGroup {
    pub(super) name: String,
    pub(super) family: String,
    pub(super) description: String,
    /// Values that differ from the family's.
    pub(super) values: BTreeMap<String, String>,
    /// Until when its changes are pending.
    pub(super) pending_until: Option<Millis>,
}

impl ParameterGroup {
    /// Whether it is for cluster mode.
    pub(super) fn cluster_enabled(&self) -> bool {
        self.values.get("cluster-enabled").is_some_and(|value| value == "yes")
    }

    /// Refuses a group of another family. The words as in hashicorp/terraform PR #11269.
    pub(super) fn must_be_of(&self, family: &str) -> Result<(), ServiceError> {
        if self.family == family {
            return Ok(());
        }
        Err(faults::combination(format!(
            "Expected a parameter group of family {family} but found one of family {}",
            self.family
        )))
    }

    /// Value of a parameter here.
    pub(super) fn value<'a>(&'a self, known: &'a Known) -> Option<&'a str> {
        self.values.get(known.name).map(String::as_str).or(known.default)
    }
}

impl Region {
    /// The groups that AWS makes: one of each family, from 3.2 on another for cluster mode.
    pub(super) fn add_default_parameter_groups(&mut self) {
        for family in versions::FAMILIES {
            for cluster in [false, true] {
                if cluster && ["redis2.6", "redis2.8"].contains(family) {
                    continue;
                }
                let mut values = BTreeMap::new();
                if cluster {
                    values.insert("cluster-enabled".to_owned(), "yes".to_owned());
                }
                let name = versions::default_group(family, cluster);
                let description = match cluster {
                    false => format!("Default parameter group for {family}"),
                    true => format!("Customized default parameter group for {family} with cluster mode on"),
                };
                let group = ParameterGroup {
                    name: name.clone(),
                    family: (*family).to_owned(),
                    description,
                    values,
                    pending_until: None,
                };
                self.parameter_groups.insert(name, group);
            }
        }
    }

    /// `CreateCacheParameterGroup`.
    pub(super) fn create_parameter_group(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let name = input::required(params, "CacheParameterGroupName")?;
        let name = input::identifier("CacheParameterGroupName", name, 255)?;
        let family = input::required(params, "CacheParameterGroupFamily")?;
        if !versions::FAMILIES.contains(&family) {
            // The words as in cloudposse/terraform-aws-elasticache-redis PR #231.
            return Err(faults::value(format!(
                "CacheParameterGroupFamily {family} is not a valid parameter group family."
            )));
        }
        let description = input::required(params, "Description")?;
        if self.parameter_groups.contains_key(&name) {
            return Err(ServiceError::new(
                "CacheParameterGroupAlreadyExists",
                format!("CacheParameterGroup {name} already exists."),
            ));
        }
        let own = self.parameter_groups.keys().filter(|name| !versions::is_default_group(name)).count();
        if own >= self.config.quotas.parameter_groups {
            return Err(ServiceError::new(
                "CacheParameterGroupQuotaExceeded",
                "Too many cache parameter groups.",
            ));
        }
        let tags = tags::checked(input::tags(params), 0)?;
        let group = ParameterGroup {
            name: name.clone(),
            family: family.to_owned(),
            description: description.to_owned(),
            values: BTreeMap::new(),
            pending_until: None,
        };
        let answer = vec![self.show_parameter_group(&group)];
        self.set_tags("parametergroup", &name, tags);
        self.parameter_groups.insert(name, group);
        Ok(answer)
    }

    fn show_parameter_group(&self, group: &ParameterGroup) -> Xml {
        Node::new("CacheParameterGroup")
            .text("CacheParameterGroupName", &group.name)
            .text("CacheParameterGroupFamily", &group.family)
            .text("Description", &group.description)
            .text("IsGlobal", false)
            .text("ARN", self.arn("parametergroup", &group.name))
            .done()
    }

    /// `DescribeCacheParameterGroups`.
    pub(super) fn describe_parameter_groups(&self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let chosen: Vec<&ParameterGroup> = match input::text(params, "CacheParameterGroupName") {
            Some(name) => vec![self.parameter_group(name)?],
            None => self.parameter_groups.values().collect(),
        };
        let entries = chosen.into_iter().map(|group| (group.name.clone(), group)).collect();
        input::page(params, "CacheParameterGroups", (100, 100), entries, |group| {
            self.show_parameter_group(group)
        })
    }

    pub(super) fn parameter_group(&self, name: &str) -> Result<&ParameterGroup, ServiceError> {
        let name = name.to_ascii_lowercase();
        self.parameter_groups.get(&name).ok_or_else(|| faults::no_parameter_group(&name))
    }

    /// `ModifyCacheParameterGroup`.
    pub(super) fn modify_parameter_group(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let group = self.own_parameter_group(params)?;
        let requested = named(params)?;
        let mut values = group.values.clone();
        for (name, value) in requested {
            let known = parameters::find(&group.family, &name)
                .ok_or_else(|| faults::value(format!("Parameter {name} doesn't exist")))?;
            let first = name == "cluster-enabled"
                && self.config.unused_group_takes_cluster_enabled
                && !self.is_used(&group.name);
            if !known.modifiable && !first {
                // The words as in cloudposse/terraform-aws-elasticache-redis #212.
                return Err(faults::value(format!("The parameter {name} cannot be modified.")));
            }
            let value =
                value.ok_or_else(|| faults::value(format!("No value for parameter {name} was given.")))?;
            if !known.allows(&value) {
                return Err(faults::value(format!(
                    "The parameter value {value} for parameter {name} is invalid. Allowed values: {}",
                    known.allowed
                )));
            }
            // "mutually exclusive" (user guide "Managing reserved memory").
            if name == "reserved-memory-percent" {
                values.remove("reserved-memory");
            }
            values.insert(name, value);
        }
        let (name, family) = (group.name.clone(), group.family.clone());
        self.take_values(&name, &family, values);
        Ok(vec![Xml::text("CacheParameterGroupName", name)])
    }

    /// `ResetCacheParameterGroup`. `reserved-memory` cannot be reset (hashicorp/aws #6752), but
    /// goes when everything is.
    pub(super) fn reset_parameter_group(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let group = self.own_parameter_group(params)?;
        let name = group.name.clone();
        if group.pending_until.is_some_and(|until| until > self.now) {
            return Err(ServiceError::new(
                "InvalidCacheParameterGroupState",
                format!("Parameter group {name} has pending changes."),
            ));
        }
        let mut values = group.values.clone();
        if input::flag(params, "ResetAllParameters")?.unwrap_or(false) {
            if !params.numbered("ParameterNameValues").is_empty() {
                return Err(faults::combination("Parameters cannot be named when all are reset."));
            }
            values.clear();
        } else {
            for (parameter, _) in named(params)? {
                let known = parameters::find(&group.family, &parameter);
                if known.is_none() || parameter == "reserved-memory" {
                    return Err(faults::value(format!("Parameter {parameter} doesn't exist")));
                }
                values.remove(&parameter);
            }
        }
        let family = group.family.clone();
        self.take_values(&name, &family, values);
        Ok(vec![Xml::text("CacheParameterGroupName", name)])
    }

    /// New values of a group, which its members take up; some of them after a reboot only.
    fn take_values(&mut self, name: &str, family: &str, values: BTreeMap<String, String>) {
        let length = self.config.durations.parameters;
        let until = self.now + length;
        let Some(group) = self.parameter_groups.get_mut(name) else { return };
        let reboot = needs_reboot(family, &group.values, &values);
        group.values = values;
        group.pending_until = Some(until);
        let mut users = Vec::new();
        for user in self.groups.values_mut().filter(|user| user.parameter_group == name) {
            // A member that waits for a reboot goes on doing so.
            user.members_mut().for_each(|member| member.pending_reboot |= reboot);
            user.parameter_status = "applying";
            users.push((user.id.clone(), user.serial));
        }
        for user in users {
            self.later(length, Task::ParametersTaken(user));
        }
        self.event(
            Source::ParameterGroup,
            name,
            format!("Updated parameters of cache parameter group {name}"),
        );
    }

    fn own_parameter_group(&self, params: &Params) -> Result<&ParameterGroup, ServiceError> {
        let group = self.parameter_group(input::required(params, "CacheParameterGroupName")?)?;
        if versions::is_default_group(&group.name) {
            return Err(faults::value(format!(
                "The default cache parameter group {} cannot be modified.",
                group.name
            )));
        }
        Ok(group)
    }

    /// Whether a group has it, is about to, or had it a moment ago.
    fn is_used(&self, name: &str) -> bool {
        let existing = self.groups.values().any(|group| {
            let mut next =
                [&group.pending, &group.applying].into_iter().filter_map(|c| c.parameter_group.as_ref());
            group.parameter_group == name || next.any(|next| next == name)
        });
        existing || self.remains.iter().any(|remains| remains.parameter_group == name)
    }

    /// `DeleteCacheParameterGroup`. The words as in aws-controllers-k8s/community #2004.
    pub(super) fn delete_parameter_group(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let name = self.parameter_group(input::required(params, "CacheParameterGroupName")?)?.name.clone();
        let state = |message| ServiceError::new("InvalidCacheParameterGroupState", message);
        if versions::is_default_group(&name) {
            return Err(state(format!("The default cache parameter group {name} cannot be deleted.")));
        }
        if self.is_used(&name) {
            return Err(state(format!(
                "One or more cache clusters are still members of this parameter group {name}, so the \
                 group cannot be \
                 deleted."
            )));
        }
        self.parameter_groups.remove(&name);
        self.drop_tags("parametergroup", &name);
        Ok(Vec::new())
    }
}

/// Whether members that go from one set of values to the other must be rebooted.
pub(super) fn needs_reboot(
    family: &str,
    from: &BTreeMap<String, String>,
    to: &BTreeMap<String, String>,
) -> bool {
    let mut differing = from.keys().chain(to.keys()).filter(|key| from.get(*key) != to.get(*key));
    differing.any(|key| parameters::find(family, key).is_some_and(|known| known.reboot))
}

/// Names with values; at least one, at most twenty.
fn named(params: &Params) -> Result<Vec<(String, Option<String>)>, ServiceError> {
    let entries = params.numbered("ParameterNameValues");
    if entries.is_empty() {
        return Err(faults::combination("ParameterNameValues must be specified."));
    }
    if entries.len() > BATCH {
        return Err(faults::combination(format!(
            "At most {BATCH} parameters can be modified in one request."
        )));
    }
    entries
        .iter()
        .map(|entry| {
            let name = input::required(entry, "ParameterName")?.to_ascii_lowercase();
            Ok((name, entry.get("ParameterValue").map(str::to_owned)))
        })
        .collect()
}
