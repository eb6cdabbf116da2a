//! What every answer is held to, and what tells one kind of answer from another.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::{Attribute, Block};
use terraform_provider_elasticache::value::msgpack;
use terraform_provider_elasticache::wire::proto::tfplugin6::{self as pb, attribute_path::step::Selector};
use tonic::Code;

use super::fields::{self, Content};
use super::mutate::MARK;
use super::rpcs::{ABSENT, Reply, rpc};
use super::world::Answer;

/// A reply has no more diagnostics than this, whatever the message.
const MOST_DIAGNOSTICS: usize = 200;

/// Summary and detail together have no more characters.
const LONGEST_DIAGNOSTIC: usize = 20_000;

/// A defect of the host that a debug build reports as one of the provider: a plan, or the result of an apply, that breaks
/// a rule of Terraform because configuration, proposal, and planned state contradict each other.
const HOST_DEFECT: &str = "breaks a rule of Terraform";

/// How a message was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Without an error.
    Accepted,
    /// By errors in the reply.
    Refused,
    /// By a gRPC status.
    Status,
}

/// The kind of an answer, and what distinguishes it from others of its kind.
pub struct Judged {
    pub outcome: Outcome,
    /// Without values: summaries, attributes, codes.
    pub shape: String,
}

/// Names that a path may begin with: attributes and blocks of everything, and the attributes of identities.
static NAMES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    fn attributes(all: &[Attribute], names: &mut BTreeSet<String>) {
        names.extend(all.iter().map(|it| it.name.to_owned()));
    }
    let mut names = BTreeSet::new();
    let mut block = |block: &Block| {
        attributes(&block.attributes, &mut names);
        names.extend(block.blocks.iter().map(|it| it.name.to_owned()));
    };
    block(&terraform_provider_elasticache::provider::schema().block);
    REGISTRY.resources.iter().for_each(|it| block(&it.schema().block));
    REGISTRY.data_sources.iter().for_each(|it| block(&it.schema().block));
    REGISTRY.ephemeral_resources.iter().for_each(|it| block(&it.schema().block));
    REGISTRY.list_resources.iter().for_each(|it| block(&it.schema().block));
    REGISTRY.actions.iter().for_each(|it| block(&it.schema().block));
    for resource in REGISTRY.resources {
        names.extend(resource.identity_schema().attributes().iter().map(|it| it.name.to_owned()));
    }
    names
});

/// Holds an answer to the law.
///
/// # Errors
/// What is broken.
pub fn judge(name: &str, message: &[u8], answer: &Answer) -> Result<Judged, String> {
    if answer.text.contains(MARK) {
        return Err(format!("the status quotes a secret: {}", answer.text));
    }
    if answer.code != Code::Ok {
        return status(name, answer);
    }
    if ABSENT.contains(&name) {
        return Err("is answered".to_owned());
    }
    let mut shape = String::new();
    let mut outcome = Outcome::Accepted;
    for bytes in &answer.messages {
        let reply = (rpc(name).read)(bytes).ok_or("the reply is no message of the protocol")?;
        if says_error(&reply)? {
            outcome = Outcome::Refused;
        }
        if let Some(state) = &reply.state {
            is_of_its_type(name, message, state)?;
        }
        for diagnostic in &reply.diagnostics {
            shape.push_str(&diagnostic.summary);
            for step in diagnostic.attribute.iter().flat_map(|path| &path.steps) {
                if let Some(Selector::AttributeName(name)) = &step.selector {
                    shape.push_str(name);
                }
            }
            // What kind of value cannot be read, without its place.
            shape.push_str(diagnostic.detail.rsplit(": ").next().unwrap_or_default());
        }
        shape.push_str(&reply.error.unwrap_or_default());
    }
    if answer.messages.is_empty() && name != "ListResource" {
        return Err("no reply and no error".to_owned());
    }
    shape.retain(|c| !c.is_ascii_digit());
    shape.truncate(shape.floor_char_boundary(400));
    Ok(Judged { outcome, shape })
}

