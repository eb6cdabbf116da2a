//! The resource through the engine, against scripted responses of AWS.

mod change;
mod early;
mod lifecycle;
mod plan;
mod read;

use std::collections::BTreeMap;

use super::ParameterGroup;
use crate::testing::aws::{Answer, Call, config};
use crate::value::Value;

const ARN: &str = "arn:aws:elasticache:us-east-1:111122223333:parametergroup:cache";

/// Answers as AWS does, with at most one parameter group, whose parameters have the source `user`.
#[derive(Debug, Default)]
struct Cache {
    name: Option<String>,
    parameters: BTreeMap<String, String>,
}

impl Cache {
    fn answer(&mut self, call: &Call) -> Answer {
        match call.operation.as_str() {
            "CreateCacheParameterGroup" => {
                self.name = Some(call.param("CacheParameterGroupName").to_owned());
                call.xml(&format!("<CacheParameterGroup>{}</CacheParameterGroup>", self.group()))
            }
            _ if self.name.is_none() => not_found(call),
            "DescribeCacheParameterGroups" => call.xml(&format!(
                "<CacheParameterGroups><CacheParameterGroup>{}</CacheParameterGroup></CacheParameterGroups>",
                self.group()
            )),
            "DescribeCacheParameters" => {
                let all = self.parameters.iter();
                call.xml(&parameters_xml(all.map(|(name, value)| (name.as_str(), value.as_str(), "user"))))
            }
            "ModifyCacheParameterGroup" => {
                self.parameters.extend(pairs(call));
                call.xml("")
            }
            "ResetCacheParameterGroup" => {
                for name in names(call) {
                    self.parameters.remove(&name);
                }
                call.xml("")
            }
            "DeleteCacheParameterGroup" => {
                self.name = None;
                call.xml("")
            }
            "ListTagsForResource" => call.xml("<TagList/>"),
            _ => call.xml(""),
        }
    }

    fn group(&self) -> String {
        let name = self.name.as_deref().unwrap_or_default();
        format!(
            "<CacheParameterGroupName>{name}</CacheParameterGroupName>\
             <CacheParameterGroupFamily>redis7</CacheParameterGroupFamily>\
             <Description>Managed by Terraform</Description><ARN>{ARN}</ARN>"
        )
    }
}

/// A script that answers from a [`Cache`], unless `first` answers the call.
fn cache(
    mut first: impl FnMut(&Call) -> Option<Answer> + Send + 'static,
) -> impl FnMut(&Call) -> Answer + Send + 'static {
    let mut cache = Cache::default();
    move |call| first(call).unwrap_or_else(|| cache.answer(call))
}

fn not_found(call: &Call) -> Answer {
    call.error("CacheParameterGroupNotFound", "CacheParameterGroup cache not found.")
}

/// Names sent in a change of parameters, in the order they were sent.
fn names(call: &Call) -> Vec<String> {
    call.list("ParameterNameValues.ParameterNameValue.*.ParameterName")
}

/// Names and values sent in a change of parameters, in the order they were sent.
fn pairs(call: &Call) -> Vec<(String, String)> {
    let values = call.list("ParameterNameValues.ParameterNameValue.*.ParameterValue");
    names(call).into_iter().zip(values).collect()
}

fn parameters_xml<'a>(parameters: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>) -> String {
    let one = |(name, value, source)| {
        format!(
            "<Parameter><ParameterName>{name}</ParameterName><ParameterValue>{value}</ParameterValue>\
             <Source>{source}</Source></Parameter>"
        )
    };
    let all: String = parameters.into_iter().map(one).collect();
    format!("<Parameters>{all}</Parameters>")
}

/// `parameter` blocks.
fn blocks(parameters: &[(&str, &str)]) -> Value {
    let block = |(name, value): &(&str, &str)| {
        Value::map([("name", Value::from(*name)), ("value", Value::from(*value))])
    };
    Value::set(parameters.iter().map(block))
}

/// The configuration of a group of redis7 with these parameters.
fn group(name: &str, parameters: &[(&str, &str)]) -> Value {
    config(
        &ParameterGroup,
        [("name", name.into()), ("family", "redis7".into()), ("parameter", blocks(parameters))],
    )
}

/// `count` parameters with this value: `p01`, `p02`, …
fn many(count: usize, value: &str) -> Vec<(String, String)> {
    (1..=count).map(|i| (format!("p{i:02}"), value.to_owned())).collect()
}

/// As slices.
fn borrowed(parameters: &[(String, String)]) -> Vec<(&str, &str)> {
    parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
