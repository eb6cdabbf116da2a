//! From rules to EC2's types.

use std::collections::BTreeMap;

use super::rules::{Opening, Source, Wanted};
use crate::aws::direct::ec2::{Permission, Range, RuleUpdate};

/// The rules that are added: one permission for each port.
pub(super) fn expand_permissions(wanted: &Wanted) -> Vec<Permission> {
    let mut by_port: BTreeMap<i32, Vec<Range>> = BTreeMap::new();
    for ((port, source), description) in wanted {
        by_port.entry(*port).or_default().push(range(source, description));
    }
    let permission = |(port, ranges)| Permission { protocol: "tcp", port: Some(port), ranges };
    by_port.into_iter().map(permission).collect()
}

/// Existing rules, by ID, with other descriptions.
pub(super) fn expand_updates(rules: &BTreeMap<String, (Opening, Option<String>)>) -> Vec<RuleUpdate> {
    let update = |(rule, ((port, source), description)): (&String, &(Opening, Option<String>))| RuleUpdate {
        rule_id: rule.clone(),
        port: *port,
        range: range(source, description),
    };
    rules.iter().map(update).collect()
}

/// A source as EC2 accepts it.
fn range(source: &Source, description: &Option<String>) -> Range {
    let description = description.clone();
    match source {
        Source::V4(cidr) => Range::V4 { cidr: cidr.clone(), description },
        Source::V6(cidr) => Range::V6 { cidr: cidr.clone(), description },
        Source::Prefixes(id) => Range::PrefixList { id: id.clone(), description },
        Source::Group(group) => {
            let (account, id) = account_and_id(group);
            Range::Group { id: id.to_owned(), account: account.map(str::to_owned), description }
        }
    }
}

/// `<account>/<id>` apart.
fn account_and_id(group: &str) -> (Option<&str>, &str) {
    group.split_once('/').map_or((None, group), |(account, id)| (Some(account), id))
}
