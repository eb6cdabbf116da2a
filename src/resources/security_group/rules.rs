//! Rules: those that are wanted, those that are there, and what lies between.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::cidr;
use crate::aws::direct::ec2::SecurityGroupRule;

/// Who may connect, as EC2 writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// Members of a security group, by id or `<account>/<id>`.
    Group(String),
    /// A range of IPv4 addresses.
    V4(String),
    /// A range of IPv6 addresses.
    V6(String),
    /// The addresses of a prefix list, by id.
    Prefixes(String),
}

impl Source {
    /// An IPv4 range in whatever spelling; one that is none stays as it is.
    pub(super) fn v4(text: &str) -> Self {
        Self::V4(cidr::v4(text).unwrap_or_else(|_| text.to_owned()))
    }

    /// The same of IPv6.
    pub(super) fn v6(text: &str) -> Self {
        Self::V6(cidr::v6(text).unwrap_or_else(|_| text.to_owned()))
    }

    fn text(&self) -> &str {
        match self {
            Self::Group(text) | Self::V4(text) | Self::V6(text) | Self::Prefixes(text) => text,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// A TCP port that is open to a source.
pub(super) type Opening = (i32, Source);

/// Descriptions by opening.
pub(super) type Wanted = BTreeMap<Opening, Option<String>>;

/// What a rule that is there lets through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Traffic {
    /// What this resource makes rules for.
    Opening(Opening),
    /// Anything else that is let in, in words.
    Ingress(String),
    /// Anything that is let out, in words.
    Egress(String),
}

/// A rule that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    /// Its id, `sgr-…`.
    pub(super) id: String,
    pub(super) traffic: Traffic,
    pub(super) description: Option<String>,
}

impl Rule {
    /// The rule as EC2 shows it, in a group of the account `owner`; `None` for one
    /// without id.
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
                let peer = source.map_or_else(|| "somewhere".to_owned(), |source| source.to_string());
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

    /// The rule in words, for whoever has to find out where it came from.
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

fn source(rule: &SecurityGroupRule, owner: &str) -> Option<Source> {
    if let Some(range) = &rule.cidr_ipv4 {
        return Some(Source::v4(range));
    }
    if let Some(range) = &rule.cidr_ipv6 {
        return Some(Source::v6(range));
    }
    if let Some(list) = &rule.prefix_list_id {
        return Some(Source::Prefixes(list.clone()));
    }
    let group = rule.referenced_group.as_ref()?;
    let id = group.group_id.as_ref()?;
    Some(Source::Group(match &group.user_id {
        Some(account) if account != owner => format!("{account}/{id}"),
        _ => id.clone(),
    }))
}

fn what(protocol: &str, from: Option<i32>, to: Option<i32>) -> String {
    match (protocol, from, to) {
        ("-1", ..) => "all traffic".to_owned(),
        (protocol, Some(from), Some(to)) if from == to && from >= 0 => format!("{protocol} {from}"),
        (protocol, Some(from), Some(to)) if from >= 0 => format!("{protocol} {from}-{to}"),
        (protocol, ..) => protocol.to_owned(),
    }
}

/// What is to be done to the rules of a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// Openings to add, with their descriptions.
    pub(super) authorize: Wanted,
    /// Rules to describe anew, by id.
    pub(super) describe: BTreeMap<String, (Opening, Option<String>)>,
    /// Ingress rules to take away, by id.
    pub(super) revoke: BTreeSet<String>,
    /// Egress rules to take away, by id.
    pub(super) revoke_egress: BTreeSet<String>,
}

impl Changes {
    /// From what is there to what is wanted. Rules that are not wanted go when `ours`
    /// says so.
    pub(super) fn between(live: &[Rule], wanted: &Wanted, ours: impl Fn(&Rule) -> bool) -> Self {
        let mut changes = Self { authorize: wanted.clone(), ..Self::default() };
        for rule in live {
            let opening = rule.opening().filter(|opening| wanted.contains_key(*opening));
            if let Some(opening) = opening {
                changes.authorize.remove(opening);
                let description = wanted.get(opening).cloned().flatten();
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

/// Sources with a rule on every port, each with the description that is not the one
/// `before` says, if one of its rules has such.
pub(super) fn allowed(
    live: &[Rule],
    ports: &BTreeSet<i32>,
    before: impl Fn(&Source) -> Option<String>,
) -> BTreeMap<Source, Option<String>> {
    let mut found: BTreeMap<&Source, BTreeMap<i32, &Option<String>>> = BTreeMap::new();
    for rule in live {
        if let Some((port, source)) = rule.opening() {
            found.entry(source).or_default().insert(*port, &rule.description);
        }
    }
    let whole = |open: &BTreeMap<i32, &Option<String>>| ports.iter().all(|port| open.contains_key(port));
    let described = |(source, open): (&Source, BTreeMap<i32, &Option<String>>)| {
        let expected = before(source);
        let mut here = open.into_iter().filter(|(port, _)| ports.contains(port)).map(|(_, text)| text);
        let other = here.find(|text| **text != expected);
        (source.clone(), other.cloned().unwrap_or(expected))
    };
    found.into_iter().filter(|(_, open)| whole(open)).map(described).collect()
}

/// The ports of a group of which nothing is known: those that most sources have, and of
/// several such sets the largest. `None` when it has no rule of this resource's kind.
pub(super) fn likely_ports(live: &[Rule]) -> Option<BTreeSet<i32>> {
    let mut found: BTreeMap<&Source, BTreeSet<i32>> = BTreeMap::new();
    for (port, source) in live.iter().filter_map(Rule::opening) {
        found.entry(source).or_default().insert(*port);
    }
    let mut sources: BTreeMap<BTreeSet<i32>, usize> = BTreeMap::new();
    for ports in found.into_values() {
        *sources.entry(ports).or_default() += 1;
    }
    let rank = |(ports, sources): &(BTreeSet<i32>, usize)| (*sources, ports.len());
    sources.into_iter().rev().max_by_key(rank).map(|(ports, _)| ports)
}

/// Rules that are not explained by `ports` and these sources, in words by id.
pub(super) fn foreign(
    live: &[Rule],
    ports: &BTreeSet<i32>,
    ours: &BTreeSet<Source>,
) -> BTreeMap<String, String> {
    let explained = |rule: &&Rule| {
        rule.opening().is_some_and(|(port, source)| ports.contains(port) && ours.contains(source))
    };
    live.iter().filter(|rule| !explained(rule)).map(|rule| (rule.id.clone(), rule.words())).collect()
}
