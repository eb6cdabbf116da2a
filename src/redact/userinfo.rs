//! User name and password in URLs, whoever wrote them there.

use std::borrow::Cow;

use super::REDACTED;

/// What our own messages and documents write in the place of a password.
const PLACEHOLDERS: &[&str] = &["user:token", "username:password", ":token", ":***"];

/// The text with everything between `://` and the last `@` of the same word replaced.
///
/// A URL ends where white space or a quote does. The characters that delimit its parts do
/// not end it: a password that nobody encoded may contain them.
pub(super) fn redact(text: &str) -> Cow<'_, str> {
    if !(text.contains("://") && text.contains('@')) {
        return Cow::Borrowed(text);
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(scheme) = rest.find("://") {
        let (before, after) = rest.split_at(scheme + 3);
        out.push_str(before);
        let end = after.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>'));
        let word = &after[..end.unwrap_or(after.len())];
        match word.rfind('@') {
            Some(at) if !is_harmless(&word[..at]) => {
                out.push_str(REDACTED);
                out.push_str(&word[at..]);
            }
            _ => out.push_str(word),
        }
        rest = &after[word.len()..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn is_harmless(userinfo: &str) -> bool {
    let name = userinfo.strip_suffix(":***").unwrap_or(userinfo);
    let plain =
        |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    PLACEHOLDERS.contains(&userinfo) || userinfo == REDACTED || (name.len() < userinfo.len() && plain(name))
}
