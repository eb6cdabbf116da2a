//! A canned AWS for the unit tests of resources.
//!
//! A test gives [`FakeAws`] a closure from call to answer, then creates, reads,
//! changes, deletes and imports through the engine just as Terraform does, and
//! looks at the states, the diagnostics and the calls that were made:
//!
//! ```ignore
//! let aws = FakeAws::new(|call| match call.operation.as_str() {
//!     "CreateCacheSubnetGroup" => call.xml("<CacheSubnetGroup>…</CacheSubnetGroup>"),
//!     _ => call.error("CacheSubnetGroupNotFoundFault", "There is none."),
//! });
//! let created = aws.create(&SubnetGroup, config(&SubnetGroup, [("name", "a".into())])).await;
//! assert_eq!(problems(&made.diags), [] as [&str; 0]);
//! assert_eq!(aws.operations(), ["CreateCacheSubnetGroup"]);
//! ```

// The codec of the simulated AWS.
#[path = "../../tests/simulator/cbor.rs"]
mod cbor;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;

use crate::aws::{Aws, Cancel};
use crate::diag::Diagnostics;
use crate::engine::{
    AnyDataSource, AnyResource, ApplyRequest, ApplyResponse, CreatedNames, DeferredDeletions, DeletedNames,
    Memberships, Ongoing, PlanRequest, PlanResponse, Private, ProviderConfig, ReadRequest, ReadResponse,
};
use crate::schema::{Block, BlockNesting};
use crate::value::{Field, Map, Value};

/// The protocol of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Query,
    Json,
    Cbor,
}

/// One call the resource made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    /// The operation, such as `CreateCacheSubnetGroup`.
    pub operation: String,
    /// Its parameters, for services of the query protocol (ElastiCache, STS).
    pub params: BTreeMap<String, String>,
    /// The body as sent; see [`Call::json`] for services of the JSON protocol.
    pub body: Vec<u8>,
    protocol: Protocol,
}

impl Answer {
    /// The same with other text in its body.
    pub(crate) fn with(mut self, from: &str, to: &str) -> Self {
        self.body = String::from_utf8_lossy(&self.body).replace(from, to).into_bytes();
        self
    }
}

impl Call {
    /// Reads the operation from where each protocol has it: the form, the target
    /// header, or the end of the path.
    fn of(request: &HttpRequest) -> Self {
        let body = request.body().bytes().unwrap_or_default().to_vec();
        let target = request.headers().get("x-amz-target").map(str::to_owned);
        let params = if target.is_none() { form(&body) } else { BTreeMap::new() };
        let operation = match (target, params.get("Action")) {
            (Some(target), _) => target.rsplit('.').next().unwrap_or_default().to_owned(),
            (None, Some(action)) => action.clone(),
            (None, None) => request.uri().rsplit('/').next().unwrap_or_default().to_owned(),
        };
        let protocol = match (request.headers().get("smithy-protocol"), params.contains_key("Action")) {
            (Some("rpc-v2-cbor"), _) => Protocol::Cbor,
            (_, true) => Protocol::Query,
            (_, false) => Protocol::Json,
        };
        Self { operation, params, body, protocol }
    }

    /// One parameter; empty when it was not sent.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    /// The parameters that begin with `prefix`, in the order they were sent. For
    /// `Ids.Id.` the values of `Ids.Id.1`, `Ids.Id.2`, …; for `Tags.Tag.*.Key` the
    /// same of a member of each.
    pub(crate) fn list(&self, prefix: &str) -> Vec<String> {
        let (before, after) = prefix.split_once('*').unwrap_or((prefix, ""));
        (1..).map_while(|i| self.params.get(&format!("{before}{i}{after}")).cloned()).collect()
    }

