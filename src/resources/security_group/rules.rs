//! Rules of the configuration, existing rules, and the changes between them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::cidr;
use crate::aws::direct::ec2::SecurityGroupRule;
use crate::value::Value;

/// The key of `rule_descriptions` for the rules of `allow_self`.
pub(super) const SELF: &str = "self";

/// A security group as a source. Security groups are equal by ID, which is globally unique: for a group of another account,
/// EC2 accepts the ID with or without the account, and returns its account, but not always
/// (hashicorp/terraform-provider-aws #36623, #30664, #45971).
#[derive(Debug, Clone)]
pub(super) struct SourceGroup {
    /// Its ID, `sg-…`.
    pub(super) id: String,
    /// The account that the configuration or EC2 gives.
    pub(super) account: Option<String>,
}

impl PartialEq for SourceGroup {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for SourceGroup {}

impl PartialOrd for SourceGroup {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SourceGroup {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id.cmp(&other.id)
    }
}

impl fmt::Display for SourceGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.account {
            Some(account) => write!(f, "{account}/{}", self.id),
            None => f.write_str(&self.id),
        }
    }
}

/// A source of connections, in the spelling of EC2.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RuleSource {
    /// Members of a security group.
    Group(SourceGroup),
    /// A range of IPv4 addresses.
    V4(String),
    /// A range of IPv6 addresses.
    V6(String),
    /// The addresses of a prefix list, by ID.
    Prefixes(String),
}

impl RuleSource {
    /// A security group by `<id>` or `<account>/<id>`.
    pub(super) fn group(text: &str) -> Self {
        let (account, id) = text.split_once('/').map_or((None, text), |(account, id)| (Some(account), id));
        Self::Group(SourceGroup { id: id.to_owned(), account: account.map(str::to_owned) })
    }

    /// An IPv4 range in any spelling. Other text is not changed.
    pub(super) fn v4(text: &str) -> Self {
        Self::V4(cidr::v4(text).unwrap_or_else(|_| text.to_owned()))
    }

    /// An IPv6 range in any spelling. Other text is not changed.
    pub(super) fn v6(text: &str) -> Self {
        Self::V6(cidr::v6(text).unwrap_or_else(|_| text.to_owned()))
    }

    /// True if a key of `rule_descriptions` is the source in any spelling.
    pub(super) fn is_named(&self, key: &str) -> bool {
        match self {
            Self::Group(_) => Self::group(key) == *self,
            Self::Prefixes(id) => key == id,
            Self::V4(_) => Self::v4(key) == *self,
            Self::V6(_) => Self::v6(key) == *self,
        }
    }
}

/// The security groups of a set, each once in any spelling.
fn groups(set: &Value) -> Option<BTreeSet<RuleSource>> {
    set.as_elements()?.iter().map(|text| text.as_str().map(RuleSource::group)).collect()
}

/// True for two sets of the same security groups in any spelling.
pub(super) fn same_groups(a: &Value, b: &Value) -> bool {
    groups(a).is_some_and(|a| Some(a) == groups(b))
}

/// A key of `rule_descriptions` in one spelling of its source.
fn canonical_key(key: &str) -> String {
    match key.split_once('/') {
        Some((_, id)) if id.starts_with("sg-") => id.to_owned(),
        Some(_) => RuleSource::v6(key).to_string(),
        None => key.to_owned(),
    }
}

/// Descriptions by source; `None` if two spellings of a source have different ones.
fn descriptions(map: &Value) -> Option<BTreeMap<String, &str>> {
    let mut found = BTreeMap::new();
    for (key, text) in map.as_map()? {
        let text = text.as_str()?;
        if *found.entry(canonical_key(key)).or_insert(text) != text {
            return None;
        }
    }
    Some(found)
}

/// True for the same descriptions of the same sources in any spelling.
pub(super) fn same_descriptions(a: &Value, b: &Value) -> bool {
    descriptions(a).is_some_and(|a| Some(a) == descriptions(b))
}

impl fmt::Display for RuleSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(group) => group.fmt(f),
            Self::V4(text) | Self::V6(text) | Self::Prefixes(text) => f.write_str(text),
        }
    }
}

/// A TCP port that is open to a source.
pub(super) type Opening = (i32, RuleSource);

/// Descriptions by opening.
pub(super) type DesiredRules = BTreeMap<Opening, Option<String>>;

/// The traffic that an existing rule allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Traffic {
    /// TCP on one port, as this resource manages it.
    Opening(Opening),
    /// Other inbound traffic, in words.
    Ingress(String),
    /// Outbound traffic, in words.
    Egress(String),
}

/// An existing rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    /// Its ID, `sgr-…`.
    pub(super) id: String,
    pub(super) traffic: Traffic,
    pub(super) description: Option<String>,
}

impl Rule {
    /// The rule that EC2 returns, of a security group in the AWS account `owner`; `None` for one without ID.
    pub(super) fn of(rule: &SecurityGroupRule, owner: &str) -> Option<Self> {
        let source = source(rule, owner);
        let (from, to) = (rule.from_port, rule.to_port);
        let protocol = rule.protocol.as_deref();
        let egress = rule.is_egress.unwrap_or(false);
        let traffic = match (source, from, to) {
            (Some(source), Some(from), Some(to)) if !egress && from == to && protocol == Some("tcp") => {
                Traffic::Opening((from, source))
            }
            (source, ..) => {
                let peer = source.map_or_else(|| "unknown".to_owned(), |source| source.to_string());
                let what = what(protocol.unwrap_or("-1"), from, to);
                match egress {
                    true => Traffic::Egress(format!("egress: {what} to {peer}")),
                    false => Traffic::Ingress(format!("ingress: {what} from {peer}")),
                }
            }
        };
        let description = rule.description.clone().filter(|text| !text.is_empty());
        Some(Self { id: rule.rule_id.clone()?, traffic, description })
    }