fn status(name: &str, answer: &Answer) -> Result<Judged, String> {
    let shape = format!("{:?}", answer.code);
    match answer.code {
        Code::Unimplemented if ABSENT.contains(&name) => {}
        // What tonic answers for bytes that are no message.
        Code::Internal if answer.text.contains("decode") => {}
        _ => return Err(format!("{:?}: {}", answer.code, answer.text)),
    }
    Ok(Judged { outcome: Outcome::Status, shape })
}

/// Whether a reply has an error; each is complete.
fn says_error(reply: &Reply) -> Result<bool, String> {
    let mut refused = reply.error.is_some();
    let texts = reply.said.iter().chain(&reply.error);
    if texts.clone().any(|text| text.contains(MARK)) || reply.error.as_deref() == Some("") {
        return Err(format!("a text is empty or quotes a secret: {:?}", texts.collect::<Vec<_>>()));
    }
    if texts.clone().any(|text| text.contains("panicked: ") || text.contains("Provider defect")) {
        return Err(format!("a defect: {:?}", texts.collect::<Vec<_>>()));
    }
    if reply.diagnostics.len() > MOST_DIAGNOSTICS {
        return Err(format!("{} diagnostics", reply.diagnostics.len()));
    }
    for diagnostic in &reply.diagnostics {
        let pb::Diagnostic { summary, detail, attribute, .. } = diagnostic;
        refused |= diagnostic.severity() == pb::diagnostic::Severity::Error;
        let short: String = detail.chars().take(600).collect();
        if summary.contains(MARK) || detail.contains(MARK) {
            return Err(format!("a secret is quoted: {summary}: {short}"));
        }
        if summary == "Provider defect" && !detail.contains(HOST_DEFECT) {
            return Err(format!("a defect: {short}"));
        }
        if summary.is_empty() || detail.is_empty() || summary.len() + detail.len() > LONGEST_DIAGNOSTIC {
            return Err(format!(
                "{} and {} characters: {summary:.200}: {short}",
                summary.len(),
                detail.len()
            ));
        }
        let first = attribute.iter().flat_map(|path| &path.steps).next();
        if let Some(step) = first {
            match &step.selector {
                Some(Selector::AttributeName(name)) if NAMES.contains(name) => {}
                other => return Err(format!("no attribute of any type: {other:?}: {summary}: {short}")),
            }
        }
    }
    Ok(refused)
}

/// A state in a reply can be read again with the schema of the type that the request names.
fn is_of_its_type(name: &str, message: &[u8], state: &pb::DynamicValue) -> Result<(), String> {
    let Some(type_name) = type_name(name, message) else { return Ok(()) };
    let resource = REGISTRY.resources.iter().find(|it| it.type_name() == type_name).map(|it| it.schema());
    let source = REGISTRY.data_sources.iter().find(|it| it.type_name() == type_name).map(|it| it.schema());
    let ephemeral =
        REGISTRY.ephemeral_resources.iter().find(|it| it.type_name() == type_name).map(|it| it.schema());
    let schema = match name {
        "ReadDataSource" => source,
        "OpenEphemeralResource" => ephemeral,
        _ => resource,
    };
    let Some(schema) = schema else { return Err(format!("a state of the unknown type {type_name}")) };
    match msgpack::decode(&state.msgpack, schema.ty()) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("the state of {type_name} in the reply is unreadable: {error}")),
    }
}

/// The type that a request names; of a field that occurs twice, the last one counts.
fn type_name(name: &str, message: &[u8]) -> Option<String> {
    let number = if name == "MoveResourceState" { 5 } else { 1 };
    let last = fields::read(message)?.into_iter().rfind(|field| field.number == number)?;
    match last.content {
        Content::Bytes(bytes) => String::from_utf8(bytes).ok(),
        _ => None,
    }
}
