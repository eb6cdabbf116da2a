//! Resources with a defect: one that panics, and one that quotes secrets.

use terraform_provider_elasticache::diag::{Diagnostic, Diagnostics};
use terraform_provider_elasticache::engine::{
    AnyResource, ApplyRequest, ApplyResponse, IdentitySchema, MoveRequest, Moved, PlanRequest, PlanResponse,
    ProviderConfig, ReadRequest, ReadResponse, Registry,
};
use terraform_provider_elasticache::plugin::Process;
use terraform_provider_elasticache::schema::Schema;
use terraform_provider_elasticache::value::Value;
use terraform_provider_elasticache::wire::Service;
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_server::Provider;
use tokio_util::sync::CancellationToken;
use tonic::Request;

use super::{GROUP, encode, group, null, object, only, resource};

/// A resource with a defect: whatever it is asked, it panics.
struct Broken;

#[tonic::async_trait]
impl AnyResource for Broken {
    fn type_name(&self) -> &'static str {
        "elasticache_broken"
    }
    fn schema(&self) -> &'static Schema {
        resource(GROUP).schema()
    }
    fn validate(&self, _: &Value) -> Diagnostics {
        panic!("at validate")
    }
    fn plan(&self, _: &ProviderConfig, _: PlanRequest) -> PlanResponse {
        panic!("at plan")
    }
    async fn before_removal(&self, _: &ProviderConfig, _: &CancellationToken, _: &Value) -> Diagnostics {
        panic!("before a removal")
    }
    async fn apply(&self, _: &ProviderConfig, _: &CancellationToken, _: ApplyRequest) -> ApplyResponse {
        tokio::task::yield_now().await;
        panic!("at apply")
    }
    async fn read(&self, _: &ProviderConfig, _: &CancellationToken, _: ReadRequest) -> ReadResponse {
        tokio::task::yield_now().await;
        panic!("at read")
    }
    fn identity_schema(&self) -> IdentitySchema {
        resource(GROUP).identity_schema()
    }
    fn import(&self, _: &str) -> Result<Value, Diagnostic> {
        panic!("at import")
    }
    fn import_stub(&self, _: &Value) -> Result<Value, Diagnostics> {
        panic!("at import by identity")
    }
    fn generate(&self, _: &ProviderConfig, _: &Value) -> Result<Value, Diagnostic> {
        panic!("at generate")
    }
    fn moved(&self, _: &MoveRequest) -> Result<Moved, Diagnostic> {
        panic!("at move")
    }
    fn upgrade(&self, _: i64, _: serde_json::Value) -> Result<Value, Diagnostic> {
        panic!("at upgrade")
    }
}

/// The service itself, in this process: no resource of the built binary panics on demand.
#[tokio::test]
async fn a_panic_is_a_diagnostic_that_asks_for_a_report() {
    static BROKEN: &[&dyn AnyResource] = &[&Broken];
    let service = Service::new(Registry { resources: BROKEN, ..Registry::default() }, Process::default());
    let type_name = || "elasticache_broken".to_owned();
    macro_rules! answer {
        ($rpc:ident { $($field:ident : $value:expr),* }) => {{
            #[allow(clippy::needless_update)]
            let request = pb::$rpc::Request { $($field: $value,)* ..Default::default() };
            service.$rpc(Request::new(request)).await.unwrap().into_inner().diagnostics
        }};
    }
    let raw_state = Some(pb::RawState { json: b"{}".to_vec(), ..Default::default() });
    let identity = Some(pb::ResourceIdentityData { identity_data: null() });
    let answers = [
        ("validate", answer!(validate_resource_config { type_name: type_name(), config: group() })),
        ("plan", answer!(plan_resource_change { type_name: type_name(), config: group() })),
        ("apply", answer!(apply_resource_change { type_name: type_name(), config: group() })),
        ("read", answer!(read_resource { type_name: type_name(), current_state: group() })),
        ("import", answer!(import_resource_state { type_name: type_name(), id: "x".into() })),
        ("import by identity", answer!(import_resource_state { type_name: type_name(), identity: identity })),
        ("generate", answer!(generate_resource_config { type_name: type_name(), state: group() })),
        ("upgrade", answer!(upgrade_resource_state { type_name: type_name(), raw_state: raw_state })),
    ];
    for (what, diagnostics) in &answers {
        let bug = only(diagnostics);
        assert_eq!(bug.summary, "Provider defect");
        assert!(
            bug.detail.contains(&format!("panicked: at {what}")) && bug.detail.contains("report"),
            "{bug:?}"
        );
    }
}