    /// The rule in words.
    pub(super) fn words(&self) -> String {
        let mut words = match &self.traffic {
            Traffic::Opening((port, source)) => format!("ingress: tcp {port} from {source}"),
            Traffic::Ingress(words) | Traffic::Egress(words) => words.clone(),
        };
        if let Some(description) = &self.description {
            words.push_str(&format!(" ({description})"));
        }
        words
    }

    fn opening(&self) -> Option<&Opening> {
        match &self.traffic {
            Traffic::Opening(opening) => Some(opening),
            Traffic::Ingress(_) | Traffic::Egress(_) => None,
        }
    }
}

fn source(rule: &SecurityGroupRule, owner: &str) -> Option<RuleSource> {
    if let Some(range) = &rule.cidr_ipv4 {
        return Some(RuleSource::v4(range));
    }
    if let Some(range) = &rule.cidr_ipv6 {
        return Some(RuleSource::v6(range));
    }
    if let Some(list) = &rule.prefix_list_id {
        return Some(RuleSource::Prefixes(list.clone()));
    }
    let group = rule.referenced_group.as_ref()?;
    let id = group.group_id.as_ref()?;
    let account = group.user_id.clone().filter(|account| account != owner);
    Some(RuleSource::Group(SourceGroup { id: id.clone(), account }))
}

fn what(protocol: &str, from: Option<i32>, to: Option<i32>) -> String {
    match (protocol, from, to) {
        ("-1", ..) => "all traffic".to_owned(),
        (protocol, Some(from), Some(to)) if from == to && from >= 0 => format!("{protocol} {from}"),
        (protocol, Some(from), Some(to)) if from >= 0 => format!("{protocol} {from}-{to}"),
        (protocol, ..) => protocol.to_owned(),
    }
}

/// The changes of the rules of a security group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// Rules to add, with their descriptions.
    pub(super) authorize: DesiredRules,
    /// Descriptions to change, by rule ID.
    pub(super) describe: BTreeMap<String, (Opening, Option<String>)>,
    /// Ingress rules to revoke, by ID.
    pub(super) revoke: BTreeSet<String>,
    /// Egress rules to revoke, by ID.
    pub(super) revoke_egress: BTreeSet<String>,
}

impl Changes {
    /// The changes from `observed` to `desired`. Other rules are revoked if `ours` is true for them.
    pub(super) fn between(observed: &[Rule], desired: &DesiredRules, ours: impl Fn(&Rule) -> bool) -> Self {
        let mut changes = Self { authorize: desired.clone(), ..Self::default() };
        for rule in observed {
            let opening = rule.opening().filter(|opening| desired.contains_key(*opening));
            if let Some(opening) = opening {
                changes.authorize.remove(opening);
                let description = desired.get(opening).cloned().flatten();
                if description != rule.description {
                    changes.describe.insert(rule.id.clone(), (opening.clone(), description));
                }
            } else if ours(rule) {
                let egress = matches!(rule.traffic, Traffic::Egress(_));
                let gone = if egress { &mut changes.revoke_egress } else { &mut changes.revoke };
                gone.insert(rule.id.clone());
            }
        }
        changes
    }
}

/// The sources with a rule on every port, each with its description: one that differs from `before`, if one of its rules
/// has such.
pub(super) fn allowed(
    observed: &[Rule],
    ports: &BTreeSet<i32>,
    before: impl Fn(&RuleSource) -> Option<String>,
) -> BTreeMap<RuleSource, Option<String>> {
    let mut found: BTreeMap<&RuleSource, BTreeMap<i32, &Option<String>>> = BTreeMap::new();
    for rule in observed {
        if let Some((port, source)) = rule.opening() {
            found.entry(source).or_default().insert(*port, &rule.description);
        }
    }
    let is_complete =
        |open: &BTreeMap<i32, &Option<String>>| ports.iter().all(|port| open.contains_key(port));
    let described = |(source, open): (&RuleSource, BTreeMap<i32, &Option<String>>)| {
        let expected = before(source);
        let mut here = open.into_iter().filter(|(port, _)| ports.contains(port)).map(|(_, text)| text);
        let other = here.find(|text| **text != expected);
        (source.clone(), other.cloned().unwrap_or(expected))
    };
    found.into_iter().filter(|(_, open)| is_complete(open)).map(described).collect()
}

/// The ports of an imported security group: those that most sources have, and of several such sets the largest. `None` if
/// it has no rule of this resource's kind.
pub(super) fn likely_ports(observed: &[Rule]) -> Option<BTreeSet<i32>> {
    let mut found: BTreeMap<&RuleSource, BTreeSet<i32>> = BTreeMap::new();
    for (port, source) in observed.iter().filter_map(Rule::opening) {
        found.entry(source).or_default().insert(*port);
    }
    let mut sources: BTreeMap<BTreeSet<i32>, usize> = BTreeMap::new();
    for ports in found.into_values() {
        *sources.entry(ports).or_default() += 1;
    }
    let rank = |(ports, sources): &(BTreeSet<i32>, usize)| (*sources, ports.len());
    sources.into_iter().rev().max_by_key(rank).map(|(ports, _)| ports)
}

/// The rules other than those of `ports` and these sources, in words by ID.
pub(super) fn foreign(
    observed: &[Rule],
    ports: &BTreeSet<i32>,
    ours: &BTreeSet<RuleSource>,
) -> BTreeMap<String, String> {
    let is_managed = |rule: &&Rule| {
        rule.opening().is_some_and(|(port, source)| ports.contains(port) && ours.contains(source))
    };
    observed.iter().filter(|rule| !is_managed(rule)).map(|rule| (rule.id.clone(), rule.words())).collect()
}
