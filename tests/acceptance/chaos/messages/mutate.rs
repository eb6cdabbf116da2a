//! Mutations of a valid message, at each of its layers: Protobuf, the MessagePack or JSON within, their values, bytes.

use fastrand::Rng;

use super::fields::{self, Content, Field};
use super::hostile::{BYTES, number, text};
use super::node::Node;

/// Stands where a valid message has a secret.
pub const MARK: &str = "mark-of-the-storm-7d1f";

/// Messages grow no further, so that a run of a million has an end.
const MOST_BYTES: usize = 300_000;

pub struct Mutator {
    pub random: Rng,
    /// Parts of other messages.
    donors: Vec<Node>,
}

/// The bytes with another text of the same length in place of the secret: what a mutation moves out of the place of a
/// secret is none any more.
fn unmarked(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(MARK.len()).position(|window| window == MARK.as_bytes()) {
        at += found;
        bytes[at..at + MARK.len()].fill(b'x');
    }
    bytes
}

fn unmark(node: &mut Node) {
    match node {
        Node::Text(bytes) | Node::Raw(bytes) | Node::Extension(_, bytes) => *bytes = unmarked(bytes),
        Node::Array(items) => items.iter_mut().for_each(unmark),
        Node::Map(entries) => entries.iter_mut().for_each(|(key, value)| {
            unmark(key);
            unmark(value);
        }),
        _ => {}
    }
}

/// How many copies of so many bytes a message may have.
fn copies(bytes: usize) -> usize {
    (MOST_BYTES / (1 + bytes)).min(400)
}

fn is_container(node: &Node) -> bool {
    matches!(node, Node::Array(_) | Node::Map(_) | Node::Extension(..))
}

impl Mutator {
    pub fn new(seed: u64) -> Self {
        Self { random: Rng::with_seed(seed), donors: Vec::new() }
    }

    /// Parts of this message may be put into others.
    pub fn learn(&mut self, message: &[u8]) {
        let Some(fields) = fields::read(message) else { return };
        for field in fields {
            let Content::Bytes(bytes) = field.content else { continue };
            match Node::from_msgpack(&bytes).filter(is_container).or_else(|| Node::from_json(&bytes)) {
                Some(mut node) => {
                    let part = self.random.usize(..node.count());
                    let mut part = node.at(part).clone();
                    unmark(&mut part);
                    let place = self.random.usize(..64);
                    match self.donors.get_mut(place) {
                        Some(donor) => *donor = part,
                        None => self.donors.push(part),
                    }
                }
                None => self.learn(&bytes),
            }
        }
    }

    /// Another message.
    pub fn mutate(&mut self, message: &[u8]) -> Vec<u8> {
        let mut mutant = self.message(message);
        while self.random.u8(..4) == 0 {
            mutant.truncate(MOST_BYTES);
            mutant = self.message(&mutant);
        }
        mutant.truncate(MOST_BYTES);
        mutant
    }

    fn message(&mut self, message: &[u8]) -> Vec<u8> {
        if self.random.u8(..12) == 0 {
            return self.bytes(message);
        }
        match fields::read(message) {
            Some(mut fields) if !fields.is_empty() => {
                self.fields(&mut fields);
                fields::write(&fields)
            }
            _ => self.bytes(message),
        }
    }

    fn fields(&mut self, fields: &mut Vec<Field>) {
        let at = self.random.usize(..fields.len());
        match self.random.u8(..100) {
            0..4 => drop(fields.remove(at)),
            4..8 => fields.push(fields[at].clone()),
            8..11 => {
                let number = self.random.u64(1..12);
                let other = Field { number, content: self.moved(&fields[at].content) };
                fields.push(other);
            }
            11..14 => {
                let other = self.random.usize(..fields.len());
                let (one, two) = (self.moved(&fields[at].content), self.moved(&fields[other].content));
                (fields[at].content, fields[other].content) = (two, one);
            }
            14 => {
                let copies = copies(fields::write(&fields[at..=at]).len());
                fields.extend(vec![fields[at].clone(); copies]);
            }
            15 => fields.push(Field { number: self.random.u64(100..1 << 29), content: Content::Varint(1) }),
            _ => {
                // A name has one way to be wrong, a value has many.
                let long =
                    |field: &Field| matches!(&field.content, Content::Bytes(bytes) if bytes.len() > 40);
                let values: Vec<usize> = (0..fields.len()).filter(|at| long(&fields[*at])).collect();
                let at = match values.as_slice() {
                    [_, ..] if self.random.u8(..8) > 0 => values[self.random.usize(..values.len())],
                    _ => at,
                };
                fields[at].content = match &fields[at].content {
                    Content::Bytes(bytes) => Content::Bytes(self.content(bytes)),
                    Content::Varint(_) => Content::Varint(match self.random.u8(..4) {
                        0 => u64::MAX,
                        1 => 1 << 63,
                        2 => self.random.u64(..4),
                        _ => self.random.u64(..),
                    }),
                    Content::Fixed(bytes) => Content::Bytes(bytes.clone()),
                };
            }
        }
    }

    fn moved(&mut self, content: &Content) -> Content {
        match content {
            Content::Bytes(bytes) => Content::Bytes(unmarked(bytes)),
            other => other.clone(),
        }
    }