    /// The body, for services of the JSON protocol, and of the CBOR protocol (CloudWatch).
    pub(crate) fn json(&self) -> serde_json::Value {
        if self.protocol == Protocol::Cbor {
            return cbor::read(&self.body).unwrap_or_default();
        }
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Success, in the query protocol: `result` is what stands inside `<…Result>`.
    pub(crate) fn xml(&self, result: &str) -> Answer {
        let name = &self.operation;
        let body = format!(
            "<{name}Response><{name}Result>{result}</{name}Result><ResponseMetadata><RequestId>r-1</RequestId>\
             </ResponseMetadata></{name}Response>"
        );
        Answer { status: 200, content_type: "text/xml", body: body.into_bytes() }
    }

    /// Success, in the protocol of EC2: `result` is what stands inside the response.
    pub(crate) fn ec2(&self, result: &str) -> Answer {
        let name = &self.operation;
        let body = format!("<{name}Response><requestId>r-1</requestId>{result}</{name}Response>");
        Answer { status: 200, content_type: "text/xml", body: body.into_bytes() }
    }

    /// An error in the protocol of EC2.
    pub(crate) fn ec2_error(&self, code: &str, message: &str) -> Answer {
        let body = format!(
            "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>\
             <RequestID>r-1</RequestID></Response>"
        );
        Answer { status: 400, content_type: "text/xml", body: body.into_bytes() }
    }

    /// Success, in the JSON or the CBOR protocol.
    pub(crate) fn answer_json(&self, body: &serde_json::Value) -> Answer {
        if self.protocol == Protocol::Cbor {
            return cbor_answer(200, body);
        }
        Answer {
            status: 200,
            content_type: "application/x-amz-json-1.1",
            body: body.to_string().into_bytes(),
        }
    }

    /// An error in the protocol of the call.
    pub(crate) fn error(&self, code: &str, message: &str) -> Answer {
        if self.protocol == Protocol::Cbor {
            return cbor_answer(400, &serde_json::json!({ "__type": code, "message": message }));
        }
        let (content_type, body) = if self.params.contains_key("Action") {
            let body = format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
                 <RequestId>r-1</RequestId></ErrorResponse>"
            );
            ("text/xml", body)
        } else {
            let body = serde_json::json!({ "__type": code, "message": message });
            ("application/x-amz-json-1.1", body.to_string())
        };
        Answer { status: 400, content_type, body: body.into_bytes() }
    }
}

/// What AWS answers.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Media type.
    pub content_type: &'static str,
    /// Body.
    pub body: Vec<u8>,
}

fn cbor_answer(status: u16, body: &serde_json::Value) -> Answer {
    Answer { status, content_type: "application/cbor", body: cbor::write(body) }
}

/// The pairs of a form.
fn form(body: &[u8]) -> BTreeMap<String, String> {
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    let text = String::from_utf8_lossy(body);
    text.split('&').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (decode(k), decode(v))).collect()
}

type Script = Box<dyn FnMut(&Call) -> Answer + Send>;

/// The connector: records each call and answers from the script.
#[derive(Clone)]
struct Scripted {
    script: Arc<Mutex<Script>>,
    calls: Arc<Mutex<Vec<Call>>>,
    /// How long each call takes.
    latency: Duration,
}

impl Scripted {
    fn new(script: impl FnMut(&Call) -> Answer + Send + 'static, latency: Duration) -> Self {
        Self { script: Arc::new(Mutex::new(Box::new(script))), calls: Arc::default(), latency }
    }
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scripted").finish_non_exhaustive()
    }
}

impl HttpConnector for Scripted {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let call = Call::of(&request);
        self.calls.lock().unwrap().push(call.clone());
        let answer = (self.script.lock().unwrap())(&call);
        let mut response = HttpResponse::new(answer.status.try_into().unwrap(), SdkBody::from(answer.body));
        response.headers_mut().insert("content-type", answer.content_type);
        response.headers_mut().insert("x-amzn-requestid", "r-1");
        if answer.content_type == "application/cbor" {
            response.headers_mut().insert("smithy-protocol", "rpc-v2-cbor");
        }
        if self.latency.is_zero() {
            return HttpConnectorFuture::ready(Ok(response));
        }
        let latency = self.latency;
        HttpConnectorFuture::new(async move {
            tokio::time::sleep(latency).await;
            Ok(response)
        })
    }
}

impl HttpClient for Scripted {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// A configured provider whose AWS is a closure. Its region is `us-east-1`.
#[derive(Debug)]
pub(crate) struct FakeAws {
    /// The provider configuration; set default and ignored tags here.
    pub provider: ProviderConfig,
    /// Fire it to have Terraform ask to stop.
    pub cancel: Cancel,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl FakeAws {
    /// An AWS that answers as `script` says.
    pub(crate) fn new(script: impl FnMut(&Call) -> Answer + Send + 'static) -> Self {
        let http = Scripted::new(script, Duration::ZERO);
        Self::of(Arc::clone(&http.calls), Aws::for_tests(http))
    }

    /// The same, if each call takes `latency`, for a provider that answers several reads with one call.
    pub(crate) fn distant(latency: Duration, script: impl FnMut(&Call) -> Answer + Send + 'static) -> Self {
        let http = Scripted::new(script, latency);
        Self::of(Arc::clone(&http.calls), Aws::batching_for_tests(http))
    }

    fn of(calls: Arc<Mutex<Vec<Call>>>, aws: Aws) -> Self {
        let mut provider = ProviderConfig::new(Ok(aws));
        provider.region = Field::from("us-east-1");
        Self { provider, cancel: Cancel::new(), calls }
    }

    /// Every call since the last time this was asked.
    pub(crate) fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }

