//! XML without attributes below the root, as the query protocols answer it. Stricter than a client must be: it tells
//! which damage a reader can notice.

use super::document::{Document, Node, Style};

/// Deeper than any answer of AWS.
const DEEPEST: usize = 64;

pub fn read(body: &[u8]) -> Option<Document> {
    let text = std::str::from_utf8(body).ok()?;
    let mut reader = Reader { rest: text.strip_prefix('\u{feff}').unwrap_or(text) };
    reader.skip_misc()?;
    let (root, attributes, node) = reader.element(0)?;
    reader.skip_misc()?;
    reader.rest.is_empty().then_some(Document { root, attributes, tree: node })
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// What stands before this text, which is passed too.
    fn until(&mut self, text: &str) -> Option<&'a str> {
        let (before, after) = self.rest.split_once(text)?;
        self.rest = after;
        Some(before)
    }

    fn accept(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Whitespace, comments and instructions.
    fn skip_misc(&mut self) -> Option<()> {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
            if self.accept("<!--") {
                self.until("-->")?;
            } else if self.accept("<?") {
                self.until("?>")?;
            } else {
                return Some(());
            }
        }
    }

    fn name(&mut self) -> Option<String> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
        let end = self.rest.find(|c| !is_part(c))?;
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        let starts = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
        starts.then(|| name.to_owned())
    }

    /// Name, attributes as they are written, and content.
    fn element(&mut self, depth: usize) -> Option<(String, String, Node)> {
        if depth > DEEPEST || !self.accept("<") {
            return None;
        }
        let name = self.name()?;
        let attributes = self.attributes()?;
        if self.accept("/>") {
            return Some((name, attributes, Node::text("")));
        }
        if !self.accept(">") {
            return None;
        }
        let (mut text, mut members) = (String::new(), Vec::new());
        loop {
            if self.accept("</") {
                let end = self.name()?;
                self.rest = self.rest.trim_start();
                if end != name || !self.accept(">") {
                    return None;
                }
                break;
            } else if self.accept("<!--") {
                self.until("-->")?;
            } else if self.accept("<![CDATA[") {
                text.push_str(self.until("]]>")?);
            } else if self.accept("<?") {
                self.until("?>")?;
            } else if self.rest.starts_with('<') {
                let (name, _, node) = self.element(depth + 1)?;
                members.push((name, node));
            } else {
                let end = self.rest.find('<')?;
                let (part, rest) = self.rest.split_at(end);
                self.rest = rest;
                text.push_str(&unescape(part)?);
            }
        }
        if members.is_empty() {
            return Some((name, attributes, Node::Text(text)));
        }
        text.trim().is_empty().then_some((name, attributes, Node::Members(members)))
    }

    fn attributes(&mut self) -> Option<String> {
        let all = self.rest;
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.starts_with(['>', '/']) {
                return Some(all[..all.len() - self.rest.len()].trim_end().to_owned());
            }
            self.name()?;
            let quote = if self.accept("=\"") { "\"" } else { self.accept("='").then_some("'")? };
            let value = self.until(quote)?;
            if value.contains('<') {
                return None;
            }
            unescape(value)?;
        }
    }
}

fn is_allowed(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

fn unescape(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (name, after) = after.split_once(';')?;
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            name => {
                let number = name.strip_prefix('#')?;
                let number = match number.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(number)?
            }
        });
        rest = after;
    }
    out.push_str(rest);
    out.chars().all(is_allowed).then_some(out)
}

pub fn write(document: &Document, style: Style) -> Vec<u8> {
    let mut out = match style {
        Style::Plain => b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_vec(),
        Style::Odd => b"<!-- of another serializer -->".to_vec(),
    };
    let attributes = match style {
        Style::Plain => document.attributes.clone(),
        Style::Odd => document.attributes.replace('"', "'"),
    };
    element(&mut out, &document.root, &attributes, &document.tree, style);
    out
}

fn element(out: &mut Vec<u8>, name: &str, attributes: &str, node: &Node, style: Style) {
    let tag = |out: &mut Vec<u8>, text: &str| out.extend_from_slice(text.as_bytes());
    if *node == Node::text("") && style == Style::Plain {
        return tag(out, &format!("<{name}{attributes}/>"));
    }
    tag(out, &format!("<{name}{attributes}>"));
    match node {
        Node::Null => {}
        Node::Bool(value) => tag(out, &value.to_string()),
        Node::Number(text) | Node::Time(text) | Node::Text(text) => tag(out, &escape(text, style)),
        Node::List(items) => items.iter().for_each(|item| element(out, "member", "", item, style)),
        Node::Members(members) => {
            for (name, node) in members {
                if style == Style::Odd {
                    tag(out, "\n  <!-- next --> ");
                }
                element(out, name, "", node, style);
            }
            if style == Style::Odd && !members.is_empty() {
                tag(out, "\n");
            }
        }
        Node::Raw(bytes) => out.extend_from_slice(bytes),
    }
    tag(out, &format!("</{name}>"));
}

fn escape(text: &str, style: Style) -> String {
    let plain =
        || text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#xD;");
    match style {
        Style::Plain => plain(),
        Style::Odd => text.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
    }
}