    fn content(&mut self, bytes: &[u8]) -> Vec<u8> {
        if matches!(bytes.first(), Some(b'{' | b'['))
            && let Some(mut node) = Node::from_json(bytes)
        {
            self.node(&mut node);
            return self.written(node.to_json());
        }
        if !bytes.is_empty() && bytes.iter().all(|byte| (b' '..=b'~').contains(byte)) {
            return match self.random.u8(..4) {
                0 => self.bytes(bytes),
                1 => text(&mut self.random),
                2 => [bytes, &text(&mut self.random)].concat(),
                _ => bytes[..self.random.usize(..bytes.len())].to_vec(),
            };
        }
        if let Some(mut node) = Node::from_msgpack(bytes).filter(is_container) {
            self.node(&mut node);
            return self.written(node.to_msgpack());
        }
        self.message(bytes)
    }

    /// A written value, which may be damaged once more.
    fn written(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        if self.random.u8(..16) == 0 { self.bytes(&bytes) } else { bytes }
    }

    /// Mutates one of these values.
    fn node(&mut self, root: &mut Node) {
        let at = self.random.usize(..root.count());
        let node = root.at(at);
        match (self.random.u8(..20), &mut *node) {
            (0..6, Node::Map(entries)) if !entries.is_empty() => self.entries(entries, at == 0),
            (0..6, Node::Array(items)) if !items.is_empty() => self.items(items),
            (0..5, Node::Int(_) | Node::Unsigned(_) | Node::Float(_)) => *node = number(&mut self.random),
            (0..5, Node::Text(old)) => {
                *old = match self.random.u8(..3) {
                    0 => [old.as_slice(), &text(&mut self.random)].concat(),
                    _ => text(&mut self.random),
                }
            }
            (6, _) => *node = Node::Nil,
            // Unknown, as go-cty writes it; with what is known of it; and what looks like it.
            (7, _) => *node = Node::Extension(0, vec![0]),
            (8, _) => {
                let refinements: [&[u8]; 6] = [
                    b"\x81\x01\xc2",
                    b"\x81\x01\xc3",
                    b"\x81\x01\x01",
                    b"\x82\x01",
                    &[0x81; 2000],
                    b"\x81\x02\xa1a",
                ];
                *node = Node::Extension(12, refinements[self.random.usize(..refinements.len())].to_vec());
            }
            (9, _) => *node = Node::Extension(self.random.i8(..), vec![0; self.random.usize(..40)]),
            (10, _) => *node = Node::Bool(self.random.bool()),
            (11, _) => *node = number(&mut self.random),
            (12, _) => *node = Node::Text(text(&mut self.random)),
            (13, _) => *node = Node::Array(vec![node.clone(); self.random.usize(..4)]),
            (14, _) => *node = Node::Map(vec![(Node::text("key"), node.clone())]),
            (15, _) => {
                for _ in 0..self.random.usize(1..100) {
                    *node = Node::Array(vec![std::mem::replace(node, Node::Nil)]);
                }
            }
            (16, _) => *node = Node::Raw(BYTES[self.random.usize(..BYTES.len())].to_vec()),
            _ => {
                if let Some(donor) = self.random.choice(&self.donors) {
                    *node = donor.clone();
                }
            }
        }
    }

    /// Mutates an entry. The whole value is an object, so that a name of its own may be a secret; a key of a map is none.
    fn entries(&mut self, entries: &mut Vec<(Node, Node)>, is_whole: bool) {
        let (at, other) = (self.random.usize(..entries.len()), self.random.usize(..entries.len()));
        match self.random.u8(..8) {
            0 => drop(entries.remove(at)),
            1 => entries.push(entries[at].clone()),
            2 => {
                unmark(&mut entries[at].1);
                unmark(&mut entries[other].1);
                let (one, two) = (entries[at].1.clone(), entries[other].1.clone());
                (entries[at].1, entries[other].1) = (two, one);
            }
            3 => entries.push((Node::text("alien"), Node::Int(1))),
            4 => entries[at].0 = Node::Int(1),
            5 => entries[at].0 = Node::Text(text(&mut self.random)),
            6 if is_whole => entries[at].0 = Node::text(MARK),
            _ => {
                // A map of many entries: all but one are alike.
                let value = entries[at].1.clone();
                let many = self.random.usize(..=copies(value.to_msgpack().len()));
                entries.extend((0..many).map(|i| (Node::text(&format!("key-{i}")), value.clone())));
            }
        }
    }

    fn items(&mut self, items: &mut Vec<Node>) {
        let at = self.random.usize(..items.len());
        match self.random.u8(..4) {
            0 => drop(items.remove(at)),
            1 => items.push(items[at].clone()),
            2 => self.random.shuffle(items),
            _ => {
                let many = self.random.usize(..=copies(items[at].to_msgpack().len()));
                items.extend(vec![items[at].clone(); many]);
            }
        }
    }

    /// Mutates bytes as such.
    fn bytes(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        if bytes.is_empty() {
            return (0..self.random.usize(..64)).map(|_| self.random.u8(..)).collect();
        }
        let at = self.random.usize(..bytes.len());
        match self.random.u8(..6) {
            0 | 1 => bytes[at] ^= 1 << self.random.u8(..8),
            2 => bytes[at] = self.random.u8(..),
            3 => bytes.truncate(at),
            4 => {
                let end = self.random.usize(at..bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                let more: Vec<u8> = (0..self.random.usize(1..16)).map(|_| self.random.u8(..)).collect();
                bytes.splice(at..at, more);
            }
        }
        bytes
    }
}