    /// The operations of [`FakeAws::calls`].
    pub(crate) fn operations(&self) -> Vec<String> {
        self.calls().into_iter().map(|call| call.operation).collect()
    }

    /// The plan from `prior` (null for a create) to `config`.
    pub(crate) fn plan(&self, resource: &dyn AnyResource, prior: &Value, config: &Value) -> PlanResponse {
        self.plan_read(resource, &ReadResponse { state: prior.clone(), ..ReadResponse::default() }, config)
    }

    /// The plan from what a read or an import has found to `config`.
    pub(crate) fn plan_read(
        &self,
        resource: &dyn AnyResource,
        read: &ReadResponse,
        config: &Value,
    ) -> PlanResponse {
        let prior = read.state.clone();
        let proposed = propose(&resource.schema().block, config, &prior);
        let request = PlanRequest { config: config.clone(), prior, proposed, private: read.private.clone() };
        resource.plan(&self.provider, request)
    }

    /// Plans and applies a create.
    pub(crate) async fn create(&self, resource: &dyn AnyResource, config: Value) -> ApplyResponse {
        self.update(resource, &Value::Null, config).await
    }

    /// Plans and applies a change of `state` to `config`. The plan must have no errors.
    pub(crate) async fn update(
        &self,
        resource: &dyn AnyResource,
        state: &Value,
        config: Value,
    ) -> ApplyResponse {
        let read = ReadResponse { state: state.clone(), ..ReadResponse::default() };
        self.update_read(resource, &read, config).await
    }

    /// The same from what a read or an import has found.
    pub(crate) async fn update_read(
        &self,
        resource: &dyn AnyResource,
        read: &ReadResponse,
        config: Value,
    ) -> ApplyResponse {
        let plan = self.plan_read(resource, read, &config);
        assert!(!plan.diags.has_errors(), "{:?}", problems(&plan.diags));
        let (planned, private) = (plan.planned, plan.private);
        let request = ApplyRequest { config, prior: read.state.clone(), planned, private };
        resource.apply(&self.provider, &self.cancel, request).await
    }

    /// Refreshes a state.
    pub(crate) async fn read(&self, resource: &dyn AnyResource, state: &Value) -> ReadResponse {
        let request = ReadRequest { state: state.clone(), private: Vec::new() };
        resource.read(&self.provider, &self.cancel, request).await
    }

    /// Refreshes what an apply has left and nothing has changed since. State and private data stay as they are: a
    /// refresh-only plan compares both.
    pub(crate) async fn read_unchanged(
        &self,
        resource: &dyn AnyResource,
        applied: &ApplyResponse,
    ) -> ReadResponse {
        let request = ReadRequest { state: applied.state.clone(), private: applied.private.clone() };
        let read = resource.read(&self.provider, &self.cancel, request).await;
        assert_eq!(problems(&read.diags), [""; 0]);
        assert_eq!(read.state, applied.state);
        let [after, before] =
            [&read.private, &applied.private].map(|private| String::from_utf8_lossy(private));
        assert_eq!(after, before, "private data");
        read
    }

    /// The second plan of a replacement, as core requests it: without the prior state, and with the private data of the
    /// first plan.
    pub(crate) fn plan_replacement(
        &self,
        resource: &dyn AnyResource,
        first: &PlanResponse,
        config: &Value,
    ) -> PlanResponse {
        let private = first.private.clone();
        self.plan_read(resource, &ReadResponse { private, ..ReadResponse::default() }, config)
    }

    /// Refreshes what an apply has left, with its private data.
    pub(crate) async fn read_again(
        &self,
        resource: &dyn AnyResource,
        applied: ApplyResponse,
    ) -> ReadResponse {
        let request = ReadRequest { state: applied.state, private: applied.private };
        resource.read(&self.provider, &self.cancel, request).await
    }

