//! The AWS JSON protocol, version 1.1
//! (<https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>).

use super::client::{Client, Request};
use super::{DirectError, refused};
use crate::aws::UnansweredAttempts;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use serde_json::{Map, Value};

impl Client {
    /// Calls an operation of the JSON protocol. Members that are null are not sent.
    ///
    /// # Errors
    /// As the SDK's clients.
    pub(in crate::aws) async fn json(
        &self,
        operation: &'static str,
        input: Value,
        attempts: Option<&UnansweredAttempts>,
    ) -> Result<Value, SdkError<DirectError, HttpResponse>> {
        let target = format!("{}.{operation}", self.model().target_prefix);
        let request = Request::post("application/x-amz-json-1.1", without_null(input).to_string())
            .header("x-amz-target", target);
        self.invoke(operation, request, response, attempts).await
    }
}

fn without_null(mut input: Value) -> Value {
    if let Value::Object(members) = &mut input {
        members.retain(|_, value| !value.is_null());
    }
    input
}

/// The output in a response, or the error that it is.
fn response(response: &HttpResponse) -> Result<Value, DirectError> {
    let body = response.body().bytes().unwrap_or_default();
    if !response.status().is_success() {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let member = |names: &[&str]| names.iter().find_map(|name| body.get(name)?.as_str());
        let code = response.headers().get("x-amzn-errortype").or_else(|| member(&["__type", "code"]));
        let message = member(&["message", "Message", "errorMessage"]);
        return Err(refused(response, code.map(shape_name), message.map(str::to_owned)));
    }
    // An operation without output may be answered with nothing.
    if body.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    match serde_json::from_slice(body) {
        Ok(output @ Value::Object(_)) => Ok(output),
        Ok(_) => Err(DirectError::unreadable("the response is not a JSON object")),
        Err(error) => Err(DirectError::unreadable(error)),
    }
}

/// `aws.protocoltests.json#FooError:http://…` is `FooError`.
fn shape_name(code: &str) -> String {
    let code = code.split(':').next().unwrap_or_default();
    code.rsplit('#').next().unwrap_or_default().to_owned()
}
