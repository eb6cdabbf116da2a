//! A resource, a list resource and an action that need no AWS, and a client of a provider that offers them.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

use terraform_provider_elasticache::diag::{Diagnostic, Diagnostics};
use terraform_provider_elasticache::engine::{
    Action, ActionProgress, AnyAction, AnyListResource, AnyResource, Context, Identity, ListError,
    ListResource, Listed, Registry, Resource, Results,
};
use terraform_provider_elasticache::object;
use terraform_provider_elasticache::plugin::Process;
use terraform_provider_elasticache::schema::{Schema, common, computed, optional, required};
use terraform_provider_elasticache::value::{Field, Value};
use terraform_provider_elasticache::wire::Service;
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_client::ProviderClient;
use tokio::sync::Semaphore;

use super::support::plugin_client::{Channel, client_of};
use super::{encode, provider_block};

pub(crate) const SHELF: &str = "elasticache_shelf";
pub(crate) const TIDY: &str = "elasticache_tidy";
pub(crate) const ACCOUNT: &str = "123456789012";

object! {
    /// A shelf.
    pub(crate) struct ShelfModel {
        /// ID.
        id: Field<String> = computed(),
        /// Name.
        name: Field<String> = required().replace(),
        /// Number of books.
        books: Field<i64> = optional(),
        /// ARN.
        arn: Field<String> = computed(),
        region: Field<String> = common::region(),
    }
}

/// A resource; one named `gone` does not exist.
pub(crate) struct Shelf;

fn arn(name: &str) -> String {
    format!("arn:aws:shelf:eu-west-1:{ACCOUNT}:shelf:{name}")
}

fn existing(model: ShelfModel) -> ShelfModel {
    let name = model.name.text().unwrap_or_default().to_owned();
    ShelfModel { id: name.as_str().into(), arn: arn(&name).as_str().into(), ..model }
}

impl Resource for Shelf {
    type Model = ShelfModel;

    fn type_name(&self) -> &'static str {
        SHELF
    }

    async fn create(
        &self,
        _: &Context<'_>,
        _: ShelfModel,
        planned: ShelfModel,
    ) -> Result<ShelfModel, Diagnostics> {
        Ok(existing(planned))
    }

    async fn read(&self, _: &Context<'_>, state: ShelfModel) -> Result<Option<ShelfModel>, Diagnostics> {
        Ok((state.name.text() != Some("gone")).then(|| existing(state)))
    }

    async fn update(
        &self,
        _: &Context<'_>,
        _: ShelfModel,
        _: ShelfModel,
        planned: ShelfModel,
    ) -> Result<ShelfModel, Diagnostics> {
        Ok(existing(planned))
    }

    async fn delete(&self, _: &Context<'_>, _: ShelfModel) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn identity(&self) -> Identity {
        Identity::of(&["name"])
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_shelf"]
    }

    fn import(&self, id: &str) -> Result<ShelfModel, Diagnostic> {
        Ok(ShelfModel { id: id.into(), name: id.into(), ..ShelfModel::default() })
    }
}

/// A gate that a test opens, or waits at; each test has its own.
pub(crate) fn gate(name: &str) -> Arc<Semaphore> {
    static GATES: LazyLock<Mutex<BTreeMap<String, Arc<Semaphore>>>> = LazyLock::new(Mutex::default);
    let mut gates = GATES.lock().unwrap();
    Arc::clone(gates.entry(name.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(0))))
}

/// Waits at a gate, once.
pub(crate) async fn pass(gate_name: &str) {
    gate(gate_name).acquire().await.unwrap().forget();
}

/// Opens a gate when it is dropped.
struct Opens<'a>(&'a str);

impl Drop for Opens<'_> {
    fn drop(&mut self) {
        gate(self.0).add_permits(1);
    }
}

object! {
    /// Does one step after the other.
    pub(crate) struct StepsModel {
        /// `verb:what`.
        steps: Field<Vec<String>> = optional(),
        /// A secret.
        token: Field<String> = optional().sensitive(),
        region: Field<String> = common::region_to_list(),
    }
}

