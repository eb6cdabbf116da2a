//! Content that no service writes: values that the format forbids, and too much of it.

use super::answer::Answer;
use super::content::{is_text, replace};
use super::document::{Format, Node, Style};
use crate::chaos::cells::Law;

/// One of these sizes, the larger ones less often: they take most of the time.
fn seldom(rng: &mut fastrand::Rng, [small, middle, large]: [usize; 3]) -> usize {
    match rng.u32(..20) {
        0 => large,
        1..6 => middle,
        _ => small,
    }
}

pub fn huge(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    let length = seldom(rng, [3_000, 30_000, 300_000]);
    replace(answer, rng, |_, node| is_text(node), |_, _| Node::Text("x".repeat(length)))
}

/// Values that the grammar of the format has no place for.
pub fn forbidden(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    let values: &[&[u8]] = match answer.format {
        Format::Xml => &[
            b"&#0;",
            b"&future;",
            b"a<b",
            b"&",
            b"&#xD800;",
            b"\x01",
            b"<![CDATA[",
            b"<![CDATA[a]]>",
            b"<!--",
        ],
        Format::Json => {
            // Nothing at all would be an empty list, where it replaces the only element.
            &[b"\"\\ud800\"", b"\"\\x\"", b"NaN", b"01", b"'a'", b"undefined", b"\"a\nb\"", b"[1,]", b","]
        }
        // Lengths beyond the body, a reserved head, a break outside, and a text that is not UTF-8.
        Format::Cbor => &[
            b"\x7b\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff",
            b"\xbb\x00\x00\x00\x01\x00\x00\x00\x00",
            b"\x9a\x7f\xff\xff\xff",
            b"\x1c",
            b"\xff",
            b"\x62\xff\xfe",
        ],
    };
    let value = (*rng.choice(values)?).to_vec();
    replace(answer, rng, |_, node| node.is_leaf(), |_, _| Node::Raw(value))?;
    Some(Law::Fault)
}

/// In a member that a client does not know.
pub fn nest(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    let depth = seldom(rng, [200, 5_000, 50_000]);
    let (open, close) = match answer.format {
        Format::Xml => ("<f>", "</f>"),
        Format::Json => ("[", "]"),
        Format::Cbor => ("\u{0}", ""),
    };
    let mut bytes = [open.repeat(depth), close.repeat(depth)].concat().into_bytes();
    if answer.format == Format::Cbor {
        bytes.fill(0x81);
        bytes.push(0);
    }
    let document = answer.document.as_mut()?;
    let Node::Members(members) = &mut document.tree else { return None };
    members.insert(0, ("Future".to_owned(), Node::Raw(bytes)));
    answer.rewrite(Style::Plain);
    Some(Law::Fault)
}

/// Each entity is ten times the one before, so the last one has ten billion characters.
pub fn bomb(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    if answer.format != Format::Xml {
        return None;
    }
    replace(answer, rng, |_, node| is_text(node), |_, _| Node::Raw(b"&e9;".to_vec()))?;
    let mut entities = "<!ENTITY e0 \"0123456789\">".to_owned();
    for at in 1..10 {
        entities.push_str(&format!("<!ENTITY e{at} \"{}\">", format!("&e{};", at - 1).repeat(10)));
    }
    let text = String::from_utf8_lossy(&answer.encoded.body).into_owned();
    let root = &answer.document.as_ref()?.root;
    let start = format!("<{root}");
    answer.encoded.body =
        text.replacen(&start, &format!("<!DOCTYPE {root} [{entities}]>{start}"), 1).into_bytes();
    Some(Law::Fault)
}
