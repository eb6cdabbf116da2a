//! Mutations of what an answer says.

use super::answer::Answer;
use super::document::{Format, Node, Style};
use crate::chaos::cells::Law;

/// Changes a value of an answer that succeeded; `accepts` says which by their name.
fn edit(
    answer: &mut Answer<'_>,
    rng: &mut fastrand::Rng,
    accepts: impl Fn(&str, &Node) -> bool,
    act: impl FnOnce(&mut Node, usize, &mut fastrand::Rng),
) -> Option<Law> {
    let is_success = answer.is_success();
    let document = answer.document.as_mut()?;
    let before = document.clone();
    let mut paths = document.tree.paths();
    paths.retain(|path| is_success && accepts(document.tree.name(path), document.tree.at(path)));
    let path = rng.choice(paths)?;
    let (last, parent) = path.split_last()?;
    act(document.tree.at_mut(parent), *last, rng);
    let law = if document.says(&before) { Law::Fault } else { Law::Statement };
    answer.rewrite(Style::Plain);
    Some(law)
}

/// The same for a value in its place.
pub fn replace(
    answer: &mut Answer<'_>,
    rng: &mut fastrand::Rng,
    accepts: impl Fn(&str, &Node) -> bool,
    new: impl FnOnce(&Node, &mut fastrand::Rng) -> Node,
) -> Option<Law> {
    edit(answer, rng, accepts, |parent, at, rng| {
        let place = parent.child_mut(at);
        *place = new(place, rng);
    })
}

pub fn remove(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    edit(
        answer,
        rng,
        |_, _| true,
        |parent, at, _| match parent {
            Node::List(items) => drop(items.remove(at)),
            Node::Members(members) => drop(members.remove(at)),
            _ => {}
        },
    )
}

pub fn repeat(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    edit(
        answer,
        rng,
        |_, _| true,
        |parent, at, _| match parent {
            Node::List(items) => items.insert(at, items[at].clone()),
            Node::Members(members) => members.insert(at, members[at].clone()),
            _ => {}
        },
    )
}

pub fn rename(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    edit(
        answer,
        rng,
        |name, _| !name.is_empty(),
        |parent, at, _| {
            if let Node::Members(members) = parent {
                members[at].0.push_str("Future");
            }
        },
    )
}

pub fn empty(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    replace(
        answer,
        rng,
        |_, node| node.len() > 0,
        |node, _| match node {
            Node::List(_) => Node::List(Vec::new()),
            _ => Node::Members(Vec::new()),
        },
    )
}

pub fn retype(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    replace(
        answer,
        rng,
        |_, _| true,
        |node, rng| {
            let others = [
                Node::Bool(true),
                Node::Number("7".to_owned()),
                Node::text("text"),
                Node::List(vec![Node::text("item")]),
                Node::Members(vec![("member".to_owned(), Node::text("text"))]),
                Node::Time("1767225600".to_owned()),
            ];
            let differ = others
                .into_iter()
                .filter(|other| std::mem::discriminant(other) != std::mem::discriminant(node));
            rng.choice(differ.collect::<Vec<_>>()).unwrap()
        },
    )
}

pub fn null(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    if answer.format == Format::Xml {
        return None;
    }
    replace(answer, rng, |_, _| true, |_, _| Node::Null)
}

pub fn number(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    let numbers = [
        "-1",
        "0",
        "0.5",
        "1e300",
        "2147483648",
        "-2147483649",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999999",
        "1e-400",
        "NaN",
        "-Infinity",
    ];
    let text = *rng.choice(&numbers)?;
    let is_xml = answer.format == Format::Xml;
    let is_number = |node: &Node| match node {
        Node::Number(_) | Node::Time(_) => true,
        Node::Text(text) => is_xml && text.parse::<f64>().is_ok(),
        _ => false,
    };
    let law = replace(
        answer,
        rng,
        |_, node| is_number(node),
        |node, _| match node {
            Node::Text(_) => Node::text(text),
            Node::Time(_) => Node::Time(text.to_owned()),
            _ => Node::Number(text.to_owned()),
        },
    )?;
    // JSON has no such number, so no reader accepts it.
    Some(if answer.format == Format::Json && text.parse::<serde_json::Number>().is_err() {
        Law::Fault
    } else {
        law
    })
}

pub fn is_text(node: &Node) -> bool {
    matches!(node, Node::Text(text) if !text.is_empty())
}

pub fn blank(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    replace(answer, rng, |_, node| is_text(node), |_, _| Node::text(""))
}

pub fn unicode(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    let texts =
        ["\u{feff}\u{202e}\u{1f980}e\u{301}", "\u{2028}ﷺ\u{10ffff}", "a\r\nb\tc", "${a} %{b} \"'`$(c);", " "];
    let text = *rng.choice(&texts)?;
    replace(answer, rng, |_, node| is_text(node), |_, _| Node::text(text))
}

/// Another name wherever the object's stands.
pub fn rename_object(answer: &mut Answer<'_>, _rng: &mut fastrand::Rng) -> Option<Law> {
    let (name, other) = answer.names;
    let document = answer.document.as_mut()?;
    let before = document.clone();
    document.tree.each(&mut |node| {
        if let Node::Text(text) = node {
            *text = text.replace(name, other);
        }
    });
    if document.says(&before) {
        return None;
    }
    answer.rewrite(Style::Plain);
    Some(Law::Statement)
}
