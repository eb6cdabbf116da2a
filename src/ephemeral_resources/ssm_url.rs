//! `elasticache_ssm_url`: reads the connection URL in a parameter.

use std::collections::BTreeMap;

use crate::aws::{AwsError, Secret};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, EphemeralResource, Lease, failed};
use crate::object;
use crate::resources::common::connection::url::{ParseUrlError, RedisUrl};
use crate::schema::{Check, common, computed, optional_computed, required};
use crate::services::ssm::parameter;
use crate::value::{Field, Path};

object! {
    /// Reads the connection URL in a parameter of the SSM Parameter Store during each plan and apply that uses it; the URL
    /// is not stored. The resource of the same name writes such a parameter, and each part of the URL is an attribute. Pass
    /// the attributes to write-only arguments or to a provider configuration.
    pub struct SsmUrlModel {
        /// Name or ARN of the parameter, as in `elasticache_ssm_url.this.arn`. Terraform reads a parameter by its name during
        /// the plan already, when a new one does not exist yet; its ARN is known once it exists.
        name: Field<String> = required().check(Check::Length(1, 2048)),
        /// Version of the parameter to read. If omitted, the newest version is read.
        version: Field<i64> = optional_computed().check(Check::AtLeast(1)),
        /// Connection URL, including the token.
        url: Field<Secret> = computed().sensitive(),
        /// Host of the cache.
        host: Field<String> = computed(),
        /// Port of the cache; `6379` if the URL has none.
        port: Field<i64> = computed(),
        /// Whether the connection uses TLS.
        transit_encryption_enabled: Field<bool> = computed(),
        /// User that logs in; null if the URL has none.
        username: Field<String> = computed(),
        /// AUTH token, or password of `username`; null if the URL has none.
        auth_token: Field<Secret> = computed().sensitive(),
        /// Number of the database; null if the URL has none.
        database: Field<i64> = computed(),
        /// Query parameters of the URL, such as `ssl_cert_reqs`.
        parameters: Field<BTreeMap<String, String>> = computed(),
        region: Field<String> = common::region_of_ephemeral(),
    }
}

/// `elasticache_ssm_url`, the ephemeral resource.
pub struct SsmUrl;

impl EphemeralResource for SsmUrl {
    type Model = SsmUrlModel;

    fn type_name(&self) -> &'static str {
        "elasticache_ssm_url"
    }

    async fn open(&self, cx: &Context<'_>, config: SsmUrlModel) -> Result<(SsmUrlModel, Lease), Diagnostics> {
        let name = config.name.text().unwrap_or_default();
        let version = config.version.known().copied();
        let selected = version.map_or_else(|| name.to_owned(), |version| format!("{name}:{version}"));
        let found = parameter::get(cx.scope(), &selected, true).await;
        let found = found.map_err(|error| unreadable(name, version, &error))?;
        let url = Secret::new(found.value.unwrap_or_default());
        let parts = RedisUrl::parse(url.expose()).map_err(|problem| foreign(name, problem))?;
        let version = Field::Known(found.version);
        Ok((SsmUrlModel { version, url: Field::Known(url), ..with_parts(config, parts) }, Lease::default()))
    }
}

fn with_parts(config: SsmUrlModel, url: RedisUrl) -> SsmUrlModel {
    SsmUrlModel {
        host: Field::Known(url.host),
        port: Field::Known(i64::from(url.port)),
        transit_encryption_enabled: Field::Known(url.tls),
        username: url.username.into(),
        auth_token: url.password.into(),
        database: url.database.map(i64::from).into(),
        parameters: Field::Known(url.parameters),
        ..config
    }
}

fn unreadable(name: &str, version: Option<i64>, error: &AwsError) -> Diagnostic {
    let mut diagnostic = failed(format!("read parameter {name:?}"), error);
    let mut at = "name";
    if error.is(parameter::NOT_FOUND) {
        diagnostic.detail.push_str(" Set `name` to the name or ARN of an existing parameter in this Region.");
    } else if version.is_some() && error.is(parameter::NO_VERSION) {
        at = "version";
        diagnostic.detail.push_str(
            " Parameter Store keeps the newest 100 versions. Correct `version`, or omit it for the newest version.",
        );
    }
    diagnostic.at(Path::attribute(at))
}

