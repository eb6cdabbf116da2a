//! The identity of an object: the account, the Region and the key by which `import { identity = … }` finds it.
//!
//! The form is that of hashicorp/aws, so that an identity written for it is valid here as well. Everything is derived
//! from the state: the Region from `region`, the account from the ARN, the key from the attributes that
//! [`Identity`] names, none of which changes while the object exists. hashicorp/aws takes the account of its
//! credentials instead, which costs a call to STS in every run.

use std::borrow::Cow;

use crate::diag::{Diagnostic, Diagnostics};
use crate::schema::{Schema, common};
use crate::value::{Path, Type, Value, json};

/// Name of the identity attribute that holds the account.
const ACCOUNT_ID: &str = "account_id";

/// Name of the attribute of a state that holds the ARN.
const ARN: &str = "arn";

/// What separates the keys of an object that has several, in an import ID.
const SEPARATOR: &str = ",";

/// The key of an object among those of its type, account and Region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    keys: &'static [&'static str],
}

impl Identity {
    /// The attributes of the resource that are the key: strings that never change, or whose change forces a new
    /// resource. They are named as import IDs name them.
    pub const fn of(keys: &'static [&'static str]) -> Self {
        Self { keys }
    }

    /// The attributes that are the key.
    pub fn keys(self) -> &'static [&'static str] {
        self.keys
    }
}

/// One attribute of an identity. All are strings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityAttribute {
    /// Its name.
    pub name: &'static str,
    /// What it means, in Markdown.
    pub description: Cow<'static, str>,
    /// True when an import must give it.
    pub required: bool,
}

/// What an import by identity says of the object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine) struct Given {
    /// Its account.
    pub account: Option<String>,
    /// Its Region.
    pub region: Option<String>,
    /// The import ID that its key amounts to.
    pub id: String,
}

/// The identity of one type of resource, with the schema that its key comes from.
#[derive(Debug, Clone, Copy)]
pub struct IdentitySchema {
    identity: Identity,
    schema: &'static Schema,
}

impl IdentitySchema {
    /// Version of the form of every identity.
    pub const VERSION: i64 = 0;

    /// The identity of a type with this schema.
    pub fn new(identity: Identity, schema: &'static Schema) -> Self {
        Self { identity, schema }
    }

