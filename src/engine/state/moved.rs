//! `moved` blocks that turn a resource of hashicorp/aws, or of another address of this provider,
//! into one of this provider.
//!
//! AWS knows the object, so the new state begins as that of an import. What AWS does not return
//! is taken from the old state: most arguments have the same names there. The old state is in the
//! schema version that wrote it; hosts do not upgrade it first.

use crate::diag::Diagnostic;
use crate::redact::names;
use crate::schema::{Attribute, Mode, Schema, common};
use crate::value::{Value, json};

/// The state of a resource under its old address.
#[derive(Debug, Clone, Default)]
pub struct MoveRequest {
    /// The provider's address, such as `registry.terraform.io/hashicorp/aws`. OpenTofu before
    /// 1.11.12 and 1.12.4 sends the first word of the resource type instead, such as `aws`.
    pub provider: String,
    /// The resource's type.
    pub type_name: String,
    /// Version of the schema that wrote the state.
    pub version: i64,
    /// Its state as stored.
    pub state: serde_json::Value,
    /// Its private data as stored.
    pub private: Vec<u8>,
}

/// The state of a moved object.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The state, still to be read.
    pub state: Value,
    /// Its private data.
    pub private: Vec<u8>,
}

impl MoveRequest {
    /// True for the state of this very type that another address of this provider wrote: a mirror,
    /// a fork, or the other registry.
    pub(in crate::engine) fn is_ours(&self, type_name: &str) -> bool {
        self.type_name == type_name && self.is_of("elasticache", "/elasticache")
    }

    fn is_of_aws(&self) -> bool {
        self.is_of("aws", "/hashicorp/aws")
    }

    fn is_of(&self, word: &str, end: &str) -> bool {
        self.provider == word || self.provider.ends_with(end)
    }
}

/// What a read finds in AWS anyway, or what is made of it; hashicorp/aws also keeps the name of
/// AWS's own key where none was given. `tags` is not among them: a read returns all tags of the object, and only
/// the old state has which of them repeat a default tag.
const READ_ANYWAY: &[&str] = &["id", "key_id", common::REGION];

