//! Writing answers.

use super::protocol::Xml;

/// An element under construction.
pub(super) struct Node {
    name: String,
    children: Vec<Xml>,
}

impl Node {
    /// An empty element.
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), children: Vec::new() }
    }

    /// Adds a child with text.
    pub(super) fn text(mut self, name: &str, text: impl ToString) -> Self {
        self.children.push(Xml::text(name, text));
        self
    }

    /// Adds children with text.
    pub(super) fn each<'a>(self, texts: impl IntoIterator<Item = (&'a &'static str, &'a String)>) -> Self {
        texts.into_iter().fold(self, |node, (name, text)| node.text(name, text))
    }

    /// Adds a child with text, if there is one.
    pub(super) fn maybe(self, name: &str, text: Option<impl ToString>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// Adds a child.
    pub(super) fn child(mut self, child: Xml) -> Self {
        self.children.push(child);
        self
    }

    /// Adds a child, if there is one.
    pub(super) fn maybe_child(self, child: Option<Xml>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Adds a list of texts.
    pub(super) fn texts<T: ToString>(
        self,
        name: &str,
        member: &str,
        texts: impl IntoIterator<Item = T>,
    ) -> Self {
        self.list(name, texts.into_iter().map(|text| Xml::text(member, text)))
    }

    /// Adds a list; an empty one is an empty element, as AWS writes it.
    pub(super) fn list(self, name: &str, members: impl IntoIterator<Item = Xml>) -> Self {
        self.child(Xml::element(name, members.into_iter().collect()))
    }

    /// The finished element.
    pub(super) fn done(self) -> Xml {
        Xml::Element(self.name, self.children)
    }
}

/// `Address` and `Port` under a name.
pub(super) fn endpoint(name: &str, address: &str, port: u16) -> Xml {
    Node::new(name).text("Address", address).text("Port", port).done()
}