    /// The attributes of the resource that are the key.
    pub fn keys(self) -> &'static [&'static str] {
        self.identity.keys
    }

    /// All attributes, in the order of the reference pages.
    pub fn attributes(self) -> Vec<IdentityAttribute> {
        let optional = |name, description| IdentityAttribute {
            name,
            description: Cow::Borrowed(description),
            required: false,
        };
        let account = optional(ACCOUNT_ID, "ID of the AWS account. Defaults to the account of the provider.");
        let region = optional(common::REGION, "AWS Region of the object. Defaults to the provider's Region.");
        let keys = self.identity.keys.iter().map(|name| IdentityAttribute {
            name,
            description: self
                .schema
                .block
                .attribute(name)
                .map_or(Cow::Borrowed(""), |attribute| attribute.description.clone()),
            required: true,
        });
        [Some(account), self.has_region().then_some(region)].into_iter().flatten().chain(keys).collect()
    }

    /// The type of an identity.
    pub fn ty(self) -> Type {
        Type::object(self.names().map(|name| (name, Type::String)))
    }

    /// The identity of the object with this state; null when there is no object. The account is that of `stored`, the
    /// identity that core holds for the object, when the state has no ARN; null where neither has one.
    pub fn of_state(self, state: &Value, stored: &Value) -> Value {
        if state.is_null() {
            return Value::Null;
        }
        let own = |name: &str| state.get(name).clone();
        let known = |value: &Value| if value.is_unknown() { Value::Null } else { value.clone() };
        Value::map(self.names().map(|name| {
            let value = match name {
                ACCOUNT_ID => match state.get(ARN) {
                    Value::Unknown => Value::Unknown,
                    arn => {
                        let own = arn.as_str().and_then(account_of_arn);
                        own.map_or_else(|| known(stored.get(ACCOUNT_ID)), Value::string)
                    }
                },
                common::REGION => match own(common::REGION) {
                    Value::Null => known(stored.get(common::REGION)),
                    region => region,
                },
                key => own(key),
            };
            (name, value)
        }))
    }

    /// The identity to plan: that of the existing object, and none for one that is created. A replacement keeps that of
    /// the old object, since core plans it once more as a create.
    ///
    /// Terraform accepts unknown values in the identity of a create. OpenTofu 1.12.6 fails to store them in the middle
    /// of an apply ("failed to encode … in state: value is not known").
    pub fn planned(self, prior: &Value, stored: &Value) -> Value {
        self.of_state(prior, stored)
    }

    /// The identity of an object that a listing found.
    pub(in crate::engine) fn of_listed(
        self,
        account: Option<&str>,
        region: Option<&str>,
        keys: &[String],
    ) -> Value {
        let mut keys = keys.iter().map(String::as_str);
        Value::map(self.names().map(|name| {
            let value = match name {
                ACCOUNT_ID => account,
                common::REGION => region,
                _ => keys.next(),
            };
            (name, value.map_or(Value::Null, Value::string))
        }))
    }

    /// What an import by this identity says. Core passes null for an attribute that the configuration omits, also for
    /// one that is required.
    ///
    /// # Errors
    /// A key that is missing or empty, each at its attribute.
    pub(in crate::engine) fn given(self, type_name: &str, identity: &Value) -> Result<Given, Diagnostics> {
        let text = |name: &str| identity.get(name).as_str().filter(|text| !text.is_empty());
        let mut diags = Diagnostics::new();
        for name in self.identity.keys.iter().filter(|name| text(name).is_none()) {
            diags.error_at(
                Path::attribute(*name),
                "Missing identity attribute",
                format!(
                    "`{name}` is required in the identity of {type_name}. Set it to import the object by its identity."
                ),
            );
        }
        if diags.has_errors() {
            return Err(diags);
        }
        let keys: Vec<&str> = self.identity.keys.iter().filter_map(|name| text(name)).collect();
        Ok(Given {
            account: text(ACCOUNT_ID).map(str::to_owned),
            region: text(common::REGION).map(str::to_owned),
            id: keys.join(SEPARATOR),
        })
    }

    /// A stored identity in the form of the present schema. Terraform asks for it also where none is stored, with no
    /// JSON at all, and accepts null.
    ///
    /// # Errors
    /// A version that no release wrote, or another form.
    pub fn upgrade(
        self,
        type_name: &str,
        version: i64,
        stored: &serde_json::Value,
    ) -> Result<Value, Diagnostic> {
        let unreadable = |why: String| {
            Diagnostic::error(format!("The stored identity of {type_name} cannot be read"), why)
        };
        if version != Self::VERSION {
            return Err(unreadable(format!(
                "The identity has the schema version {version}, and this provider reads version {}. A newer version of the \
                 provider wrote it: use that version or a later one.",
                Self::VERSION
            )));
        }
        let decoded = json::decode(stored, &self.ty()).map_err(|error| unreadable(format!("{error}.")))?;
        if decoded.is_null() {
            return Ok(Value::Null);
        }
        Ok(Value::map(self.names().map(|name| (name, decoded.get(name).clone()))))
    }

    fn names(self) -> impl Iterator<Item = &'static str> {
        let region = self.has_region().then_some(common::REGION);
        [Some(ACCOUNT_ID), region].into_iter().flatten().chain(self.identity.keys.iter().copied())
    }

    fn has_region(self) -> bool {
        self.schema.block.attribute(common::REGION).is_some()
    }
}