/// The state to begin with, still to be read.
pub(in crate::engine) fn state(
    schema: &Schema,
    target: &str,
    sources: &[&str],
    request: &MoveRequest,
    import: impl FnOnce(&str) -> Result<Value, Diagnostic>,
) -> Result<Value, Diagnostic> {
    let MoveRequest { provider, type_name, state, .. } = request;
    if !(request.is_of_aws() && sources.contains(&type_name.as_str())) {
        let supported = match sources {
            [] => format!("Only {target} of another address of this provider can become one."),
            some => format!("Supported sources are {} of hashicorp/aws.", some.join(" and ")),
        };
        let source = names::type_name(type_name).unwrap_or("(unnamed)");
        let provider = names::provider_address(provider).unwrap_or("another provider");
        return Err(Diagnostic::error(
            "This move is not supported",
            format!(
                "The type {source} of {provider} cannot become {target}. {supported} Remove the moved block, then import \
                 the object under its new address and drop the old one with a removed block."
            ),
        ));
    }
    let text =
        |name: &str| state.get(name).and_then(serde_json::Value::as_str).filter(|text| !text.is_empty());
    let Some(id) = text("id") else {
        return Err(Diagnostic::error(
            "This state cannot be moved",
            format!("The state of {type_name} has no id. Import the object under its new address instead."),
        ));
    };
    let id = match text(common::REGION) {
        // As `terraform import` accepts it.
        Some(region) if !id.starts_with("arn:") => format!("{id}@{region}"),
        _ => id.to_owned(),
    };
    let mut moved = import(&id)?;
    if let Value::Map(entries) = &mut moved {
        for attribute in schema.block.attributes.iter().filter(|attribute| is_retained(attribute)) {
            let given = state.get(attribute.name).and_then(|given| json::decode(given, &attribute.ty()).ok());
            // hashicorp/aws keeps an empty value where nothing was given.
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
    Ok(moved)
}

/// True for what a configuration may give and a state may hold. A secret that the old state holds
/// stays in the state: without it, the same token or password would be planned as another one. `tags_all` stays
/// because a read with unknown `default_tags` takes the default tags from it.
fn is_retained(attribute: &Attribute) -> bool {
    let is_argument = attribute.mode != Mode::Computed && !attribute.write_only;
    (is_argument && !READ_ANYWAY.contains(&attribute.name)) || attribute.name == common::TAGS_ALL
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{AnyResource, Private};
    use crate::testing::test_resource::TestResource;
    use crate::value::Map;
    use serde_json::json;

    fn moved(provider: &str, type_name: &str, state: serde_json::Value) -> Result<Moved, Diagnostic> {
        let request = MoveRequest {
            provider: provider.into(),
            type_name: type_name.into(),
            state,
            private: b"old".to_vec(),
            ..MoveRequest::default()
        };
        AnyResource::moved(&TestResource, &request)
    }

    const AWS: &str = "registry.opentofu.org/hashicorp/aws";

    #[test]
    fn arguments_of_the_old_state_are_kept() {
        let old = json!({
            "id": "demo", "name": "Demo", "nodes": 3, "window": "", "actual": "7.1", "secret": "s", "token": "t",
            "tags": {"a": "b"}, "tags_all": {"a": "b", "team": "cache"}, "zones": {"not": "a list"}, "unheard": 1, "subnets": ["a"], "region": "eu-west-2",
            "timeouts": {"create": "1h", "read": "5m"}, "rule": [{"key": "k"}], "description": null,
        });
        let Moved { state, private } = moved(AWS, "aws_everything", old).unwrap();
        assert_eq!(state.get("nodes"), &Value::from(3));
        assert_eq!(state.get("region"), &Value::string("eu-west-2"));
        assert_eq!(state.get("subnets"), &Value::set([Value::string("a")]));
        assert_eq!(state.get("name"), &Value::string("Demo"));
        assert_eq!(state.get("secret"), &Value::string("s"));
        assert_eq!(state.get("tags"), &Value::map([("a", Value::from("b"))]));
        assert_eq!(state.get("tags_all").as_map().map(Map::len), Some(2));
        // Nothing that a read finds, that is empty, write-only, or of another form.
        for name in ["actual", "token", "zones", "window", "description"] {
            assert!(state.get(name).is_null(), "{name}");
        }
        assert!(state.get("rule").is_empty());
        assert_eq!(private, Private::imported().bytes());
    }

    #[test]
    fn every_address_that_a_host_sends_for_hashicorp_aws_is_accepted() {
        for provider in
            ["aws", "registry.terraform.io/hashicorp/aws", AWS, "mirror.example.com/hashicorp/aws"]
        {
            assert!(moved(provider, "aws_everything", json!({"id": "demo"})).is_ok(), "{provider}");
        }
    }

    #[test]
    fn state_of_this_type_from_another_address_is_upgraded_unchanged() {
        let old =
            json!({"id": "demo", "name": "Demo", "actual": "7.1", "tags_all": {"a": "b"}, "zones": null});
        for provider in [
            "elasticache",
            "registry.opentofu.org/elasticache-rs/elasticache",
            "example.com/fork/elasticache",
        ] {
            let Moved { state, private } = moved(provider, "elasticache_everything", old.clone()).unwrap();
            assert_eq!(state, AnyResource::upgrade(&TestResource, 0, old.clone()).unwrap(), "{provider}");
            assert_eq!(state.get("actual"), &Value::string("7.1"));
            assert_eq!(state.get("zones"), &Value::List(Vec::new()));
            assert_eq!(private, b"old");
        }
    }

    #[test]
    fn other_sources_are_refused() {
        let refused = |provider: &str, type_name: &str, state| moved(provider, type_name, state).unwrap_err();
        let error = refused("registry.terraform.io/other/aws", "aws_everything", json!({"id": "demo"}));
        assert_eq!(error.summary, "This move is not supported");
        assert!(
            error.detail.contains("Supported sources are aws_everything of hashicorp/aws."),
            "{}",
            error.detail
        );
        assert_eq!(refused(AWS, "aws_nothing", json!({"id": "demo"})).summary, "This move is not supported");
        let foreign = refused("example.com/a/cache", "elasticache_everything", json!({"id": "demo"}));
        assert_eq!(foreign.summary, "This move is not supported");
        assert_eq!(refused(AWS, "aws_everything", json!({"id": ""})).summary, "This state cannot be moved");
    }
}