/// A parameter that the resource did not write. Its value may be a secret and is not quoted.
fn foreign(name: &str, problem: ParseUrlError) -> Diagnostic {
    Diagnostic::error(
        format!("Parameter {name:?} has no connection URL"),
        format!(
            "Its value is not of the form rediss://user:token@host:6379/1: {problem}. Set `name` to a \
             parameter that the resource `elasticache_ssm_url` wrote."
        ),
    )
    .at(Path::attribute("name"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::{AnyEphemeralResource, OpenResponse};
    use crate::testing::aws::{FakeAws, problems};
    use crate::value::Value;

    const ARN: &str = "arn:aws:ssm:us-east-1:123456789012:parameter/app/url";

    /// Opens it with these arguments, where the parameter has this value.
    async fn open<const N: usize>(value: &'static str, given: [(&str, Value); N]) -> (OpenResponse, String) {
        let fake = FakeAws::new(move |call| match call.json()["Name"].as_str() {
            Some("/app/gone") => call.error("ParameterNotFound", ""),
            Some("/app/url:9") => call.error("ParameterVersionNotFound", "There is none."),
            _ => call.answer_json(&json!({
                "Parameter": { "Name": "/app/url", "ARN": ARN, "Value": value, "Version": 3 }
            })),
        });
        let mut object = AnyEphemeralResource::schema(&SsmUrl).empty_object();
        object.extend(given.map(|(name, value)| (name.to_owned(), value)));
        let opened =
            AnyEphemeralResource::open(&SsmUrl, &fake.provider, &fake.cancel, Value::Map(object)).await;
        let requested =
            fake.calls().pop().map(|call| call.json()["Name"].as_str().unwrap_or_default().to_owned());
        (opened, requested.unwrap_or_default())
    }

    #[tokio::test]
    async fn each_part_of_the_url_is_an_attribute() {
        let url = "rediss://app:to%2Fken@cache.example.com:6380/2?ssl_cert_reqs=none";
        let (opened, requested) = open(url, [("name", "/app/url".into())]).await;
        assert_eq!((problems(&opened.diags), requested.as_str()), (Vec::new(), "/app/url"));
        for (name, value) in [
            ("url", url.into()),
            ("host", "cache.example.com".into()),
            ("port", 6380.into()),
            ("transit_encryption_enabled", true.into()),
            ("username", "app".into()),
            ("auth_token", "to/ken".into()),
            ("database", 2.into()),
            ("parameters", Value::map([("ssl_cert_reqs", Value::from("none"))])),
            ("version", 3.into()),
        ] {
            assert_eq!(opened.result.get(name), &value, "{name}");
        }
        let (plain, requested) = open("redis://h", [("name", ARN.into()), ("version", 3.into())]).await;
        assert_eq!(requested, format!("{ARN}:3"));
        assert_eq!(plain.result.get("port"), &6379.into());
        assert!(plain.result.get("auth_token").is_null() && plain.result.get("database").is_null());
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_an_error_at_its_argument() {
        let (missing, _) = open("", [("name", "/app/gone".into())]).await;
        let problem = &problems(&missing.diags)[0];
        assert!(problem.starts_with("name: Failed to read parameter \"/app/gone\": "), "{problem}");
        assert!(problem.ends_with("an existing parameter in this Region."), "{problem}");
        let (missing, _) = open("", [("name", "/app/url".into()), ("version", 9.into())]).await;
        let problem = &problems(&missing.diags)[0];
        assert!(problem.starts_with("version: ") && problem.contains("Correct `version`"), "{problem}");
        let (foreign, _) = open("http://secret-0123456789", [("name", "/app/url".into())]).await;
        assert_eq!(
            problems(&foreign.diags),
            ["name: Parameter \"/app/url\" has no connection URL: Its value is not of the form \
              rediss://user:token@host:6379/1: the scheme must be redis:// or rediss://. Set `name` to a \
              parameter that the resource `elasticache_ssm_url` wrote."]
        );
    }
}
