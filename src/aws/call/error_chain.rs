//! Reading chains of errors from the SDK and from hyper.

use std::error::Error;

/// Walks an error and its causes. `std::io::Error::source` skips the error it
/// wraps, where rustls and the connector put theirs, so that one is looked up
/// by `get_ref`.
pub(in crate::aws) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<std::io::Error>() {
        Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
        None => error.source(),
    })
}

/// The first error of a type in a chain.
pub(in crate::aws) fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// The chain in one line, each cause once, without a final full stop and without any
/// `Debug` output: `client error (Connect): tcp connect error: Connection refused`.
pub(in crate::aws) fn sentence(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    for cause in causes(error) {
        let next = cause.to_string();
        let next = without_debug(&next).trim_end_matches('.');
        // Many errors already print their cause after a colon.
        if next.is_empty() || text.ends_with(next) {
            continue;
        }
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(next);
    }
    text
}

/// The text up to the first structure in the form of Rust's `Debug`, as in `Request {
/// body: … }`: the SDK shows whole requests, with whatever is in them, in some messages.
fn without_debug(text: &str) -> &str {
    let begins = |(brace, _): (usize, &str)| {
        let name = text[..brace].trim_end_matches(' ');
        let start = name.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
        name[start..].starts_with(|c: char| c.is_ascii_uppercase()).then_some(start)
    };
    let cut = text.match_indices('{').find_map(begins).unwrap_or(text.len());
    text[..cut].trim_end_matches([' ', '`', ':', '('])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn shows_no_debug_output_of_a_request() {
        let request = "failed to apply endpoint `localhost:1` to request `Request { body: SdkBody { inner: \
                       Once(Some(b\"AuthToken=abc\")) } }`";
        assert_eq!(without_debug(request), "failed to apply endpoint `localhost:1` to request");
        for plain in ["client error (Connect)", "unexpected token `{` in JSON", "invalid XML root: Error { "]
        {
            assert!(plain.starts_with(without_debug(plain)));
        }
        assert_eq!(without_debug("unexpected token `{` in JSON"), "unexpected token `{` in JSON");
    }

    #[test]
    fn joins_causes_and_looks_inside_io_errors() {
        let inner = io::Error::other("certificate expired.");
        let outer = io::Error::other(Box::new(inner) as Box<dyn Error + Send + Sync>);
        assert_eq!(sentence(&outer), "certificate expired");
    }
}
