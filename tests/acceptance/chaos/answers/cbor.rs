//! CBOR (RFC 8949) as CloudWatch writes it, and in every other form that it allows.

use ciborium::Value;

use super::document::{Document, Node, Style};

pub fn read(body: &[u8]) -> Option<Document> {
    let mut rest = body;
    let value: Value = ciborium::from_reader(&mut rest).ok()?;
    let tree = node(value)?;
    rest.is_empty().then_some(Document { root: String::new(), attributes: String::new(), tree })
}

fn node(value: Value) -> Option<Node> {
    Some(match value {
        Value::Null => Node::Null,
        Value::Bool(value) => Node::Bool(value),
        Value::Integer(number) => Node::Number(i128::from(number).to_string()),
        Value::Float(number) => Node::Number(format!("{number:?}")),
        Value::Text(text) => Node::Text(text),
        Value::Tag(1, value) => match node(*value)? {
            Node::Number(text) => Node::Time(text),
            _ => return None,
        },
        Value::Array(items) => Node::List(items.into_iter().map(node).collect::<Option<_>>()?),
        Value::Map(members) => {
            let member = |(name, value): (Value, Value)| Some((name.into_text().ok()?, node(value)?));
            Node::Members(members.into_iter().map(member).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

pub fn write(tree: &Node, style: Style) -> Vec<u8> {
    let mut out = Vec::new();
    append(&mut out, tree, style);
    out
}

fn append(out: &mut Vec<u8>, node: &Node, style: Style) {
    match node {
        Node::Null => out.push(0xf6),
        Node::Bool(value) => out.push(if *value { 0xf5 } else { 0xf4 }),
        Node::Number(text) => number(out, text, style),
        Node::Time(text) => {
            out.push(0xc1);
            number(out, text, style);
        }
        Node::Text(text) => string(out, text, style),
        Node::List(items) => {
            begin(out, 4, items.len(), style);
            items.iter().for_each(|item| append(out, item, style));
            end(out, style);
        }
        Node::Members(members) => {
            begin(out, 5, members.len(), style);
            for (name, value) in members {
                string(out, name, style);
                append(out, value, style);
            }
            end(out, style);
        }
        Node::Raw(bytes) => out.extend_from_slice(bytes),
    }
}

/// The head of an item: its major type and a number, in the shortest form or in the longest.
fn head(out: &mut Vec<u8>, major: u8, number: u64, style: Style) {
    let major = major << 5;
    match (u8::try_from(number), style) {
        (Ok(small), Style::Plain) if small < 24 => out.push(major | small),
        (Ok(byte), Style::Plain) => out.extend_from_slice(&[major | 24, byte]),
        _ => {
            out.push(major | 27);
            out.extend_from_slice(&number.to_be_bytes());
        }
    }
}

fn begin(out: &mut Vec<u8>, major: u8, count: usize, style: Style) {
    match style {
        Style::Plain => head(out, major, count as u64, style),
        Style::Odd => out.push(major << 5 | 31),
    }
}

fn end(out: &mut Vec<u8>, style: Style) {
    if style == Style::Odd {
        out.push(0xff);
    }
}

fn number(out: &mut Vec<u8>, text: &str, style: Style) {
    match text.parse::<i128>().ok() {
        Some(number) => match (u64::try_from(number), u64::try_from(-1 - number)) {
            (Ok(positive), _) => head(out, 0, positive, style),
            (_, Ok(negative)) => head(out, 1, negative, style),
            _ => out.push(0xf7),
        },
        None => {
            out.push(0xfb);
            out.extend_from_slice(&text.parse::<f64>().unwrap_or(f64::NAN).to_be_bytes());
        }
    }
}

fn string(out: &mut Vec<u8>, text: &str, style: Style) {
    if style == Style::Plain {
        head(out, 3, text.len() as u64, style);
        return out.extend_from_slice(text.as_bytes());
    }
    out.push(0x7f);
    for c in text.chars() {
        let mut bytes = [0; 4];
        let part = c.encode_utf8(&mut bytes);
        head(out, 3, part.len() as u64, style);
        out.extend_from_slice(part.as_bytes());
    }
    out.push(0xff);
}
