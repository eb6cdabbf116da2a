//! A value as MessagePack and JSON have it, without a type: what is mutated.

use rmp::Marker;
use rmp::{decode, encode};

/// Levels of nesting that are read: more than any decoder of the provider follows.
const MAX_DEPTH: usize = 200;

#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Nil,
    Bool(bool),
    Int(i64),
    Unsigned(u64),
    Float(f64),
    /// Perhaps not UTF-8.
    Text(Vec<u8>),
    Array(Vec<Node>),
    Map(Vec<(Node, Node)>),
    Extension(i8, Vec<u8>),
    /// Bytes as they are: no value, or a header that lies.
    Raw(Vec<u8>),
}

impl Node {
    pub fn text(text: &str) -> Self {
        Self::Text(text.as_bytes().to_vec())
    }

    /// The one value in `bytes`.
    pub fn from_msgpack(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let node = read(&mut rest, MAX_DEPTH)?;
        rest.is_empty().then_some(node)
    }

    pub fn from_json(bytes: &[u8]) -> Option<Self> {
        Some(of_json(&serde_json::from_slice(bytes).ok()?))
    }

    pub fn to_msgpack(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write_msgpack(&mut bytes);
        bytes
    }

    /// As JSON; what JSON does not have is written in the way that tempts a parser most.
    pub fn to_json(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write_json(&mut bytes);
        bytes
    }

    /// How many values these are, this one included.
    pub fn count(&self) -> usize {
        1 + match self {
            Self::Array(items) => items.iter().map(Self::count).sum(),
            Self::Map(entries) => entries.iter().map(|(key, value)| key.count() + value.count()).sum(),
            _ => 0,
        }
    }

    /// The value of this number, from the outside to the inside.
    pub fn at(&mut self, mut index: usize) -> &mut Self {
        if index == 0 {
            return self;
        }
        index -= 1;
        let children: Vec<&mut Self> = match self {
            Self::Array(items) => items.iter_mut().collect(),
            Self::Map(entries) => entries.iter_mut().flat_map(|(key, value)| [key, value]).collect(),
            _ => Vec::new(),
        };
        for child in children {
            let count = child.count();
            if index < count {
                return child.at(index);
            }
            index -= count;
        }
        panic!("fewer values than counted")
    }

    fn write_msgpack(&self, out: &mut Vec<u8>) {
        match self {
            Self::Nil => encode::write_nil(out).unwrap(),
            Self::Bool(value) => encode::write_bool(out, *value).unwrap(),
            Self::Int(value) => drop(encode::write_sint(out, *value).unwrap()),
            Self::Unsigned(value) => drop(encode::write_uint(out, *value).unwrap()),
            Self::Float(value) => encode::write_f64(out, *value).unwrap(),
            Self::Text(text) => {
                encode::write_str_len(out, u32::try_from(text.len()).unwrap()).unwrap();
                out.extend(text);
            }
            Self::Array(items) => {
                encode::write_array_len(out, u32::try_from(items.len()).unwrap()).unwrap();
                items.iter().for_each(|item| item.write_msgpack(out));
            }
            Self::Map(entries) => {
                encode::write_map_len(out, u32::try_from(entries.len()).unwrap()).unwrap();
                for (key, value) in entries {
                    key.write_msgpack(out);
                    value.write_msgpack(out);
                }
            }
            Self::Extension(kind, payload) => {
                encode::write_ext_meta(out, u32::try_from(payload.len()).unwrap(), *kind).unwrap();
                out.extend(payload);
            }
            Self::Raw(bytes) => out.extend(bytes),
        }
    }

    fn write_json(&self, out: &mut Vec<u8>) {
        match self {
            Self::Nil => out.extend(b"null"),
            Self::Bool(value) => out.extend(value.to_string().bytes()),
            Self::Int(value) => out.extend(value.to_string().bytes()),
            Self::Unsigned(value) => out.extend(value.to_string().bytes()),
            // NaN and infinity are no JSON.
            Self::Float(value) => out.extend(format!("{value:?}").bytes()),
            Self::Text(text) => match std::str::from_utf8(text) {
                Ok(text) => out.extend(serde_json::to_vec(text).unwrap()),
                Err(_) => {
                    out.push(b'"');
                    out.extend(text);
                    out.push(b'"');
                }
            },
            Self::Array(items) => {
                out.push(b'[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push(b',');
                    }
                    item.write_json(out);
                }
                out.push(b']');
            }
            Self::Map(entries) => {
                out.push(b'{');
                for (i, (key, value)) in entries.iter().enumerate() {
                    if i > 0 {
                        out.push(b',');
                    }
                    key.write_json(out);
                    out.push(b':');
                    value.write_json(out);
                }
                out.push(b'}');
            }
            Self::Extension(_, bytes) | Self::Raw(bytes) => out.extend(bytes),
        }
    }
}