/// A resource that shows all it knows, in a diagnostic and in a panic.
struct Leaky;

#[tonic::async_trait]
impl AnyResource for Leaky {
    fn type_name(&self) -> &'static str {
        "elasticache_leaky"
    }
    fn schema(&self) -> &'static Schema {
        resource("elasticache_ssm_url").schema()
    }
    fn validate(&self, config: &Value) -> Diagnostics {
        Diagnostic::error("Leak", format!("{config:?}")).into()
    }
    fn plan(&self, _: &ProviderConfig, request: PlanRequest) -> PlanResponse {
        panic!("{:?}", request.config)
    }
    async fn apply(&self, _: &ProviderConfig, _: &CancellationToken, request: ApplyRequest) -> ApplyResponse {
        let secret = request.config.get("auth_token").as_str().unwrap_or_default().to_owned();
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        ApplyResponse { diags: Diagnostic::error(secret, hex).into(), ..ApplyResponse::default() }
    }
    async fn read(&self, _: &ProviderConfig, _: &CancellationToken, request: ReadRequest) -> ReadResponse {
        let diags = Diagnostic::error("Leak", format!("{:?}", request.state)).into();
        ReadResponse { diags, ..ReadResponse::default() }
    }
    async fn before_removal(&self, _: &ProviderConfig, _: &CancellationToken, state: &Value) -> Diagnostics {
        Diagnostic::error("Leak", format!("{state:?}")).into()
    }
    fn identity_schema(&self) -> IdentitySchema {
        resource("elasticache_ssm_url").identity_schema()
    }
    fn import(&self, id: &str) -> Result<Value, Diagnostic> {
        Err(Diagnostic::error("Leak", id))
    }
    fn import_stub(&self, identity: &Value) -> Result<Value, Diagnostics> {
        Err(Diagnostic::error("Leak", format!("{identity:?}")).into())
    }
    fn generate(&self, _: &ProviderConfig, state: &Value) -> Result<Value, Diagnostic> {
        Err(Diagnostic::error("Leak", format!("{state:?}")))
    }
    fn moved(&self, request: &MoveRequest) -> Result<Moved, Diagnostic> {
        Err(Diagnostic::error("Leak", request.state.to_string()))
    }
    fn upgrade(&self, _: i64, state: serde_json::Value) -> Result<Value, Diagnostic> {
        Err(Diagnostic::error("Leak", state.to_string()))
    }
}

#[tokio::test]
async fn no_reply_shows_a_sensitive_value_even_when_the_provider_quotes_it() {
    static LEAKY: &[&dyn AnyResource] = &[&Leaky];
    const TOKEN: &str = "token-of-the-test-!&#0123";
    let service = Service::new(Registry { resources: LEAKY, ..Registry::default() }, Process::default());
    let schema = Leaky.schema();
    let config =
        || encode(&object(schema, [("name", "/url".into()), ("auth_token", TOKEN.into())]), schema.ty());
    let type_name = || "elasticache_leaky".to_owned();
    macro_rules! answer {
        ($rpc:ident { $($field:ident : $value:expr),* }) => {{
            #[allow(clippy::needless_update)]
            let request = pb::$rpc::Request { $($field: $value,)* ..Default::default() };
            service.$rpc(Request::new(request)).await.unwrap().into_inner().diagnostics
        }};
    }
    let json = format!("{{\"name\": \"/url\", \"auth_token\": \"{TOKEN}\"}}").into_bytes();
    let state = || Some(pb::RawState { json: json.clone(), ..Default::default() });
    let answers = [
        answer!(validate_resource_config { type_name: type_name(), config: config() }),
        answer!(plan_resource_change {
            type_name: type_name(),
            config: config(),
            proposed_new_state: config()
        }),
        answer!(apply_resource_change { type_name: type_name(), config: config(), planned_state: config() }),
        answer!(read_resource { type_name: type_name(), current_state: config() }),
        answer!(generate_resource_config { type_name: type_name(), state: config() }),
        answer!(upgrade_resource_state { type_name: type_name(), raw_state: state() }),
        answer!(move_resource_state { target_type_name: type_name(), source_state: state() }),
        answer!(import_resource_state { type_name: type_name(), id: format!("rediss://:{TOKEN}@host:6379") }),
    ];
    for diagnostics in &answers {
        let reported: String = diagnostics.iter().map(|d| format!("{} {}\n", d.summary, d.detail)).collect();
        assert!(reported.contains("(redacted)") && !reported.contains("token-of-the-test"), "{reported}");
        assert!(!reported.contains("746f6b656e2d6f66"), "{reported}");
    }
}
