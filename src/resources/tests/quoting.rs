//! An AWS that quotes every request it gets, raw and encoded, learns nobody a secret.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::redact::{REDACTED, Secrets, redact, scope};
use crate::resources::RESOURCES;
use crate::schema::{Attribute, Block, Nesting};
use crate::testing::aws::{Call, FakeAws};
use crate::value::{Map, Value};

const SECRET: &str = "Zq7!xW9$kL3#nB5^vT1&yR8-aB";

/// Has no secret, and refuses everything else, with a message that holds the request in many forms.
fn quoting() -> FakeAws {
    FakeAws::new(|call: &Call| {
        // A create asks for an existing secret first, without the value.
        if call.operation == "DescribeSecret" {
            return call
                .error("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
        }
        let body = String::from_utf8_lossy(&call.body).into_owned();
        let hex: String = call.body.iter().map(|byte| format!("{byte:02x}")).collect();
        let values: Vec<&String> = call.params.values().collect();
        let message = format!(
            "{body} {values:?} {} {} {hex} {:?}",
            call.json(),
            STANDARD.encode(&call.body),
            call.body
        );
        // In XML these have to be escaped.
        let message = message.replace('&', "&amp;").replace('<', "&lt;");
        call.error("InvalidParameterValue", &message)
    })
}

/// Arguments that a create cannot do without.
fn base(type_name: &str) -> Vec<(&'static str, Value)> {
    let texts: &[(&str, &str)] = match type_name {
        "elasticache_replication_group" => {
            &[("replication_group_id", "cache"), ("description", "A cache"), ("node_type", "cache.t4g.small")]
        }
        "elasticache_user" => {
            &[("user_id", "app"), ("user_name", "app"), ("engine", "redis"), ("access_string", "on ~* +@all")]
        }
        "elasticache_ssm_url" => &[("name", "/app/url"), ("host", "cache.example.com")],
        "elasticache_connection_secret" => &[("name", "app/redis"), ("host", "cache.example.com")],
        "elasticache_auth_token_secret" => &[("name", "app/token")],
        other => panic!("{other} has a sensitive argument: add what its create needs"),
    };
    let mut all: Vec<(&'static str, Value)> =
        texts.iter().map(|(name, value)| (*name, Value::from(*value))).collect();
    if ["elasticache_replication_group", "elasticache_ssm_url", "elasticache_connection_secret"]
        .contains(&type_name)
    {
        all.push(("transit_encryption_enabled", true.into()));
    }
    if type_name == "elasticache_replication_group" {
        all.push(("num_cache_clusters", Value::from(1)));
    }
    all
}

/// Paths of the sensitive arguments of a block.
fn sensitive(
    attributes: &[Attribute],
    block: Option<&Block>,
    above: &[&'static str],
) -> Vec<Vec<&'static str>> {
    let mut found = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.is_configurable()) {
        let path = [above, &[attribute.name]].concat();
        match &attribute.nested {
            Some(nested) => found.extend(sensitive(&nested.attributes, None, &path)),
            None if attribute.sensitive => found.push(path),
            None => {}
        }
    }
    for nested in block.iter().flat_map(|block| &block.blocks) {
        let path = [above, &[nested.name]].concat();
        found.extend(sensitive(&nested.block.attributes, Some(&nested.block), &path));
    }
    found
}

/// The secret as a value of the type of this attribute.
fn value_of(attribute: &Attribute) -> Value {
    match attribute.ty() {
        crate::value::Type::Set(_) => Value::set([Value::from(SECRET)]),
        crate::value::Type::List(_) => Value::List(vec![Value::from(SECRET)]),
        _ => Value::from(SECRET),
    }
}

/// A configuration of this type with the secret at this path.
fn configured(block: &Block, type_name: &str, path: &[&'static str]) -> Value {
    let mut entries: Map =
        base(type_name).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    match path {
        [name] => {
            let attribute = block.attribute(name).unwrap();
            entries.insert((*name).to_owned(), value_of(attribute));
            if attribute.write_only {
                entries.insert(format!("{name}_version"), Value::from(1));
            }
        }
        [outer, inner] => {
            let mut object = Map::new();
            if let Some(nested) = block.nested_block(outer) {
                object.insert((*inner).to_owned(), value_of(nested.block.attribute(inner).unwrap()));
                object.insert("type".to_owned(), "password".into());
                let item = nested.block.conform(Value::Map(object));
                entries.insert((*outer).to_owned(), Value::List(vec![item]));
            } else {
                let nested = block.attribute(outer).and_then(|it| it.nested.as_ref()).unwrap();
                assert_eq!(nested.nesting, Nesting::Single);
                object.extend(nested.attributes.iter().map(|it| (it.name.to_owned(), Value::Null)));
                let inner_attribute = nested.attributes.iter().find(|it| it.name == *inner).unwrap();
                object.insert((*inner).to_owned(), value_of(inner_attribute));
                object.insert("endpoint".to_owned(), "cache.example.com".into());
                object.insert("transit_encryption_enabled".to_owned(), true.into());
                entries.insert((*outer).to_owned(), Value::Map(object));
                entries.retain(|name, _| !["host", "transit_encryption_enabled"].contains(&name.as_str()));
            }
        }
        other => panic!("no such path: {other:?}"),
    }
    block.conform(Value::Map(entries))
}

/// Every form in which a secret may have been in the message.
fn assert_hidden(text: &str, secret: &str, context: &str) {
    let percent =
        percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC).to_string();
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    for form in [secret, &percent, &hex] {
        assert!(!text.contains(form), "{context}: {form} in {text}");
    }
    // Whatever is left of Base64 holds nothing of it.
    for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='))) {
        let decoded = STANDARD.decode(word).unwrap_or_default();
        let decoded = String::from_utf8_lossy(&decoded);
        assert!(!decoded.contains(secret) && !decoded.contains(&percent), "{context}: {word}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_sensitive_argument_of_any_resource_is_shown_by_an_aws_that_quotes_it() {
    let mut tried = 0;
    for resource in RESOURCES {
        let (block, name) = (&resource.schema().block, resource.type_name());
        for path in sensitive(&block.attributes, Some(block), &[]) {
            let context = format!("{name}.{}", path.join("."));
            let config = configured(block, name, &path);
            let text = scope(Secrets::new(), async {
                block.remember_secrets(&config);
                let aws = quoting();
                let answer = aws.create(*resource, config).await;
                let sent = aws.calls().iter().any(|call| {
                    call.params.values().any(|value| value.contains(SECRET)) || call.json().to_string().contains(SECRET)
                        // A password in a URL is encoded.
                        || call.json().to_string().contains("Zq7%21")
                });
                assert!(sent, "{context}: the secret was not sent");
                let whole: Vec<String> =
                    answer.diags.iter().map(|d| redact(&format!("{}: {}", d.summary, d.detail)).into_owned()).collect();
                whole.join("\n")
            })
            .await;
            assert!(text.contains("InvalidParameterValue") && text.contains(REDACTED), "{context}: {text}");
            assert_hidden(&text, SECRET, &context);
            tried += 1;
        }
    }
    assert!(tried >= 12, "{tried} arguments");
}

/// Secrets that no argument holds: generated ones are known as soon as they exist.
#[tokio::test(start_paused = true)]
async fn a_generated_secret_is_not_shown_by_an_aws_that_quotes_it() {
    for (name, entries) in [
        (
            "elasticache_auth_token_secret",
            vec![
                ("name", Value::from("app/token")),
                ("generate", Value::map([("length", Value::from(64)), ("special", true.into())])),
            ],
        ),
        (
            "elasticache_user_group",
            vec![
                ("user_group_id", Value::from("people")),
                ("engine", "redis".into()),
                ("disabled_default_user", true.into()),
            ],
        ),
    ] {
        let resource = RESOURCES.iter().find(|it| it.type_name() == name).unwrap();
        let config = resource.schema().conform(Value::map(entries));
        scope(Secrets::new(), async {
            let aws = quoting();
            let answer = aws.create(*resource, config).await;
            let calls = aws.calls();
            let password = |call: &Call| call.param("AuthenticationMode.Passwords.member.1").to_owned();
            let token = |call: &Call| call.json()["SecretString"].as_str().unwrap_or_default().to_owned();
            let secret =
                calls.iter().flat_map(|call| [password(call), token(call)]).find(|text| !text.is_empty());
            let secret = secret.unwrap_or_else(|| panic!("{name}: no secret was sent"));
            let text: String = answer.diags.iter().map(|d| redact(&d.detail).into_owned()).collect();
            assert!(text.contains(REDACTED), "{name}: {text}");
            assert_hidden(&text, &secret, name);
        })
        .await;
    }
}

/// Every argument that leads to a secret, or stands beside one, hides what may be a secret
/// in the wrong place.
#[test]
fn arguments_beside_secrets_hide_what_is_not_of_their_form() {
    fn check(owner: &str, attributes: &[Attribute]) {
        for attribute in attributes.iter().filter(|it| it.is_configurable()) {
            let name = attribute.name;
            let beside = ["_secret_arn", "_secret_version_id"].iter().any(|end| name.ends_with(end))
                || ["host", "reader_host", "username"].contains(&name);
            assert!(!beside || attribute.may_hold_secret, "{owner}.{name}");
            if let Some(nested) = &attribute.nested {
                check(&format!("{owner}.{name}"), &nested.attributes);
            }
        }
    }
    for resource in RESOURCES {
        check(resource.type_name(), &resource.schema().block.attributes);
    }
}
