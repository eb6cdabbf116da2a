//! Walking the pages of a listing.

use std::collections::BTreeSet;

use super::attempt::BoxFuture;
use crate::aws::{AwsError, ErrorKind, Service};

/// Pages of one listing. The longest listing that AWS's quotas allow is that of 500,000 secrets, in 5,000 pages of 100.
const MAX_PAGES: usize = 10_000;

/// The tokens of one listing: ask for each page with [`PageTokens::next`], and give the
/// token of the answer to [`PageTokens::advance`].
#[derive(Debug)]
pub struct PageTokens {
    service: Service,
    operation: &'static str,
    next: Option<String>,
    used: BTreeSet<String>,
}

impl PageTokens {
    /// At the first page.
    pub fn new(service: Service, operation: &'static str) -> Self {
        Self { service, operation, next: None, used: BTreeSet::new() }
    }

    /// The token to ask for the next page with; none for the first.
    pub fn next(&self) -> Option<String> {
        self.next.clone()
    }

    /// Goes on to the page of this token; false when there is none.
    ///
    /// # Errors
    /// The token was used before, or the listing has more than [`MAX_PAGES`], so that the pages would never end.
    pub fn advance(&mut self, token: Option<String>) -> Result<bool, AwsError> {
        let token = token.filter(|token| !token.is_empty());
        let problem = match &token {
            Some(token) if !self.used.insert(token.clone()) => {
                Some("it repeats the token of an earlier page, so the listing would never end".to_owned())
            }
            Some(_) if self.used.len() >= MAX_PAGES => Some(format!("it has more than {MAX_PAGES} pages")),
            _ => None,
        };
        if let Some(detail) = problem {
            let kind = ErrorKind::Response { detail, request_id: None };
            return Err(AwsError::new(self.service, self.operation, kind));
        }
        self.next = token;
        Ok(self.next.is_some())
    }
}

/// The items of one listing, page by page: while there is [`Pages::more`], ask with
/// [`Pages::marker`] and give the answer to [`Pages::add`].
#[derive(Debug)]
pub struct Pages<T> {
    all: Vec<T>,
    tokens: PageTokens,
    more: bool,
}

impl<T> Pages<T> {
    /// None read yet.
    pub fn new(service: Service, operation: &'static str) -> Self {
        Self { all: Vec::new(), tokens: PageTokens::new(service, operation), more: true }
    }

    /// True while there are pages to read.
    pub fn more(&self) -> bool {
        self.more
    }

    /// The marker, or token, to ask for the next page with; none for the first.
    pub fn marker(&self) -> Option<String> {
        self.tokens.next()
    }

    /// Adds a page: its items, and the marker of the next.
    ///
    /// # Errors
    /// The marker was used before, so that the pages would never end.
    pub fn add(&mut self, items: Option<Vec<T>>, next: Option<String>) -> Result<(), AwsError> {
        self.all.extend(items.unwrap_or_default());
        self.more = self.tokens.advance(next)?;
        Ok(())
    }

    /// The items of all pages.
    pub fn all(self) -> Vec<T> {
        self.all
    }
}

/// The objects of one page, and the token of the next page.
type Page<T> = (Option<Vec<T>>, Option<String>);

/// Asks for the page of a token.
type Ask<'a, T> = Box<dyn Fn(Option<String>) -> BoxFuture<'a, Result<Page<T>, AwsError>> + Send + Sync + 'a>;

/// The objects of a kind, page by page.
pub struct Listing<'a, T> {
    /// `None` after the last page.
    tokens: Option<PageTokens>,
    page: Ask<'a, T>,
}

impl<'a, T> Listing<'a, T> {
    /// A listing from the first page on. `page` asks for the page of a token; the first page has none.
    pub fn new<F>(
        service: Service,
        operation: &'static str,
        page: impl Fn(Option<String>) -> F + Send + Sync + 'a,
    ) -> Self
    where
        F: Future<Output = Result<Page<T>, AwsError>> + Send + 'a,
    {
        let page = move |token| -> BoxFuture<'a, Result<Page<T>, AwsError>> { Box::pin(page(token)) };
        Self { tokens: Some(PageTokens::new(service, operation)), page: Box::new(page) }
    }

    /// The next page; `None` after the last one.
    ///
    /// # Errors
    /// Those of the call, or pages that would never end.
    pub async fn next(&mut self) -> Result<Option<Vec<T>>, AwsError> {
        let Some(tokens) = &mut self.tokens else { return Ok(None) };
        let (objects, token) = (self.page)(tokens.next()).await?;
        if !tokens.advance(token)? {
            self.tokens = None;
        }
        Ok(Some(objects.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_without_a_token_and_fails_when_one_repeats() {
        let mut tokens = PageTokens::new(Service::CloudWatch, "DescribeAlarms");
        assert_eq!(tokens.next(), None);
        assert!(tokens.advance(Some("a".to_owned())).unwrap());
        assert_eq!(tokens.next().as_deref(), Some("a"));
        assert!(tokens.advance(Some("b".to_owned())).unwrap());
        let text = tokens.advance(Some("a".to_owned())).unwrap_err().to_string();
        assert!(
            text.starts_with("CloudWatch DescribeAlarms: the answer could not be understood: it repeats"),
            "{text}"
        );
        assert!(!tokens.advance(Some(String::new())).unwrap());
        assert!(!tokens.advance(None).unwrap());
    }

    #[test]
    fn listing_of_ever_new_tokens_ends() {
        let mut tokens = PageTokens::new(Service::SecretsManager, "ListSecrets");
        let refused = (0..).find_map(|page| tokens.advance(Some(format!("token-{page}"))).err()).unwrap();
        let expected =
            "Secrets Manager ListSecrets: the answer could not be understood: it has more than 10000 pages.";
        assert!(refused.to_string().starts_with(expected), "{refused}");
    }
}
