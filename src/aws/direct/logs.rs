//! The operations of CloudWatch Logs that a log group needs. Names of members are those of the API
//! model.

use super::{DirectError, ServiceModel};
use crate::aws::UnansweredAttempts;
use crate::aws::direct;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_types::SdkConfig;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(in crate::aws) static MODEL: ServiceModel = ServiceModel {
    id: "CloudWatch Logs",
    signing_name: "logs",
    endpoint_prefix: "logs",
    govcloud_is_fips: true,
    api_version: "2014-03-28",
    target_prefix: "Logs_20140328",
};

type Result<T> = std::result::Result<T, SdkError<DirectError, HttpResponse>>;

/// The configuration of a client.
pub(in crate::aws) fn config(sdk: &SdkConfig) -> direct::Builder {
    direct::Builder::new(&MODEL, sdk)
}

/// A log group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogGroup {
    /// Name.
    pub name: Option<String>,
    /// ARN, which ends with `:*` in older responses.
    pub arn: Option<String>,
    /// Class, such as `STANDARD`.
    pub class: Option<String>,
    /// Days that log events are kept; `None` for ever.
    pub retention_in_days: Option<i32>,
    /// ARN of the key that encrypts log events.
    pub kms_key_id: Option<String>,
    /// Whether AWS refuses to delete it.
    pub deletion_protection_enabled: Option<bool>,
    /// Bytes of its log events.
    pub stored_bytes: Option<i64>,
}

impl LogGroup {
    fn of(output: &Value) -> Self {
        let text = |name: &str| output[name].as_str().map(str::to_owned);
        Self {
            name: text("logGroupName"),
            arn: text("logGroupArn").or_else(|| text("arn")),
            class: text("logGroupClass"),
            retention_in_days: output["retentionInDays"].as_i64().and_then(|days| days.try_into().ok()),
            kms_key_id: text("kmsKeyId"),
            deletion_protection_enabled: output["deletionProtectionEnabled"].as_bool(),
            stored_bytes: output["storedBytes"].as_i64(),
        }
    }
}

/// A client of CloudWatch Logs in one Region. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client(direct::Client);

impl Client {
    pub(in crate::aws) fn from_conf(client: direct::Client) -> Self {
        Self(client)
    }

    /// `DescribeLogGroups`: one page of the groups whose names begin with `prefix`, and the token of
    /// the next.
    ///
    /// # Errors
    /// As the SDK's clients, here and below.
    pub async fn describe_log_groups(
        &self,
        prefix: &str,
        next_token: Option<&str>,
    ) -> Result<(Vec<LogGroup>, Option<String>)> {
        let input = json!({ "logGroupNamePrefix": prefix, "nextToken": next_token });
        let output = self.0.json("DescribeLogGroups", input).await?;
        let groups = output["logGroups"].as_array().into_iter().flatten().map(LogGroup::of).collect();
        Ok((groups, output["nextToken"].as_str().map(str::to_owned)))
    }

    /// `CreateLogGroup`, whose settings are those of `group`. `attempts` learns of attempts that were
    /// not answered.
    pub async fn create_log_group(
        &self,
        group: &LogGroup,
        tags: &BTreeMap<String, String>,
        attempts: &UnansweredAttempts,
    ) -> Result<()> {
        let input = json!({
            "logGroupName": group.name,
            "kmsKeyId": group.kms_key_id,
            "logGroupClass": group.class,
            "deletionProtectionEnabled": group.deletion_protection_enabled,
            "tags": (!tags.is_empty()).then_some(tags),
        });
        self.0.json_without_output("CreateLogGroup", input, Some(attempts)).await
    }

    /// `PutRetentionPolicy`.
    pub async fn put_retention_policy(&self, name: &str, days: i32) -> Result<()> {
        self.act("PutRetentionPolicy", json!({ "logGroupName": name, "retentionInDays": days })).await
    }

    /// `DeleteRetentionPolicy`.
    pub async fn delete_retention_policy(&self, name: &str) -> Result<()> {
        self.act("DeleteRetentionPolicy", json!({ "logGroupName": name })).await
    }

    /// `AssociateKmsKey`.
    pub async fn associate_kms_key(&self, name: &str, key: &str) -> Result<()> {
        self.act("AssociateKmsKey", json!({ "logGroupName": name, "kmsKeyId": key })).await
    }

    /// `DisassociateKmsKey`.
    pub async fn disassociate_kms_key(&self, name: &str) -> Result<()> {
        self.act("DisassociateKmsKey", json!({ "logGroupName": name })).await
    }

    /// `PutLogGroupDeletionProtection`.
    pub async fn put_log_group_deletion_protection(&self, name: &str, protected: bool) -> Result<()> {
        let input = json!({ "logGroupIdentifier": name, "deletionProtectionEnabled": protected });
        self.act("PutLogGroupDeletionProtection", input).await
    }

    /// `DeleteLogGroup`.
    pub async fn delete_log_group(&self, name: &str) -> Result<()> {
        self.act("DeleteLogGroup", json!({ "logGroupName": name })).await
    }

    /// `ListTagsForResource`. The ARN has no `:*` at its end, here and below.
    pub async fn list_tags(&self, arn: &str) -> Result<BTreeMap<String, String>> {
        let output = self.0.json("ListTagsForResource", json!({ "resourceArn": arn })).await?;
        let tags = output["tags"].as_object().into_iter().flatten();
        Ok(tags.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect())
    }

    /// `TagResource`, which replaces the values of existing keys.
    pub async fn tag_resource(&self, arn: &str, tags: &BTreeMap<String, String>) -> Result<()> {
        self.act("TagResource", json!({ "resourceArn": arn, "tags": tags })).await
    }

    /// `UntagResource`.
    pub async fn untag_resource<'a>(
        &self,
        arn: &str,
        keys: impl IntoIterator<Item = &'a String>,
    ) -> Result<()> {
        let keys: Vec<&String> = keys.into_iter().collect();
        self.act("UntagResource", json!({ "resourceArn": arn, "tagKeys": keys })).await
    }

    /// An operation without output.
    async fn act(&self, operation: &'static str, input: Value) -> Result<()> {
        self.0.json_without_output(operation, input, None).await
    }
}
