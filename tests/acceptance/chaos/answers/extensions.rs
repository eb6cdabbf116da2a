//! What AWS may change in an answer one day: members, values of enumerations, and the form of a document.

use super::answer::Answer;
use super::content::{is_text, replace};
use super::document::{Format, Node, Style};
use crate::chaos::cells::Law;

/// Members of answers that are enumerations in the API models, or texts of which the API reference lists the values.
const ENUMERATIONS: &[&str] = &[
    "ActionsSuppressedBy",
    "AuthTokenStatus",
    "AutomaticFailover",
    "CacheClusterStatus",
    "CacheNodeStatus",
    "ChangeType",
    "ClusterMode",
    "CurrentRole",
    "DataStorageUnit",
    "DataTiering",
    "DestinationType",
    "EvaluationState",
    "IpDiscovery",
    "LogFormat",
    "LogType",
    "MultiAZ",
    "NetworkType",
    "NodeUpdateInitiatedBy",
    "NodeUpdateStatus",
    "ParameterApplyStatus",
    "ServiceUpdateSeverity",
    "ServiceUpdateStatus",
    "ServiceUpdateType",
    "SlaMet",
    "SnapshotSource",
    "SnapshotStatus",
    "SourceType",
    "StateValue",
    "Status",
    "SupportedNetworkTypes",
    "Tier",
    "TransitEncryptionMode",
    "UpdateActionStatus",
    "dataProtectionStatus",
    "logGroupClass",
];

/// A value that AWS has not documented yet. The one of an object that waits makes a wait longer.
pub fn unknown_value(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    let accepts = |name: &str, node: &Node| ENUMERATIONS.contains(&name) && is_text(node);
    replace(answer, rng, accepts, |_, _| Node::text("future-value"))
}

/// Members whose members are data of the user or of an object.
const MAPS: &[&str] = &["SecretVersionsToStages", "Tags", "VersionIdsToStages", "tags"];

/// Members that AWS may add one day, wherever an object has members.
pub fn add_members(answer: &mut Answer<'_>, _rng: &mut fastrand::Rng) -> Option<Law> {
    let document = answer.document.as_mut()?;
    let paths = document.tree.paths();
    let is_open = |path: &Vec<usize>| !MAPS.contains(&document.tree.name(path));
    let open: Vec<_> = [Vec::new()].into_iter().chain(paths).filter(is_open).collect();
    for path in open {
        if let Node::Members(members) = document.tree.at_mut(&path) {
            members.push(("FutureText".to_owned(), Node::text("future-value")));
            members.push(("FutureFlag".to_owned(), Node::Bool(true)));
            let inner = Node::Members(vec![("FutureNumber".to_owned(), Node::Number("1".to_owned()))]);
            members.push(("FutureObjects".to_owned(), Node::List(vec![inner])));
        }
    }
    answer.rewrite(Style::Plain);
    Some(Law::Harmless)
}

pub fn reorder(answer: &mut Answer<'_>, _rng: &mut fastrand::Rng) -> Option<Law> {
    let document = answer.document.as_mut()?;
    let mut reverse = |node: &mut Node| {
        if let Node::Members(members) = node {
            members.sort_by(|a, b| b.0.cmp(&a.0));
        }
    };
    // The result stands before the metadata of the response.
    let is_wrapper = answer.format == Format::Xml;
    match &mut document.tree {
        Node::Members(members) if is_wrapper => {
            members.iter_mut().for_each(|(_, node)| node.each(&mut reverse));
        }
        tree => tree.each(&mut reverse),
    }
    answer.rewrite(Style::Plain);
    Some(Law::Harmless)
}

pub fn respell(answer: &mut Answer<'_>, _rng: &mut fastrand::Rng) -> Option<Law> {
    answer.document.as_ref()?;
    answer.rewrite(Style::Odd);
    Some(Law::Harmless)
}
