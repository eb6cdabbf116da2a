//! Between the security group and EC2's types.

use std::collections::{BTreeMap, BTreeSet};

use super::attributes::{PORT, SecurityGroupModel};
use super::rules::{self, DesiredRules, Opening, Rule, RuleSource, SELF, SourceGroup};
use crate::aws::direct::ec2::{Permission, Range, RuleUpdate, SecurityGroup};
use crate::value::Field;

/// The rules to add: one permission for each port.
pub(super) fn expand_permissions(desired: &DesiredRules) -> Vec<Permission> {
    let mut by_port: BTreeMap<i32, Vec<Range>> = BTreeMap::new();
    for ((port, source), description) in desired {
        by_port.entry(*port).or_default().push(range(source, description));
    }
    let permission = |(port, ranges)| Permission { protocol: "tcp", port: Some(port), ranges };
    by_port.into_iter().map(permission).collect()
}

/// Existing rules with new descriptions, by ID.
pub(super) fn expand_updates(rules: &BTreeMap<String, (Opening, Option<String>)>) -> Vec<RuleUpdate> {
    let update = |(rule, ((port, source), description)): (&String, &(Opening, Option<String>))| RuleUpdate {
        rule_id: rule.clone(),
        port: *port,
        range: range(source, description),
    };
    rules.iter().map(update).collect()
}

/// A source as EC2 accepts it.
fn range(source: &RuleSource, description: &Option<String>) -> Range {
    let description = description.clone();
    match source {
        RuleSource::V4(cidr) => Range::V4 { cidr: cidr.clone(), description },
        RuleSource::V6(cidr) => Range::V6 { cidr: cidr.clone(), description },
        RuleSource::Prefixes(id) => Range::PrefixList { id: id.clone(), description },
        RuleSource::Group(SourceGroup { id, account }) => {
            Range::Group { id: id.clone(), account: account.clone(), description }
        }
    }
}

impl SecurityGroupModel {
    /// The model with the values that AWS returns of the group itself. Rules and tags are read separately.
    pub(super) fn flatten(mut self, group: &SecurityGroup) -> Self {
        self.id = group.group_id.clone().into();
        self.name = group.group_name.clone().into();
        self.description = group.description.clone().into();
        self.vpc_id = group.vpc_id.clone().into();
        self.owner_id = group.owner_id.clone().into();
        self.arn = group.arn.clone().into();
        self
    }

    /// The rules that an apply with `exclusive = true` revokes, in words.
    pub(super) fn revocable_rules(&self, observed: &[Rule]) -> Vec<String> {
        let ports = self.ports.known().cloned().unwrap_or_default();
        let ours = self.sources().into_keys().collect();
        rules::foreign(observed, &ports, &ours).into_values().collect()
    }

    /// The model with the existing rules.
    pub(super) fn flatten_rules(mut self, observed: &[Rule]) -> Self {
        let before = self.sources();
        let ports = match self.ports.known() {
            Some(ports) => ports.clone(),
            None => rules::likely_ports(observed).unwrap_or_else(|| BTreeSet::from([PORT])),
        };
        let mut allowed = rules::allowed(observed, &ports, |source| self.description_of(source));
        // A source of the state without one of its rules is not foreign: the next apply adds the rule.
        let ours = before.keys().chain(allowed.keys()).cloned().collect();
        let mut foreign = rules::foreign(observed, &ports, &ours);
        let first_read = self.exclusive.is_null();
        if first_read {
            // An import keeps all rules, until the configuration sets `exclusive`.
            self.exclusive = Field::Known(foreign.is_empty());
        } else if !self.is_exclusive() {
            allowed.retain(|source, _| before.contains_key(source));
        }
        if !self.is_exclusive() {
            foreign.clear();
        }
        let itself = self.itself();
        let (opened, listed) = (allowed.contains_key(&itself), !first_read && self.lists_itself());
        // Rules that the list explains as well stay with the list.
        self.allow_self = Field::Known(opened && (!listed || self.allow_self.is_true()));
        let spelled = |source: &RuleSource| before.get(source).cloned().unwrap_or_else(|| source.to_string());
        let of = |kind: fn(&RuleSource) -> bool| {
            let listed = |source: &&RuleSource| {
                kind(source) && (listed || !self.allow_self.is_true() || **source != itself)
            };
            Field::Known(allowed.keys().filter(listed).map(spelled).collect::<BTreeSet<_>>())
        };
        let descriptions = allowed.iter().filter_map(|(source, text)| {
            let name = if self.allow_self.is_true() && *source == itself {
                SELF.to_owned()
            } else {
                spelled(source)
            };
            let key = self.described(source).map_or(name, |(key, _)| key.clone());
            // An empty description is equal to none.
            let configured = || self.described(source).map(|(_, text)| text.clone()).filter(String::is_empty);
            Some((key, text.clone().or_else(configured)?))
        });
        let descriptions: BTreeMap<_, _> = descriptions.collect();
        let groups = of(|source| matches!(source, RuleSource::Group(_)));
        let v4 = of(|source| matches!(source, RuleSource::V4(_)));
        let v6 = of(|source| matches!(source, RuleSource::V6(_)));
        let prefixes = of(|source| matches!(source, RuleSource::Prefixes(_)));
        self.allowed_security_group_ids = groups;
        self.allowed_cidr_blocks = v4;
        self.allowed_ipv6_cidr_blocks = v6;
        self.allowed_prefix_list_ids = prefixes;
        self.rule_descriptions = Field::Known(descriptions);
        self.foreign_rules = Field::Known(foreign);
        self.ports = Field::Known(ports);
        self
    }
}