    /// Destroys what `state` describes.
    pub(crate) async fn delete(&self, resource: &dyn AnyResource, state: &Value) -> ApplyResponse {
        let request = ApplyRequest { prior: state.clone(), ..ApplyRequest::default() };
        // Another run than the one that made it.
        let mut provider = self.provider.clone();
        provider.created_names = CreatedNames::default();
        provider.memberships = Memberships::default();
        provider.deleted_names = DeletedNames::default();
        provider.ongoing = Ongoing::default();
        provider.deferred_deletions = DeferredDeletions::default();
        resource.apply(&provider, &self.cancel, request).await
    }

    /// Deletes what something of the same name has taken the place of in this run.
    pub(crate) async fn delete_replaced(&self, resource: &dyn AnyResource, state: &Value) -> ApplyResponse {
        let request = ApplyRequest { prior: state.clone(), ..ApplyRequest::default() };
        resource.apply(&self.provider, &self.cancel, request).await
    }

    /// Reads what a data source is asked with these arguments.
    pub(crate) async fn ask(
        &self,
        source: &dyn AnyDataSource,
        arguments: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> ReadResponse {
        let config = source.schema().conform(Value::map(arguments));
        source.read(&self.provider, &self.cancel, config).await
    }

    /// Imports the object with that id and refreshes it.
    pub(crate) async fn import(&self, resource: &dyn AnyResource, id: &str) -> ReadResponse {
        match resource.import(id) {
            Ok(state) => {
                let request = ReadRequest { state, private: Private::imported().bytes() };
                resource.read(&self.provider, &self.cancel, request).await
            }
            Err(diagnostic) => ReadResponse { diags: diagnostic.into(), ..ReadResponse::default() },
        }
    }
}

/// A whole configuration from the arguments that are given.
pub(crate) fn config<const N: usize>(resource: &dyn AnyResource, entries: [(&str, Value); N]) -> Value {
    resource.schema().conform(Value::map(entries))
}

/// A map of strings, such as tags.
pub(crate) fn text_map<const N: usize>(entries: [(&str, &str); N]) -> Value {
    Value::map(entries.map(|(key, value)| (key, Value::from(value))))
}

/// Each diagnostic as `path: summary: detail`, for exact comparison.
pub(crate) fn problems(diags: &Diagnostics) -> Vec<String> {
    diags
        .iter()
        .map(|d| match &d.path {
            Some(path) => format!("{path}: {}: {}", d.summary, d.detail),
            None => format!("{}: {}", d.summary, d.detail),
        })
        .collect()
}

/// Core's proposal: the configuration, with prior values where a computed
/// attribute is left open.
fn propose(block: &Block, config: &Value, prior: &Value) -> Value {
    let mut proposed = Map::new();
    for attribute in &block.attributes {
        let (new, old) = (config.get(attribute.name), prior.get(attribute.name));
        let value = if new.is_null() && attribute.is_computed() { old } else { new };
        proposed.insert(attribute.name.to_owned(), value.clone());
    }
    for nested in &block.blocks {
        let (new, old) = (config.get(nested.name), prior.get(nested.name));
        let value = match (nested.nesting, new) {
            (BlockNesting::Single, Value::Map(_)) => propose(&nested.block, new, old),
            (BlockNesting::List, Value::List(items)) => {
                let old = |i| old.as_elements().and_then(|old| old.get(i)).unwrap_or(&Value::Null);
                let items = items.iter().enumerate();
                Value::List(items.map(|(i, item)| propose(&nested.block, item, old(i))).collect())
            }
            _ => new.clone(),
        };
        proposed.insert(nested.name.to_owned(), value);
    }
    Value::Map(proposed)
}

#[tokio::test]
async fn the_json_protocol_is_understood_too() {
    let aws = FakeAws::new(|call| match call.json()["Name"].as_str() {
        Some("/a") => call.answer_json(&serde_json::json!({ "Parameter": { "Value": "1" } })),
        _ => call.error("ParameterNotFound", "There is none."),
    });
    let client = aws.provider.aws().unwrap().ssm(None).await.unwrap();
    let found = client.get_parameter().name("/a").send().await.unwrap();
    assert_eq!(found.parameter().unwrap().value(), Some("1"));
    let error = client.get_parameter().name("/b").send().await.unwrap_err().into_service_error();
    assert!(error.is_parameter_not_found());
    assert_eq!(aws.operations(), ["GetParameter", "GetParameter"]);
}
