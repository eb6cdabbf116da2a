//! One object of a resource, driven in this process as Terraform drives it: for a fault in each call of a life.

use serde_json::Value as Json;
use terraform_provider_elasticache::diag::Diagnostics;
use terraform_provider_elasticache::engine::AnyResource;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::value::{Value, json};

use super::driver::{Driver, State, errors};
use super::lawful::life;

/// A resource, its configuration, and its state.
pub struct Object {
    resource: &'static dyn AnyResource,
    config: Value,
    state: State,
}

#[track_caller]
fn without_errors(what: &str, diags: &Diagnostics) {
    assert_eq!(errors(diags), [""; 0], "{what}");
}

impl Object {
    /// Without a configuration and a state.
    pub fn new(type_name: &str) -> Self {
        let resource = REGISTRY.resources.iter().copied().find(|it| it.type_name() == type_name);
        let resource = resource.unwrap_or_else(|| panic!("no resource {type_name}"));
        Self { resource, config: Value::Null, state: State::default() }
    }

    /// Refreshes, plans, and applies the configuration, as one run of Terraform.
    #[track_caller]
    pub fn apply(&mut self, driver: &mut Driver, configuration: &Json) {
        let schema = self.resource.schema();
        self.config = schema.conform(json::decode(configuration, schema.ty()).unwrap());
        self.run(driver);
    }

    /// [`Object::apply`], after which a refresh changes nothing, and neither a plan nor a plan of an import does.
    #[track_caller]
    pub fn apply_and_verify(&mut self, driver: &mut Driver, configuration: &Json) {
        self.apply(driver, configuration);
        self.assert_settled(driver);
    }

    /// Destroys the object.
    #[track_caller]
    pub fn destroy(&mut self, driver: &mut Driver) {
        self.config = Value::Null;
        self.run(driver);
        assert_eq!(self.state.value, Value::Null);
    }

    #[track_caller]
    fn run(&mut self, driver: &mut Driver) {
        driver.restart();
        let (state, diags) = driver.refresh(self.resource, &self.state);
        without_errors("refresh", &diags);
        let (state, diags) = driver.apply(self.resource, &state, &self.config);
        without_errors("apply", &diags);
        self.state = state;
    }

    /// A refresh changes nothing, and neither a plan nor a plan of an import does.
    #[track_caller]
    pub fn assert_settled(&self, driver: &mut Driver) {
        driver.restart();
        let (state, diags) = driver.refresh(self.resource, &self.state);
        without_errors("refresh", &diags);
        assert_eq!(state.value, self.state.value, "the refresh changes the state");
        assert_eq!(driver.is_settled(self.resource, &state, &self.config), Ok(()));
        assert_eq!(life::import(driver, self.resource, &state, &self.config), Ok(()));
    }

    /// An attribute of the state.
    pub fn get(&self, name: &str) -> &Value {
        self.state.value.get(name)
    }
}
