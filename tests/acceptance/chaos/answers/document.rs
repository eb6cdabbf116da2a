//! The documents of AWS's three formats as one tree.

use super::{cbor, json, xml};

/// How a service writes its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    Xml,
    Json,
    Cbor,
}

impl Format {
    /// The format of a service.
    pub fn of(service: &str) -> Self {
        match service {
            "elasticache" | "ec2" | "sts" => Self::Xml,
            "cloudwatch" => Self::Cbor,
            _ => Self::Json,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Xml => "XML",
            Self::Json => "JSON",
            Self::Cbor => "CBOR",
        }
    }
}

/// A value in a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Null,
    Bool(bool),
    /// A number as JSON writes it, which has none that is too large.
    Number(String),
    Text(String),
    /// A number of seconds, marked as a time.
    Time(String),
    List(Vec<Node>),
    /// Members in order. XML repeats names.
    Members(Vec<(String, Node)>),
    /// Bytes in the place of a value.
    Raw(Vec<u8>),
}

impl Node {
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub fn is_leaf(&self) -> bool {
        !matches!(self, Self::List(_) | Self::Members(_))
    }

    /// The number of values in this one.
    pub fn len(&self) -> usize {
        match self {
            Self::List(items) => items.len(),
            Self::Members(members) => members.len(),
            _ => 0,
        }
    }

    pub fn child(&self, at: usize) -> (&str, &Self) {
        match self {
            Self::List(items) => ("", &items[at]),
            Self::Members(members) => (&members[at].0, &members[at].1),
            _ => ("", self),
        }
    }

    pub fn child_mut(&mut self, at: usize) -> &mut Self {
        match self {
            Self::List(items) => &mut items[at],
            Self::Members(members) => &mut members[at].1,
            other => other,
        }
    }

    /// The paths of all values in this one.
    pub fn paths(&self) -> Vec<Vec<usize>> {
        let mut all = Vec::new();
        for at in 0..self.len() {
            all.push(vec![at]);
            all.extend(self.child(at).1.paths().into_iter().map(|rest| {
                let mut path = vec![at];
                path.extend(rest);
                path
            }));
        }
        all
    }

    pub fn at(&self, path: &[usize]) -> &Self {
        path.iter().fold(self, |node, at| node.child(*at).1)
    }

    pub fn at_mut(&mut self, path: &[usize]) -> &mut Self {
        path.iter().fold(self, |node, at| node.child_mut(*at))
    }

    /// The name of the value at a path; empty for an item.
    pub fn name(&self, path: &[usize]) -> &str {
        match path.split_last() {
            Some((last, parent)) => self.at(parent).child(*last).0,
            None => "",
        }
    }

    /// Calls this with each value in this one, and with itself.
    pub fn each(&mut self, act: &mut impl FnMut(&mut Self)) {
        act(self);
        for at in 0..self.len() {
            self.child_mut(at).each(act);
        }
    }

    /// The same value, whatever the order of its members; those of one name keep theirs.
    fn sorted(mut self) -> Self {
        self.each(&mut |node| {
            if let Self::Members(members) = node {
                members.sort_by(|a, b| a.0.cmp(&b.0));
            }
        });
        self
    }
}

/// A document; XML has a root element around it, with attributes.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub root: String,
    pub attributes: String,
    pub tree: Node,
}

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As the simulated AWS does.
    Plain,
    /// Unlike it in everything that the format leaves open.
    Odd,
}

impl Document {
    /// The document in these bytes; none where the format does not allow them.
    pub fn read(format: Format, body: &[u8]) -> Option<Self> {
        match format {
            Format::Xml => xml::read(body),
            Format::Json => json::read(body),
            Format::Cbor => cbor::read(body),
        }
    }

    pub fn write(&self, format: Format, style: Style) -> Vec<u8> {
        match format {
            Format::Xml => xml::write(self, style),
            Format::Json => json::write(&self.tree, style),
            Format::Cbor => cbor::write(&self.tree, style),
        }
    }

    /// Whether two documents say the same.
    pub fn says(&self, other: &Self) -> bool {
        self.root == other.root && self.tree.clone().sorted() == other.tree.clone().sorted()
    }
}

#[test]
fn documents_are_written_as_they_are_read_in_every_style() {
    let texts: [(Format, &[u8]); 3] = [
        (Format::Xml, b"<?xml version=\"1.0\"?>\n<AResponse xmlns=\"b\"><R><c>1 &lt; &#x32;</c><d/><e><f>g</f></e></R></AResponse>"),
        (Format::Json, br#"{"a": [1, -2.5, true, null, "b\u00e9\n"], "c": {}, "d": []}"#),
        (Format::Cbor, b"\xa2\x61a\x84\x01\x20\xfb\x40\x04\x00\x00\x00\x00\x00\x00\xc1\x1a\x00\x00\xff\xff\x61b\xf6"),
    ];
    for (format, text) in texts {
        let document = Document::read(format, text).unwrap();
        for style in [Style::Plain, Style::Odd] {
            let written = document.write(format, style);
            let again = Document::read(format, &written);
            assert!(
                again.as_ref().is_some_and(|again| again.says(&document)),
                "{format:?} {style:?}: {again:?}"
            );
        }
        let cut = (0..text.len()).filter(|length| Document::read(format, &text[..*length]).is_some());
        assert_eq!(cut.count(), 0, "{format:?} is read although it is cut");
    }
}

#[test]
fn xml_that_is_not_well_formed_is_not_read() {
    for text in
        ["<a><b></a></b>", "<a>&b;</a>", "<a>\u{1}</a>", "<a>1</a><b/>", "<a b=1/>", "<!DOCTYPE a><a/>", "a"]
    {
        assert_eq!(xml::read(text.as_bytes()), None, "{text}");
    }
}