/// The error of a read whose answer is about another object than that of the state, or about none. The identity would
/// be lost in the state, and the next read would find that the object does not exist. A key in another form than that
/// of the state, such as the name by which an object is imported, says nothing.
pub(in crate::engine) fn other_object(
    type_name: &str,
    keys: &[&str],
    state: &Value,
    observed: &Value,
) -> Option<Diagnostic> {
    let is_arn = |text: &str| text.starts_with("arn:");
    keys.iter().find_map(|name| {
        let own = state.get(name).as_str().filter(|own| !own.is_empty())?;
        let found = match observed.get(name).as_str() {
            Some(other) if own.eq_ignore_ascii_case(other) || (is_arn(other) && !is_arn(own)) => return None,
            Some(other) => {
                format!("another object: `{name}` is {other:?} in the response and {own:?} in the state")
            }
            None => format!("an incomplete response without `{name}`"),
        };
        let detail = format!("AWS returned {found}. The state was not changed; run Terraform again.");
        Some(Diagnostic::error(format!("Failed to read {type_name} {own:?}"), detail))
    })
}

/// The account in an ARN; `None` for one that names no account.
pub(in crate::engine) fn account_of_arn(arn: &str) -> Option<&str> {
    let mut parts = arn.splitn(6, ':');
    let account = (parts.next() == Some("arn")).then(|| parts.nth(3)).flatten()?;
    // The sixth part is the resource.
    parts.next()?;
    Some(account).filter(|account| !account.is_empty())
}

/// An identity of another account than that of the provider's credentials, where both are known.
///
/// # Errors
/// A diagnostic that names both.
pub(in crate::engine) fn check_account(given: &str, own: &str) -> Result<(), Diagnostic> {
    if given == own {
        return Ok(());
    }
    Err(Diagnostic::error(
        "Identity of another AWS account",
        format!(
            "`account_id` is {given:?}, and the credentials of the provider belong to the account {own:?}. Import the object \
             with a provider configuration for the account {given:?}, or correct `account_id`."
        ),
    )
    .at(Path::attribute(ACCOUNT_ID)))
}

