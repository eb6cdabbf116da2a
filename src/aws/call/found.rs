//! Whether AWS knows an object.

use crate::aws::AwsError;

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
    fn an_incomplete_response_is_neither_the_object_nor_its_absence() {
        let incomplete = found(Ok(None)).unwrap();
        assert_eq!(incomplete.clone().or_refusal().unwrap(), None);
        assert_eq!(incomplete.yes(), None);
        let gone = found(Err(refusal("UserNotFoundFault"))).unwrap();
        assert!(gone.or_refusal().unwrap_err().is(&["UserNotFoundFault"]));
    }
}