fn steps(model: &StepsModel) -> impl Iterator<Item = (&str, &str)> {
    model.steps.known().into_iter().flatten().map(|step| step.split_once(':').unwrap())
}

/// The list resource: `page:a,b`, `tell:a` (with the secret in its name), `pass:GATE`, `hang:GATE`, `fail:TEXT`,
/// `panic:TEXT`.
pub(crate) struct Shelves;

impl ListResource for Shelves {
    type Model = StepsModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &Shelf
    }

    async fn list(
        &self,
        _: &Context<'_>,
        config: StepsModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        for (verb, what) in steps(&config) {
            match verb {
                "page" => {
                    let page = what
                        .split(',')
                        .map(|name| Listed::new(name, format!("Shelf {name}")).arn(Some(arn(name))));
                    results.page(page).await?;
                }
                "tell" => {
                    let name = format!("Shelf {}", config.token.text().unwrap_or_default());
                    results.page([Listed::new(what, name).arn(Some(arn(what)))]).await?;
                }
                "pass" => pass(what).await,
                "hang" => {
                    let _open = Opens(what);
                    std::future::pending::<()>().await;
                }
                "fail" => return Err(Diagnostic::error("Listing failed", what).into()),
                _ => panic!("{what}"),
            }
        }
        Ok(())
    }
}

/// The action: `say:TEXT`, `tell:` (the secret), `accept:SENTENCE`, `pass:GATE`, `stop:GATE` (waits for the stop, then
/// opens the gate), `fail:TEXT`, `panic:TEXT`.
pub(crate) struct Tidy;

impl Action for Tidy {
    type Model = StepsModel;

    fn type_name(&self) -> &'static str {
        TIDY
    }

    async fn plan(&self, _: &Context<'_>, config: &StepsModel) -> Diagnostics {
        match steps(config).next() {
            None => Diagnostic::error("No steps", "There is nothing to do.").into(),
            Some(_) => Diagnostics::new(),
        }
    }

    async fn invoke(
        &self,
        cx: &Context<'_>,
        config: StepsModel,
        progress: &ActionProgress,
    ) -> Result<(), Diagnostics> {
        for (verb, what) in steps(&config) {
            match verb {
                "say" => progress.say(what),
                "tell" => progress.say(format!("The token is {}", config.token.text().unwrap_or_default())),
                "accept" => progress.goes_on(what),
                "pass" => pass(what).await,
                "stop" => {
                    cx.scope().cancel().cancelled().await;
                    gate(what).add_permits(1);
                    return Err(Diagnostic::error("Tidying stopped", "Terraform asked to stop.").into());
                }
                "fail" => return Err(Diagnostic::error("Tidying failed", what).into()),
                _ => panic!("{what}"),
            }
        }
        Ok(())
    }
}

/// A configuration of the list resource or of the action.
pub(crate) fn config<const N: usize>(steps: [&str; N], token: Option<&str>) -> Option<pb::DynamicValue> {
    let schema: &Schema = AnyListResource::schema(&Shelves);
    let steps = Value::List(steps.map(Value::from).to_vec());
    let token = token.map_or(Value::Null, Value::from);
    encode(&schema.conform(Value::map([("steps", steps), ("token", token)])), schema.ty())
}

/// A configured provider in this process that offers all of this.
pub(crate) async fn start() -> ProviderClient<Channel> {
    static RESOURCES: &[&dyn AnyResource] = &[&Shelf];
    static LISTS: &[&dyn AnyListResource] = &[&Shelves];
    static ACTIONS: &[&dyn AnyAction] = &[&Tidy];
    let registry =
        Registry { resources: RESOURCES, list_resources: LISTS, actions: ACTIONS, ..Registry::default() };
    let mut client = client_of(Service::new(registry, Process::default())).await;
    let configured = call!(client, configure_provider { config: provider_block("http://127.0.0.1:9") });
    assert_eq!(configured.diagnostics, []);
    client
}