/// A Region beside an ARN that names another one.
///
/// # Errors
/// A diagnostic that names both.
pub(in crate::engine) fn check_region(given: &str, own: &str) -> Result<(), Diagnostic> {
    if given == own {
        return Ok(());
    }
    Err(Diagnostic::error(
        "Conflicting Regions in the identity",
        format!(
            "`region` is {given:?}, and the ARN names the Region {own:?}. Remove `region`, or correct it."
        ),
    )
    .at(Path::attribute(common::REGION)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::AnyResource;
    use crate::schema::{Attribute, Block};
    use crate::testing::test_resource::TestResource;

    const ARN_OF_A: &str = "arn:aws:elasticache:eu-west-1:123456789012:subnetgroup:a:b";

    fn schema(identity: Identity) -> IdentitySchema {
        static SCHEMA: std::sync::LazyLock<Schema> = std::sync::LazyLock::new(|| {
            let text = |name, description| Attribute::optional(name, Type::String, description);
            Schema::new(Block::new("").attributes([
                text("group", "ID of the group."),
                text("user", "ID of the user."),
                text("arn", "ARN."),
                text("region", "AWS Region."),
            ]))
        });
        IdentitySchema::new(identity, &SCHEMA)
    }

    fn object<const N: usize>(entries: [(&str, &str); N]) -> Value {
        Value::map(entries.map(|(name, value)| (name, Value::from(value))))
    }

    fn pair() -> IdentitySchema {
        schema(Identity::of(&["group", "user"]))
    }

    #[test]
    fn account_and_region_are_optional_and_keys_are_required() {
        let attributes = pair().attributes();
        let observed: Vec<_> = attributes.iter().map(|it| (it.name, it.required)).collect();
        assert_eq!(observed, [("account_id", false), ("region", false), ("group", true), ("user", true)]);
        assert_eq!(attributes[2].description, "ID of the group.");
        let names = ["account_id", "region", "group", "user"].map(|name| (name, Type::String));
        assert_eq!(pair().ty(), Type::object(names));
    }

    #[test]
    fn account_comes_from_the_arn_or_stays() {
        let stored = object([("account_id", "210987654321"), ("region", "eu-west-2")]);
        let state = object([("group", "g"), ("user", "u"), ("region", "eu-west-1"), ("arn", ARN_OF_A)]);
        let identity = |state: &Value, stored: &Value| pair().of_state(state, stored);
        let of = |account: Value, region: &str| {
            let [region, group, user] = [region, "g", "u"].map(Value::from);
            Value::map([("account_id", account), ("region", region), ("group", group), ("user", user)])
        };
        assert_eq!(identity(&state, &stored), of("123456789012".into(), "eu-west-1"));
        assert_eq!(identity(&state, &Value::Null), of("123456789012".into(), "eu-west-1"));
        let without_arn = object([("group", "g"), ("user", "u"), ("region", "eu-west-1")]);
        assert_eq!(identity(&without_arn, &stored), of("210987654321".into(), "eu-west-1"));
        assert_eq!(identity(&without_arn, &Value::Null), of(Value::Null, "eu-west-1"));
        let stub = object([("group", "g"), ("user", "u")]);
        assert_eq!(identity(&stub, &stored), of("210987654321".into(), "eu-west-2"));
        assert_eq!(identity(&Value::Null, &stored), Value::Null);
    }

    #[test]
    fn arn_without_account_names_none() {
        assert_eq!(account_of_arn(ARN_OF_A), Some("123456789012"));
        for arn in ["arn:aws:s3:::bucket", "arn:aws:elasticache:eu-west-1:123456789012", "a:b:c:d:e:f", ""] {
            assert_eq!(account_of_arn(arn), None, "{arn}");
        }
    }

    #[test]
    fn plan_has_the_identity_of_the_existing_object() {
        let prior = object([("group", "old"), ("user", "u"), ("region", "eu-west-1"), ("arn", ARN_OF_A)]);
        assert_eq!(pair().planned(&prior, &Value::Null), pair().of_state(&prior, &Value::Null));
        // Not even that which the first plan of a replacement had.
        let stored = object([("account_id", "1"), ("group", "old")]);
        assert_eq!(pair().planned(&Value::Null, &stored), Value::Null);
    }

    #[test]
    fn unknown_identity_does_not_reach_a_state() {
        let stored = Value::map([("account_id", Value::Unknown), ("region", Value::Unknown)]);
        let identity = pair().of_state(&object([("group", "g"), ("user", "u")]), &stored);
        assert!(identity.is_wholly_known(), "{identity:?}");
    }

    #[test]
    fn missing_keys_are_errors_at_their_attributes() {
        let identity =
            Value::map([("user", Value::Null), ("group", "".into()), ("region", "eu-west-1".into())]);
        let diags = pair().given("elasticache_x", &identity).unwrap_err();
        let paths: Vec<_> = diags.iter().map(|it| it.path.clone().unwrap()).collect();
        assert_eq!(paths, [Path::attribute("group"), Path::attribute("user")]);
        let first = diags.iter().next().unwrap();
        assert_eq!(first.summary, "Missing identity attribute");
        assert!(
            first.detail.starts_with("`group` is required in the identity of elasticache_x."),
            "{first:?}"
        );
        assert_eq!(pair().given("elasticache_x", &Value::Null).unwrap_err().iter().count(), 2);
    }

    #[test]
    fn given_identity_is_an_import_id() {
        let identity = object([("group", "g"), ("user", "u"), ("account_id", ""), ("region", "eu-west-1")]);
        let given = pair().given("elasticache_x", &identity).unwrap();
        assert_eq!(given, Given { account: None, region: Some("eu-west-1".into()), id: "g,u".into() });
    }

    #[test]
    fn listed_identity_is_that_of_the_state_that_is_read() {
        let keys = ["g".to_owned(), "u".to_owned()];
        let listed = pair().of_listed(Some("123456789012"), Some("eu-west-1"), &keys);
        let state = object([("group", "g"), ("user", "u"), ("region", "eu-west-1"), ("arn", ARN_OF_A)]);
        assert_eq!(listed, pair().of_state(&state, &Value::Null));
        assert!(pair().of_listed(None, None, &keys).get("account_id").is_null());
    }

    #[test]
    fn another_account_or_region_is_an_error_that_names_both() {
        assert_eq!(check_account("1", "1"), Ok(()));
        let error = check_account("111111111111", "222222222222").unwrap_err();
        assert_eq!(error.path, Some(Path::attribute("account_id")));
        assert!(error.detail.contains("111111111111") && error.detail.contains("222222222222"), "{error:?}");
        assert_eq!(check_region("eu-west-1", "eu-west-1"), Ok(()));
        let error = check_region("eu-west-1", "eu-west-2").unwrap_err();
        assert_eq!(error.path, Some(Path::attribute("region")));
        assert!(error.detail.contains("eu-west-1") && error.detail.contains("eu-west-2"), "{error:?}");
    }

    #[test]
    fn stored_identity_takes_the_form_of_the_schema() {
        let upgrade = |version, stored: serde_json::Value| pair().upgrade("elasticache_x", version, &stored);
        let old = json!({"group": "g", "user": "u", "partition": "aws"});
        let expected = object([("group", "g"), ("user", "u")]);
        let read = upgrade(0, old.clone()).unwrap();
        assert_eq!(read, pair().of_state(&expected, &Value::Null));
        assert_eq!(upgrade(0, serde_json::Value::Null).unwrap(), Value::Null);
        for version in [-1, 1] {
            let error = upgrade(version, old.clone()).unwrap_err();
            assert_eq!(error.summary, "The stored identity of elasticache_x cannot be read");
            assert!(error.detail.contains(&format!("version {version}")), "{error:?}");
        }
        assert!(upgrade(0, json!({"group": ["g"]})).is_err());
        assert!(upgrade(0, json!([])).is_err());
    }

    #[test]
    fn type_without_region_has_none_in_its_identity() {
        static GLOBAL: std::sync::LazyLock<Schema> = std::sync::LazyLock::new(|| {
            Schema::new(Block::new("").attributes([Attribute::computed("id", Type::String, "")]))
        });
        let schema = IdentitySchema::new(Identity::of(&["id"]), &GLOBAL);
        let observed: Vec<_> = schema.attributes().iter().map(|it| it.name).collect();
        assert_eq!(observed, ["account_id", "id"]);
    }

    #[test]
    fn resource_is_identified_by_its_key() {
        let state = object([("name", "demo"), ("region", "eu-west-1")]);
        let expected = Value::map([
            ("account_id", Value::Null),
            ("region", "eu-west-1".into()),
            ("name", "demo".into()),
        ]);
        assert_eq!(TestResource.identity_schema().of_state(&state, &Value::Null), expected);
    }

    #[test]
    fn answer_about_another_object_is_refused() {
        let object = |id: Value| Value::map([("user_id", id)]);
        let found = |own: &str, other: Value| {
            let problem = other_object("elasticache_user", &["user_id"], &object(own.into()), &object(other));
            problem.map(|it| it.detail).unwrap_or_default()
        };
        for (own, other) in
            [("app", "app"), ("App", "app"), ("", "app"), ("app", "arn:aws:elasticache:::user:app")]
        {
            assert_eq!(found(own, other.into()), "");
        }
        assert!(found("app", "other".into()).contains("`user_id` is \"other\" in the response and \"app\""));
        assert!(found("app", Value::Null).contains("an incomplete response without `user_id`"));
    }
}