fn of_json(json: &serde_json::Value) -> Node {
    use serde_json::Value as Json;
    match json {
        Json::Null => Node::Nil,
        Json::Bool(value) => Node::Bool(*value),
        Json::Number(number) => match number.as_i64() {
            Some(value) => Node::Int(value),
            None => Node::Raw(number.to_string().into_bytes()),
        },
        Json::String(text) => Node::text(text),
        Json::Array(items) => Node::Array(items.iter().map(of_json).collect()),
        Json::Object(entries) => {
            Node::Map(entries.iter().map(|(key, value)| (Node::text(key), of_json(value))).collect())
        }
    }
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(len)?;
    *rest = left;
    Some(taken)
}

fn big_endian(rest: &mut &[u8], len: usize) -> Option<u64> {
    Some(take(rest, len)?.iter().fold(0, |value, byte| (value << 8) | u64::from(*byte)))
}

fn length(rest: &mut &[u8], len: usize) -> Option<usize> {
    usize::try_from(big_endian(rest, len)?).ok()
}

fn read(rest: &mut &[u8], depth: usize) -> Option<Node> {
    let depth = depth.checked_sub(1)?;
    let signed = |value: u64, bits: u32| (value << (64 - bits)).cast_signed() >> (64 - bits);
    Some(match decode::read_marker(rest).ok()? {
        Marker::Null => Node::Nil,
        Marker::True => Node::Bool(true),
        Marker::False => Node::Bool(false),
        Marker::FixPos(value) => Node::Int(value.into()),
        Marker::FixNeg(value) => Node::Int(value.into()),
        Marker::U8 => Node::Unsigned(big_endian(rest, 1)?),
        Marker::U16 => Node::Unsigned(big_endian(rest, 2)?),
        Marker::U32 => Node::Unsigned(big_endian(rest, 4)?),
        Marker::U64 => Node::Unsigned(big_endian(rest, 8)?),
        Marker::I8 => Node::Int(signed(big_endian(rest, 1)?, 8)),
        Marker::I16 => Node::Int(signed(big_endian(rest, 2)?, 16)),
        Marker::I32 => Node::Int(signed(big_endian(rest, 4)?, 32)),
        Marker::I64 => Node::Int(signed(big_endian(rest, 8)?, 64)),
        Marker::F32 => Node::Float(f32::from_bits(u32::try_from(big_endian(rest, 4)?).ok()?).into()),
        Marker::F64 => Node::Float(f64::from_bits(big_endian(rest, 8)?)),
        Marker::FixStr(len) => Node::Text(take(rest, len.into())?.to_vec()),
        Marker::Str8 | Marker::Bin8 => text(rest, 1)?,
        Marker::Str16 | Marker::Bin16 => text(rest, 2)?,
        Marker::Str32 | Marker::Bin32 => text(rest, 4)?,
        Marker::FixArray(len) => array(rest, len.into(), depth)?,
        Marker::Array16 => {
            let len = length(rest, 2)?;
            array(rest, len, depth)?
        }
        Marker::Array32 => {
            let len = length(rest, 4)?;
            array(rest, len, depth)?
        }
        Marker::FixMap(len) => map(rest, len.into(), depth)?,
        Marker::Map16 => {
            let len = length(rest, 2)?;
            map(rest, len, depth)?
        }
        Marker::Map32 => {
            let len = length(rest, 4)?;
            map(rest, len, depth)?
        }
        Marker::FixExt1 => extension(rest, 1)?,
        Marker::FixExt2 => extension(rest, 2)?,
        Marker::FixExt4 => extension(rest, 4)?,
        Marker::FixExt8 => extension(rest, 8)?,
        Marker::FixExt16 => extension(rest, 16)?,
        Marker::Ext8 => {
            let len = length(rest, 1)?;
            extension(rest, len)?
        }
        Marker::Ext16 => {
            let len = length(rest, 2)?;
            extension(rest, len)?
        }
        Marker::Ext32 => {
            let len = length(rest, 4)?;
            extension(rest, len)?
        }
        Marker::Reserved => return None,
    })
}

fn text(rest: &mut &[u8], width: usize) -> Option<Node> {
    let len = length(rest, width)?;
    Some(Node::Text(take(rest, len)?.to_vec()))
}

fn array(rest: &mut &[u8], len: usize, depth: usize) -> Option<Node> {
    if len > rest.len() {
        return None;
    }
    (0..len).map(|_| read(rest, depth)).collect::<Option<_>>().map(Node::Array)
}

fn map(rest: &mut &[u8], len: usize, depth: usize) -> Option<Node> {
    if len > rest.len() {
        return None;
    }
    (0..len).map(|_| Some((read(rest, depth)?, read(rest, depth)?))).collect::<Option<_>>().map(Node::Map)
}

fn extension(rest: &mut &[u8], len: usize) -> Option<Node> {
    let kind = i8::from_be_bytes([take(rest, 1)?[0]]);
    Some(Node::Extension(kind, take(rest, len)?.to_vec()))
}
