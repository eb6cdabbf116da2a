//! `moved` blocks that turn a resource of hashicorp/aws into one of this provider.
//!
//! Since Terraform 1.8 the provider of the new resource is given the state of the old one.
//! AWS knows the object, so the new state begins as that of an import. What AWS does not tell
//! is taken from the old state: most arguments have the names they have there.

use crate::diag::Diagnostic;
use crate::schema::{Attribute, Mode, Schema, common};
use crate::value::{Value, json};

/// The state of another provider's resource.
#[derive(Debug, Clone)]
pub struct MoveRequest {
    /// The provider's address, such as `registry.terraform.io/hashicorp/aws`.
    pub provider: String,
    /// The resource's type.
    pub type_name: String,
    /// Its state as stored.
    pub state: serde_json::Value,
}

/// What is found in AWS anyway, or is made of it; that provider also keeps the name of AWS's own
/// key where none was given.
const TOLD: &[&str] = &["id", "key_id", common::REGION, "tags", "tags_all"];

/// The state to begin with, still to be read.
pub(super) fn state(
    schema: &Schema,
    target: &str,
    sources: &[&str],
    request: &MoveRequest,
    import: impl FnOnce(&str) -> Result<Value, Diagnostic>,
) -> Result<Value, Diagnostic> {
    let MoveRequest { provider, type_name, state } = request;
    let known = provider.ends_with("/hashicorp/aws") && sources.contains(&type_name.as_str());
    if !known {
        let may = match sources {
            [] => "Nothing can become one by a moved block.".to_owned(),
            some => format!("What can is {} of hashicorp/aws.", some.join(" or ")),
        };
        return Err(Diagnostic::error(
            "This move is not supported",
            format!(
                "A {type_name} of {provider} cannot become a {target}. {may} Remove the moved block, then import the \
                 object under its new address and drop the old one with a removed block."
            ),
        ));
    }
    let text =
        |name: &str| state.get(name).and_then(serde_json::Value::as_str).filter(|text| !text.is_empty());
    let Some(id) = text("id") else {
        return Err(Diagnostic::error(
            "This state cannot be moved",
            format!(
                "The state of the {type_name} has no id. Import the object under its new address instead."
            ),
        ));
    };
    let id = match text(common::REGION) {
        // As `terraform import` takes it.
        Some(region) => format!("{id}@{region}"),
        None => id.to_owned(),
    };
    let mut moved = import(&id)?;
    if let Value::Map(entries) = &mut moved {
        for attribute in schema.block.attributes.iter().filter(|attribute| is_argument(attribute)) {
            let given = state.get(attribute.name).and_then(|given| json::decode(given, &attribute.ty()).ok());
            // Empty is what that provider keeps where nothing was given.
            if let Some(given) = given.filter(|given| !given.is_null() && !given.is_empty()) {
                entries.insert(attribute.name.to_owned(), given);
            }
        }
        let timeouts = schema.block.nested_block(common::TIMEOUTS);
        let given = timeouts.zip(state.get(common::TIMEOUTS));
        if let Some(Ok(given)) = given.map(|(block, given)| json::decode(given, &block.ty())) {
            entries.insert(common::TIMEOUTS.to_owned(), given);
        }
    }
    Ok(schema.conform(moved))
}

/// True for what a configuration may give and a state may hold: no secret comes over.
fn is_argument(attribute: &Attribute) -> bool {
    let nested = attribute.nested.iter().flat_map(|nested| &nested.attributes);
    let secret = |attribute: &Attribute| attribute.sensitive || attribute.write_only;
    attribute.mode != Mode::Computed
        && !TOLD.contains(&attribute.name)
        && !std::iter::once(attribute).chain(nested).any(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::AnyResource;
    use crate::engine::everything::Everything;
    use serde_json::json;

    fn moved(provider: &str, type_name: &str, state: serde_json::Value) -> Result<Value, Diagnostic> {
        let request = MoveRequest { provider: provider.into(), type_name: type_name.into(), state };
        AnyResource::moved(&Everything, &request)
    }

    const AWS: &str = "registry.opentofu.org/hashicorp/aws";

    #[test]
    fn takes_over_what_a_configuration_may_give() {
        let state = moved(
            AWS,
            "aws_everything",
            json!({
                "id": "demo", "name": "Demo", "nodes": 3, "window": "", "actual": "7.1", "secret": "s", "token": "t",
                "tags": {"a": "b"}, "zones": {"not": "a list"}, "unheard": 1, "subnets": ["a"], "region": "eu-west-2",
                "timeouts": {"create": "1h", "read": "5m"}, "rule": [{"key": "k"}], "description": null,
            }),
        )
        .unwrap();
        assert_eq!(state.get("nodes"), &Value::from(3));
        assert_eq!(state.get("region"), &Value::string("eu-west-2"));
        assert_eq!(state.get("subnets"), &Value::set([Value::string("a")]));
        assert_eq!(state.get("name"), &Value::string("Demo"));
        // Nothing that is found in AWS, empty, secret, or of another form.
        for name in ["actual", "secret", "token", "tags", "zones", "window", "description"] {
            assert!(state.get(name).is_null(), "{name}");
        }
        assert!(state.get("rule").is_empty());
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        let refused = |provider: &str, type_name: &str, state| moved(provider, type_name, state).unwrap_err();
        let error = refused("registry.terraform.io/other/aws", "aws_everything", json!({"id": "demo"}));
        assert_eq!(error.summary, "This move is not supported");
        assert!(error.detail.contains("What can is aws_everything of hashicorp/aws."), "{}", error.detail);
        assert_eq!(refused(AWS, "aws_nothing", json!({"id": "demo"})).summary, "This move is not supported");
        assert_eq!(refused(AWS, "aws_everything", json!({"id": ""})).summary, "This state cannot be moved");
    }
}
