//! A planned state with an unknown value in each place: what the provider has not left open is an error of the host, never
//! a defect of the provider.

use prost::Message as _;
use terraform_provider_elasticache::schema::Schema;
use terraform_provider_elasticache::wire::proto::tfplugin6::{self as pb, attribute_path::step::Selector};

use super::corpus::{Part, requests};
use super::node::Node;
use super::rpcs::rpc;
use super::samples::{dynamic, encode, full};
use super::world::World;
use crate::chaos::matrix::on_all_cores;
use crate::chaos::settings;
use crate::chaos::subjects::{RESOURCES, Subject};

const APPLY: &str = "ApplyResourceChange";

/// Places within one attribute that become unknown; the objects of a long list are alike.
const MOST_PLACES: usize = 4;

/// The value with each of its parts unknown in turn, the whole of it first.
fn unknowns(value: &Node) -> Vec<Node> {
    let mut all = vec![Node::Extension(0, vec![0])];
    let count = match value {
        Node::Array(items) => items.len(),
        Node::Map(entries) => entries.len(),
        _ => 0,
    };
    for i in 0..count {
        let part = match value {
            Node::Array(items) => &items[i],
            Node::Map(entries) => &entries[i].1,
            _ => continue,
        };
        all.extend(unknowns(part).into_iter().map(|unknown| {
            let mut whole = value.clone();
            match &mut whole {
                Node::Array(items) => items[i] = unknown,
                Node::Map(entries) => entries[i].1 = unknown,
                _ => {}
            }
            whole
        }));
        if all.len() >= MOST_PLACES {
            break;
        }
    }
    all.truncate(MOST_PLACES);
    all
}

/// The object with each of its values unknown in turn: the name of the attribute, whether all of its value is unknown, and
/// the object.
fn variants(object: &pb::DynamicValue) -> Vec<(String, bool, Option<pb::DynamicValue>)> {
    let Some(Node::Map(entries)) = Node::from_msgpack(&object.msgpack) else { return Vec::new() };
    let mut all = Vec::new();
    for (i, (name, value)) in entries.iter().enumerate() {
        let Node::Text(name) = name else { continue };
        for (place, unknown) in unknowns(value).into_iter().enumerate() {
            let mut entries = entries.clone();
            entries[i].1 = unknown;
            let name = String::from_utf8(name.clone()).unwrap();
            all.push((name, place == 0, dynamic(Node::Map(entries).to_msgpack())));
        }
    }
    all
}

/// The errors of the reply, as summary and attribute.
fn errors(world: &World, request: &pb::apply_resource_change::Request) -> Vec<(String, String)> {
    let answer = world.call(APPLY, &request.encode_to_vec());
    let reply = (rpc(APPLY).read)(&answer.messages[0]).unwrap();
    let errors = reply.diagnostics.into_iter().filter(|it| it.severity() == pb::diagnostic::Severity::Error);
    errors
        .map(|it| {
            assert!(it.summary != "Provider defect", "{}", it.detail);
            let first = it.attribute.and_then(|path| path.steps.into_iter().next()?.selector);
            let name = match first {
                Some(Selector::AttributeName(name)) => name,
                _ => String::new(),
            };
            (it.summary, name)
        })
        .collect()
}

/// Whether only the configuration determines this attribute or block.
fn is_configured(schema: &Schema, name: &str) -> bool {
    schema.block.attribute(name).is_none_or(|attribute| !attribute.is_computed() && !attribute.write_only)
}

/// The number of requests with an unknown value.
fn check(subject: &Subject) -> usize {
    let schema = subject.resource().unwrap().schema();
    let world = World::new(subject);
    let invented = encode(schema, &full(&schema.block, false));
    let mut sent = 0;
    for (_, message) in requests(&world, subject, Part::Type).iter().filter(|(rpc, _)| *rpc == APPLY) {
        let valid = pb::apply_resource_change::Request::decode(message.as_slice()).unwrap();
        if valid.config == invented {
            continue;
        }
        let mut ask = |request, summary: Option<&str>, name: &str| {
            let errors = errors(&world, &request);
            sent += 1;
            if let Some(summary) = summary {
                let expected = (summary.to_owned(), name.to_owned());
                assert_eq!(errors, [expected], "{}.{name}", subject.name);
            }
        };
        for (name, is_whole, planned_state) in valid.planned_state.iter().flat_map(variants) {
            let expected = is_whole && is_configured(schema, &name);
            let request = pb::apply_resource_change::Request { planned_state, ..valid.clone() };
            ask(request, expected.then_some("Unknown value in the planned state"), &name);
        }
        // The values of the others are checked without a schema.
        for (name, _, prior_state) in valid.prior_state.iter().flat_map(variants).take(3) {
            let request = pb::apply_resource_change::Request { prior_state, ..valid.clone() };
            ask(request, Some("Unknown value in the prior state"), &name);
        }
        for (name, _, config) in valid.config.iter().flat_map(variants).take(3) {
            let request = pb::apply_resource_change::Request { config, ..valid.clone() };
            ask(request, Some("Unknown value in the configuration"), &name);
        }
    }
    sent
}

#[test]
fn unknown_values_of_an_apply_are_no_defects() {
    let subjects: Vec<_> = RESOURCES.iter().filter(|it| settings::is_chosen(it.name)).collect();
    let sent: usize = on_all_cores(&subjects, |subject| check(subject)).iter().sum();
    assert!(sent > 1_000 || settings::is_partial(), "{sent} requests");
}
