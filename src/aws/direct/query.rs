//! The EC2 query protocol: a form as request, XML as response
//! (<https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html>).

use super::client::{Client, Request};
use super::{DirectError, refused};
use crate::aws::UnansweredAttempts;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_xml::decode::{Document, ScopedDecoder, XmlDecodeError, try_data};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt;

/// What RFC 3986 reserves nothing of.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The members of a request. Members of lists and structures have dotted names with numbers from 1,
/// such as `Filter.1.Value.1`; members without a value are not sent.
#[derive(Default)]
pub(in crate::aws) struct Form(String);

impl Form {
    /// Adds a member.
    #[must_use]
    pub(in crate::aws) fn member(mut self, name: &str, value: impl fmt::Display) -> Self {
        let value = value.to_string();
        self.0.push_str(&format!("&{name}={}", utf8_percent_encode(&value, ENCODED)));
        self
    }

    /// Adds a member that may be absent.
    #[must_use]
    pub(in crate::aws) fn optional(self, name: &str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.member(name, value),
            None => self,
        }
    }

    /// Adds the elements of a list, each of which writes its members below the name that it is given.
    #[must_use]
    pub(in crate::aws) fn list<T>(
        self,
        name: &str,
        elements: impl IntoIterator<Item = T>,
        write: impl Fn(Self, &str, T) -> Self,
    ) -> Self {
        let numbered = elements.into_iter().zip(1..);
        numbered.fold(self, |form, (element, number)| write(form, &format!("{name}.{number}"), element))
    }
}

impl Client {
    /// Calls an operation of the EC2 query protocol.
    ///
    /// # Errors
    /// As the SDK's clients.
    pub(in crate::aws) async fn query<T>(
        &self,
        operation: &'static str,
        form: Form,
        attempts: Option<&UnansweredAttempts>,
    ) -> Result<T, SdkError<DirectError, HttpResponse>>
    where
        T: Read + fmt::Debug + Send + Sync + 'static,
    {
        let body = format!("Action={operation}&Version={}{}", self.model().api_version, form.0);
        let request = Request::post("application/x-www-form-urlencoded", body);
        self.invoke(operation, request, move |answer| response(operation, answer), attempts).await
    }
}

/// A structure of a response.
pub(in crate::aws) trait Read: Default {
    /// Takes one member; those of other names are skipped.
    ///
    /// # Errors
    /// The member is not of its type.
    fn member(&mut self, name: &str, value: &mut ScopedDecoder<'_, '_>) -> Result<(), XmlDecodeError>;
}

/// The members of a structure.
pub(in crate::aws) fn read_all<T: Read>(structure: &mut ScopedDecoder<'_, '_>) -> Result<T, XmlDecodeError> {
    let mut read = T::default();
    while let Some(mut member) = structure.next_tag() {
        let name = member.start_el().local().to_owned();
        read.member(&name, &mut member)?;
    }
    Ok(read)
}

/// The elements of a list, which the protocol names `item`.
pub(in crate::aws) fn items<T: Read>(list: &mut ScopedDecoder<'_, '_>) -> Result<Vec<T>, XmlDecodeError> {
    let mut read = Vec::new();
    while let Some(mut item) = list.next_tag() {
        if item.start_el().matches("item") {
            read.push(read_all(&mut item)?);
        }
    }
    Ok(read)
}

/// A text.
pub(in crate::aws) fn text(value: &mut ScopedDecoder<'_, '_>) -> Result<Option<String>, XmlDecodeError> {
    Ok(Some(try_data(value)?.into_owned()))
}

/// A number or a Boolean.
pub(in crate::aws) fn number<T: std::str::FromStr>(
    value: &mut ScopedDecoder<'_, '_>,
) -> Result<Option<T>, XmlDecodeError> {
    let name = value.start_el().local().to_owned();
    match try_data(value)?.trim().parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(XmlDecodeError::custom(format!("{name} is not of its type"))),
    }
}

/// The result in a response, or the error that it is.
fn response<T: Read>(operation: &str, response: &HttpResponse) -> Result<T, DirectError> {
    let body = response.body().bytes().unwrap_or_default();
    if !response.status().is_success() {
        let refusal = parse_refusal(body).unwrap_or_default();
        return Err(refused(response, refusal.code, refusal.message));
    }
    let mut document = Document::try_from(body).map_err(DirectError::unreadable)?;
    let mut root = document.root_element().map_err(DirectError::unreadable)?;
    if !root.start_el().matches(&format!("{operation}Response")) {
        let found = format!("the response is no {operation}Response");
        return Err(DirectError::unreadable(XmlDecodeError::custom(found)));
    }
    read_all(&mut root).map_err(DirectError::unreadable)
}

/// `<Response><Errors><Error><Code/><Message/></Error></Errors><RequestID/></Response>`.
fn parse_refusal(body: &[u8]) -> Result<Refusal, XmlDecodeError> {
    let mut document = Document::try_from(body)?;
    let mut root = document.root_element()?;
    let mut refusal = Refusal::default();
    while let Some(mut errors) = root.next_tag() {
        if errors.start_el().matches("Errors")
            && let Some(mut error) = errors.next_tag()
        {
            refusal = read_all(&mut error)?;
        }
    }
    Ok(refusal)
}

#[derive(Default)]
struct Refusal {
    code: Option<String>,
    message: Option<String>,
}

impl Read for Refusal {
    fn member(&mut self, name: &str, value: &mut ScopedDecoder<'_, '_>) -> Result<(), XmlDecodeError> {
        match name {
            "Code" => self.code = text(value)?,
            "Message" => self.message = text(value)?,
            _ => {}
        }
        Ok(())
    }
}
