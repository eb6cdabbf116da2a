//! Dashboards. "All dashboards in your account are global, not region-specific" (API reference of
//! PutDashboard): one store for each account.

use super::tags;
use crate::simulator::json::Input;
use crate::simulator::protocol::{Place, ServiceError};
use crate::simulator::stores::Tags;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A dashboard: its body as it was written, and its tags.
#[derive(Debug)]
struct Dashboard {
    arn: String,
    body: String,
    tags: Tags,
}

/// The dashboards of each account, by name.
#[derive(Debug, Default)]
pub(super) struct Dashboards(BTreeMap<String, BTreeMap<String, Dashboard>>);

/// What refuses a body (API model, shape DashboardInvalidInputError).
const INVALID: &str = "DashboardInvalidInputError";

fn missing(name: &str) -> ServiceError {
    let message = format!("Dashboard {name} does not exist");
    ServiceError { status: 404, ..ServiceError::new("DashboardNotFoundError", message) }
}

fn name<'a>(input: &Input<'a>) -> Result<&'a str, ServiceError> {
    let name = input.required("DashboardName")?;
    // "Valid characters are A-Z, a-z, 0-9, \"-\", and \"_\"", at most 255 of them.
    let fits = (1..=255).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if fits {
        Ok(name)
    } else {
        Err(ServiceError::new(INVALID, format!("The dashboard name {name} is invalid")))
    }
}

/// The remarks of a body: errors refuse it, warnings do not. "Each widget must have a type" is from
/// the body structure; the quotas are CloudWatch's service quotas.
fn check(body: &str) -> Result<(), ServiceError> {
    let invalid = |message: &str| Err(ServiceError::new(INVALID, message));
    let Ok(parsed) = serde_json::from_str::<Value>(body) else {
        return invalid("The field DashboardBody must be a valid JSON object");
    };
    let Some(widgets) = parsed.get("widgets").and_then(Value::as_array) else {
        return invalid("The dashboard body is invalid: should have required property 'widgets'");
    };
    if widgets.len() > 500 {
        return invalid("The dashboard body is invalid: should NOT have more than 500 widgets");
    }
    for (at, widget) in widgets.iter().enumerate() {
        if !widget.get("type").is_some_and(Value::is_string) {
            return invalid(&format!(
                "The dashboard body is invalid: /widgets/{at} should have required property 'type'"
            ));
        }
        let end = ["x", "width"].iter().filter_map(|name| widget.get(*name)?.as_u64()).sum::<u64>();
        if end > 24 {
            return invalid(&format!("The dashboard body is invalid: /widgets/{at} exceeds the 24 columns"));
        }
    }
    Ok(())
}

impl Dashboards {
    fn at(&mut self, place: &Place) -> &mut BTreeMap<String, Dashboard> {
        self.0.entry(place.account.clone()).or_default()
    }

    /// Tags of a request that updates a dashboard are ignored, as PutDashboard says.
    pub(super) fn put(&mut self, place: &Place, input: &Input<'_>) -> Result<Value, ServiceError> {
        let (name, body) = (name(input)?, input.required("DashboardBody")?);
        check(body)?;
        let new = tags::read(input)?;
        let arn = format!("arn:aws:cloudwatch::{}:dashboard/{name}", place.account);
        let fresh = || Dashboard { arn, body: String::new(), tags: new };
        let dashboard = self.at(place).entry(name.to_owned()).or_insert_with(fresh);
        body.clone_into(&mut dashboard.body);
        Ok(json!({ "DashboardValidationMessages": [] }))
    }

    pub(super) fn get(&mut self, place: &Place, input: &Input<'_>) -> Result<Value, ServiceError> {
        let name = input.required("DashboardName")?;
        let found = self.at(place).get(name).ok_or_else(|| missing(name))?;
        Ok(json!({ "DashboardName": name, "DashboardArn": found.arn, "DashboardBody": found.body }))
    }

    /// The dashboards whose names begin with the prefix, in one page.
    pub(super) fn list(&mut self, place: &Place, input: &Input<'_>) -> Result<Value, ServiceError> {
        let prefix = input.text("DashboardNamePrefix")?.unwrap_or_default();
        let found = self.at(place).iter().filter(|(name, _)| name.starts_with(prefix));
        let entry = |(name, found): (&String, &Dashboard)| json!({ "DashboardName": name, "DashboardArn": found.arn, "Size": found.body.len() });
        Ok(json!({ "DashboardEntries": found.map(entry).collect::<Vec<_>>() }))
    }

    /// "If you specify a dashboard that does not exist, no dashboards are deleted."
    pub(super) fn delete(&mut self, place: &Place, input: &Input<'_>) -> Result<Value, ServiceError> {
        let names = input.texts("DashboardNames")?;
        input.need("DashboardNames", input.get("DashboardNames"))?;
        let store = self.at(place);
        if let Some(absent) = names.iter().find(|name| !store.contains_key(**name)) {
            return Err(missing(absent));
        }
        for name in names {
            store.remove(name);
        }
        Ok(json!({}))
    }

    /// Tags of the dashboard with the ARN of the request.
    pub(super) fn tag(
        &mut self,
        place: &Place,
        action: &str,
        input: &Input<'_>,
    ) -> Result<Value, ServiceError> {
        let arn = input.required("ResourceARN")?;
        let none = || ServiceError {
            status: 404,
            ..ServiceError::new("ResourceNotFoundException", format!("Unknown resource: {arn}"))
        };
        let found = self.at(place).values_mut().find(|it| it.arn == arn).ok_or_else(none)?;
        match action {
            "TagResource" => found.tags.extend(tags::read(input)?),
            "UntagResource" => {
                for key in input.texts("TagKeys")? {
                    found.tags.remove(key);
                }
            }
            _ => {
                let pair = |(key, value)| json!({ "Key": key, "Value": value });
                return Ok(json!({ "Tags": found.tags.iter().map(pair).collect::<Vec<_>>() }));
            }
        }
        Ok(json!({}))
    }
}
