//! Checks that XML is well-formed. The SDK's XML reader accepts a document that is not, and stops where it no longer
//! understands it: a list of three groups with a damaged tag becomes a list of two.

/// Deeper than any response of AWS.
const DEEPEST: usize = 64;

/// Checks a response. Only what AWS writes is accepted: no document type, and no names but those of elements.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check(body: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(body).map_err(|_| "is not UTF-8".to_owned())?;
    if let Some(character) = text.chars().find(|character| !is_allowed(*character)) {
        return Err(format!("has the character {character:?}"));
    }
    let mut open: Vec<&str> = Vec::new();
    let mut roots = 0;
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    while let Some((before, markup)) = rest.split_once('<') {
        check_text(before, open.is_empty())?;
        if let Some(comment) = markup.strip_prefix("!--") {
            rest = after(comment, "-->")?;
        } else if markup.starts_with("![CDATA[") {
            // The SDK's reader omits it without an error.
            return Err("has a CDATA section".to_owned());
        } else if let Some(instruction) = markup.strip_prefix('?') {
            rest = after(instruction, "?>")?;
        } else if let Some(end) = markup.strip_prefix('/') {
            let (name, following) = end.split_once('>').ok_or("has a tag that does not end")?;
            match open.pop() {
                Some(start) if start == name.trim_ascii_end() => rest = following,
                Some(start) => return Err(format!("has </{name}> in the place of </{start}>")),
                None => return Err(format!("has </{name}> without its beginning")),
            }
        } else {
            let tag = Tag::read(markup)?;
            roots += usize::from(open.is_empty());
            if !tag.is_empty {
                open.push(tag.name);
            }
            if open.len() > DEEPEST {
                return Err(format!("has elements within more than {DEEPEST} others"));
            }
            rest = tag.rest;
        }
    }
    check_text(rest, open.is_empty())?;
    match (open.pop(), roots) {
        (Some(start), _) => Err(format!("has no </{start}>")),
        (None, 1) => Ok(()),
        (None, _) => Err(format!("has {roots} root elements")),
    }
}

fn after<'a>(text: &'a str, end: &str) -> Result<&'a str, String> {
    text.split_once(end).map(|(_, after)| after).ok_or_else(|| format!("has no {end}"))
}

/// <https://www.w3.org/TR/xml/#NT-Char>; what a string of Rust cannot hold is no matter.
fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// Outside the root element there is none, and an ampersand begins a reference.
fn check_text(text: &str, is_outside: bool) -> Result<(), String> {
    if is_outside && !text.trim_ascii().is_empty() {
        return Err("has text outside its root element".to_owned());
    }
    for reference in text.split('&').skip(1) {
        let name = reference.split_once(';').map(|(name, _)| name).unwrap_or_default();
        let number = name.strip_prefix("#x").map(|hex| u32::from_str_radix(hex, 16));
        let number = number.or_else(|| name.strip_prefix('#').map(str::parse));
        let is_known = match number {
            Some(number) => number.ok().and_then(char::from_u32).is_some_and(is_allowed),
            None => matches!(name, "amp" | "lt" | "gt" | "quot" | "apos"),
        };
        if !is_known {
            return Err("has an unknown reference".to_owned());
        }
    }
    Ok(())
}

/// A tag that begins an element.
struct Tag<'a> {
    name: &'a str,
    /// It ends the element too.
    is_empty: bool,
    rest: &'a str,
}

impl<'a> Tag<'a> {
    fn read(markup: &'a str) -> Result<Self, String> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
        let end = markup.find(|c| !is_part(c)).ok_or("has a tag that does not end")?;
        let (name, mut rest) = markup.split_at(end);
        if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return Err("has a tag without a name".to_owned());
        }
        loop {
            let inner = rest.trim_ascii_start();
            if let Some(rest) = inner.strip_prefix('>') {
                return Ok(Self { name, is_empty: false, rest });
            }
            if let Some(rest) = inner.strip_prefix("/>") {
                return Ok(Self { name, is_empty: true, rest });
            }
            let is_separate = inner.len() < rest.len();
            let attribute =
                inner.split_once('=').filter(|(name, _)| is_separate && name.trim().chars().all(is_part));
            let (_, value) = attribute.ok_or_else(|| format!("has a damaged tag <{name}"))?;
            let value = value.trim_ascii_start();
            let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''));
            let quote = quote.ok_or_else(|| format!("has a damaged tag <{name}"))?;
            let quoted = value.get(1..).and_then(|value| value.split_once(quote));
            let (value, following) = quoted.ok_or_else(|| format!("has a damaged tag <{name}"))?;
            if value.contains('<') {
                return Err(format!("has a damaged tag <{name}"));
            }
            check_text(value, false)?;
            rest = following;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_of_aws_are_well_formed() {
        for body in [
            "<a/>",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a xmlns=\"http://b/\"><c d='e'>1 &lt; &#x32;</c ><f/></a>\n",
            "\u{feff}<!-- b --><a><!-- <d> -->\u{1f980}</a><!-- e -->",
        ] {
            assert_eq!(check(body.as_bytes()), Ok(()), "{body}");
        }
    }

    #[test]
    fn damaged_documents_are_not() {
        for (body, reason) in [
            ("", "has 0 root elements"),
            ("<a>", "has no </a>"),
            ("<a><b>1</c></a>", "has </c> in the place of </b>"),
            ("<a></a></b>", "has </b> without its beginning"),
            ("<a></a><b/>", "has 2 root elements"),
            ("<a/>text", "has text outside its root element"),
            ("<a>&b;</a>", "has an unknown reference"),
            ("<a>&#0;</a>", "has an unknown reference"),
            ("<a>&</a>", "has an unknown reference"),
            ("<a>\u{1}</a>", "has the character '\\u{1}'"),
            ("<a b=c/>", "has a damaged tag <a"),
            ("<a b=\"<\"/>", "has a damaged tag <a"),
            ("<a<b/></a>", "has a damaged tag <a"),
            ("<1/>", "has a tag without a name"),
            ("<!DOCTYPE a [<!ENTITY b \"c\">]><a/>", "has a tag without a name"),
            ("<a><!-- </a>", "has no -->"),
            ("<a><![CDATA[b]]></a>", "has a CDATA section"),
            ("<a", "has a tag that does not end"),
        ] {
            assert_eq!(check(body.as_bytes()), Err(reason.to_owned()), "{body}");
        }
        assert_eq!(check(b"<a>\xff</a>"), Err("is not UTF-8".to_owned()));
        let deep = "<a>".repeat(1000);
        assert!(check(deep.as_bytes()).is_err_and(|reason| reason.starts_with("has elements within")));
    }
}
