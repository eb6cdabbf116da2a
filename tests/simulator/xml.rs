//! XML as the query protocols answer it.

use super::protocol::Xml;

/// The text of an element, with its attributes already written.
pub(super) fn write(name: &str, attributes: &str, children: &[Xml]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push('<');
    out.push_str(name);
    out.push_str(attributes);
    out.push('>');
    children.iter().for_each(|child| append(&mut out, child));
    close(&mut out, name);
    out
}

fn append(out: &mut String, xml: &Xml) {
    match xml {
        Xml::Text(text) => escape(out, text),
        Xml::Element(name, children) if children.is_empty() => {
            out.push('<');
            out.push_str(name);
            out.push_str("/>");
        }
        Xml::Element(name, children) => {
            out.push('<');
            out.push_str(name);
            out.push('>');
            children.iter().for_each(|child| append(out, child));
            close(out, name);
        }
    }
}

fn close(out: &mut String, name: &str) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// Characters that XML 1.0 cannot carry at all become U+FFFD, as serializers commonly do.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#xD;"),
            '\t' | '\n' => out.push(c),
            c if c.is_control() && c < ' ' => out.push('\u{FFFD}'),
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
}
