//! JSON with values that it does not have, and in every spelling that it allows.

use serde_json::Value;

use super::document::{Document, Node, Style};

pub fn read(body: &[u8]) -> Option<Document> {
    let value: Value = serde_json::from_slice(body).ok()?;
    Some(Document { root: String::new(), attributes: String::new(), tree: node(value) })
}

fn node(value: Value) -> Node {
    match value {
        Value::Null => Node::Null,
        Value::Bool(value) => Node::Bool(value),
        Value::Number(number) => Node::Number(number.to_string()),
        Value::String(text) => Node::Text(text),
        Value::Array(items) => Node::List(items.into_iter().map(node).collect()),
        Value::Object(members) => {
            Node::Members(members.into_iter().map(|(name, value)| (name, node(value))).collect())
        }
    }
}

pub fn write(tree: &Node, style: Style) -> Vec<u8> {
    let mut out = Vec::new();
    append(&mut out, tree, style);
    out
}

fn append(out: &mut Vec<u8>, node: &Node, style: Style) {
    let space: &[u8] = if style == Style::Odd { b" \r\n\t" } else { b"" };
    let separate = |out: &mut Vec<u8>, at: usize| {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(space);
    };
    match node {
        Node::Null => out.extend_from_slice(b"null"),
        Node::Bool(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Node::Number(text) | Node::Time(text) => out.extend_from_slice(text.as_bytes()),
        Node::Text(text) => quote(out, text, style),
        Node::List(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                separate(out, at);
                append(out, item, style);
            }
            out.extend_from_slice(space);
            out.push(b']');
        }
        Node::Members(members) => {
            out.push(b'{');
            for (at, (name, value)) in members.iter().enumerate() {
                separate(out, at);
                quote(out, name, Style::Plain);
                out.extend_from_slice(space);
                out.push(b':');
                out.extend_from_slice(space);
                append(out, value, style);
            }
            out.extend_from_slice(space);
            out.push(b'}');
        }
        Node::Raw(bytes) => out.extend_from_slice(bytes),
    }
}

fn quote(out: &mut Vec<u8>, text: &str, style: Style) {
    match style {
        Style::Plain => out.extend_from_slice(Value::from(text).to_string().as_bytes()),
        Style::Odd => {
            let units = text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect::<String>();
            out.extend_from_slice(format!("\"{units}\"").as_bytes());
        }
    }
}
