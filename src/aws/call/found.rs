//! Whether AWS knows an object.

use crate::aws::{AwsError, ErrorKind, Service};

/// What AWS answers about one object.
#[derive(Debug, Clone)]
pub enum Found<T> {
    /// The object.
    Yes(T),
    /// The object does not exist, as this refusal says.
    No(AwsError),
    /// The response holds no complete object, which never proves that the object does not exist.
    Incomplete,
}

impl<T> Found<T> {
    /// The answer to a request about one object: `None` for an incomplete response, and a refusal with one of the
    /// codes `not_found` for an object that does not exist.
    ///
    /// # Errors
    /// Any other refusal.
    pub fn of(answer: Result<Option<T>, AwsError>, not_found: &[&str]) -> Result<Self, AwsError> {
        match answer {
            Ok(Some(object)) => Ok(Self::Yes(object)),
            Ok(None) => Ok(Self::Incomplete),
            Err(error) if error.is(not_found) => Ok(Self::No(error)),
            Err(error) => Err(error),
        }
    }

    /// The same for a call that describes the object `requested` among a list: the complete object of that name. AWS
    /// ignores the case of names, and stores them in lower case.
    ///
    /// # Errors
    /// Any other refusal, or an answer about other objects only. What it says of them, such as that they are being
    /// deleted, says nothing of this one.
    pub fn named(
        answer: Result<Option<Vec<T>>, AwsError>,
        (service, operation): (Service, &'static str),
        requested: &str,
        name: impl Fn(&T) -> Option<&str>,
        is_complete: impl Fn(&T) -> bool,
        not_found: &[&str],
    ) -> Result<Self, AwsError> {
        let mut other = None;
        let found = answer.map(|objects| {
            objects.unwrap_or_default().into_iter().find(|object| match name(object) {
                Some(name) if name.eq_ignore_ascii_case(requested) => is_complete(object),
                name => {
                    other = other.take().or_else(|| name.map(str::to_owned));
                    false
                }
            })
        });
        match (Self::of(found, not_found)?, other) {
            (Self::Incomplete, Some(other)) => Err(about_another(service, operation, &other, requested)),
            (found, _) => Ok(found),
        }
    }

    /// The object, where the difference between the other two answers does not matter.
    pub fn yes(self) -> Option<T> {
        match self {
            Self::Yes(object) => Some(object),
            Self::No(_) | Self::Incomplete => None,
        }
    }

    /// The object; `None` for an incomplete response.
    ///
    /// # Errors
    /// The refusal, when the object does not exist.
    pub fn or_refusal(self) -> Result<Option<T>, AwsError> {
        match self {
            Self::Yes(object) => Ok(Some(object)),
            Self::Incomplete => Ok(None),
            Self::No(refusal) => Err(refusal),
        }
    }

    /// The status of the object, `unknown` while a response does not show it; `None` when the object does not exist.
    pub fn status(self, status: impl FnOnce(T) -> Option<String>) -> Option<String> {
        match self {
            Self::No(_) => None,
            found => Some(found.yes().and_then(status).unwrap_or_else(|| "unknown".to_owned())),
        }
    }
}

impl<T> From<T> for Found<T> {
    fn from(object: T) -> Self {
        Self::Yes(object)
    }
}

/// True if a response that names the object `found` is about the object that the request names.
pub fn is_named(found: Option<&str>, requested: Option<&str>) -> bool {
    found.zip(requested).is_some_and(|(found, requested)| found.eq_ignore_ascii_case(requested))
}

/// The error of an answer about another object than the requested one.
pub fn about_another(service: Service, operation: &'static str, found: &str, requested: &str) -> AwsError {
    let detail = format!("it is about {found:?} instead of {requested:?}");
    AwsError::new(service, operation, ErrorKind::Response { detail, request_id: None })
}

/// The answer to a request about one object; `None` when AWS refuses it with one of the codes
/// `not_found`.
///
/// # Errors
/// Any other refusal.
pub fn unless_not_found<T>(answer: Result<T, AwsError>, not_found: &[&str]) -> Result<Option<T>, AwsError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is(not_found) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::{ErrorKind, Service};

    fn refusal(code: &str) -> AwsError {
        let kind = ErrorKind::Service {
            code: code.to_owned(),
            message: String::new(),
            request_id: None,
            http_status: 404,
        };
        AwsError::new(Service::ElastiCache, "DescribeUsers", kind)
    }

    fn found(answer: Result<Option<&str>, AwsError>) -> Result<Found<&str>, AwsError> {
        Found::of(answer, &["UserNotFoundFault"])
    }

    #[test]
    fn only_a_refusal_of_the_object_says_that_it_does_not_exist() {
        let of = |answer| found(answer).unwrap().status(|object| Some(object.to_owned()));
        assert_eq!(of(Ok(Some("active"))).as_deref(), Some("active"));
        assert_eq!(of(Ok(None)).as_deref(), Some("unknown"));
        assert_eq!(of(Err(refusal("UserNotFound"))), None);
        assert!(found(Err(refusal("AccessDenied"))).is_err());
    }

    #[test]
    fn an_answer_about_another_object_is_an_error() {
        fn name<'a>(object: &'a (&'static str, bool)) -> Option<&'a str> {
            Some(object.0).filter(|name| !name.is_empty())
        }
        let named = |objects: &[(&'static str, bool)]| {
            let call = (Service::ElastiCache, "DescribeUsers");
            Found::named(
                Ok(Some(objects.to_vec())),
                call,
                "app",
                name,
                |object| object.1,
                &["UserNotFoundFault"],
            )
        };
        assert!(matches!(named(&[("other", true), ("App", true)]), Ok(Found::Yes(("App", true)))));
        for incomplete in [&[][..], &[("", true)], &[("app", false)]] {
            assert!(matches!(named(incomplete), Ok(Found::Incomplete)), "{incomplete:?}");
        }
        for other in [("other", true), ("other", false), ("app2", true)] {
            let text = named(&[other]).unwrap_err().to_string();
            let expected = format!(
                "ElastiCache DescribeUsers: the answer could not be understood: it is about {:?} instead of \"app\".",
                other.0
            );
            assert!(text.starts_with(&expected), "{text}");
        }
        let gone = Found::named(
            Err(refusal("UserNotFoundFault")),
            (Service::ElastiCache, "DescribeUsers"),
            "app",
            |name: &&str| Some(*name),
            |_| true,
            &["UserNotFoundFault"],
        );
        assert!(matches!(gone, Ok(Found::No(_))));
    }

    #[test]
    fn an_incomplete_response_is_neither_the_object_nor_its_absence() {
        let incomplete = found(Ok(None)).unwrap();
        assert_eq!(incomplete.clone().or_refusal().unwrap(), None);
        assert_eq!(incomplete.yes(), None);
        let gone = found(Err(refusal("UserNotFoundFault"))).unwrap();
        assert!(gone.or_refusal().unwrap_err().is(&["UserNotFoundFault"]));
    }
}
