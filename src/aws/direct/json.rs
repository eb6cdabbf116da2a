//! The AWS JSON protocol, version 1.1
//! (<https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>).

use super::client::{Client, Request};
use super::{DirectError, refused};
use crate::aws::UnansweredAttempts;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use serde_json::Value;

impl Client {
    /// Calls an operation of the JSON protocol and returns its output. Members of the input that are null are not
    /// sent.
    ///
    /// # Errors
    /// As the SDK's clients.
    pub(in crate::aws) async fn json(
        &self,
        operation: &'static str,
        input: Value,
    ) -> Result<Value, SdkError<DirectError, HttpResponse>> {
        self.invoke(operation, self.request(operation, input), output, None).await
    }

    /// The same of an operation without output, whose response may be empty. `attempts` learns of attempts that were
    /// not answered.
    ///
    /// # Errors
    /// As the SDK's clients.
    pub(in crate::aws) async fn json_without_output(
        &self,
        operation: &'static str,
        input: Value,
        attempts: Option<&UnansweredAttempts>,
    ) -> Result<(), SdkError<DirectError, HttpResponse>> {
        self.invoke(operation, self.request(operation, input), no_output, attempts).await
    }

    fn request(&self, operation: &str, input: Value) -> Request {
        let target = format!("{}.{operation}", self.model().target_prefix);
        Request::post("application/x-amz-json-1.1", without_null(input).to_string())
            .header("x-amz-target", target)
    }
}

fn without_null(mut input: Value) -> Value {
    if let Value::Object(members) = &mut input {
        members.retain(|_, value| !value.is_null());
    }
    input
}

/// The output in a response, or the error that it is. An output without members is `{}`; an empty body was cut short,
/// which [`crate::aws::http::complete_response`] repeats.
fn output(response: &HttpResponse) -> Result<Value, DirectError> {
    let body = response.body().bytes().unwrap_or_default();
    if !response.status().is_success() {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let member = |names: &[&str]| names.iter().find_map(|name| body.get(name)?.as_str());
        let code = response.headers().get("x-amzn-errortype").or_else(|| member(&["__type", "code"]));
        let message = member(&["message", "Message", "errorMessage"]);
        return Err(refused(response, code.map(shape_name), message.map(str::to_owned)));
    }
    match serde_json::from_slice(body) {
        Ok(output @ Value::Object(_)) => Ok(output),
        Ok(_) => Err(DirectError::unreadable("the response is not a JSON object")),
        Err(error) => Err(DirectError::unreadable(error)),
    }
}

/// Success, or the error in a response.
fn no_output(response: &HttpResponse) -> Result<(), DirectError> {
    if response.status().is_success() && response.body().bytes().unwrap_or_default().is_empty() {
        return Ok(());
    }
    output(response).map(drop)
}

/// `aws.protocoltests.json#FooError:http://…` is `FooError`.
fn shape_name(code: &str) -> String {
    let code = code.split(':').next().unwrap_or_default();
    code.rsplit('#').next().unwrap_or_default().to_owned()
}
