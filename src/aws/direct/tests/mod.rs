//! The direct clients: against the API models, and as clients of the SDK's runtime.

mod model;
mod protocols;

use crate::aws::Aws;
use crate::aws::tests::http_client::answer_with;
use aws_smithy_types::body::SdkBody;
use std::sync::{Arc, Mutex};

/// What was sent, in order.
#[derive(Clone, Default)]
struct Sent(Arc<Mutex<Vec<Request>>>);

/// A request as it was sent.
#[derive(Clone)]
struct Request {
    headers: Vec<(String, String)>,
    body: String,
}

impl Request {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The members of a form, decoded.
    fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }
}

impl Sent {
    fn last(&self) -> Request {
        self.0.lock().unwrap().last().cloned().unwrap()
    }
}

/// An AWS that answers every request with a status and a body.
fn answering(status: u16, body: impl Into<String>) -> (Aws, Sent) {
    let (sent, body) = (Sent::default(), body.into());
    let log = sent.clone();
    let aws = Aws::for_tests(answer_with(move |request: http::Request<SdkBody>| {
        log.0.lock().unwrap().push(Request {
            headers: request
                .headers()
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                .collect(),
            body: String::from_utf8(request.body().bytes().unwrap().to_vec()).unwrap(),
        });
        http::Response::builder().status(status).body(SdkBody::from(body.clone())).unwrap()
    }));
    (aws, sent)
}
