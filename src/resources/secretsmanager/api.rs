//! The calls to Secrets Manager, one function each.

use std::collections::BTreeMap;

use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput;
use aws_sdk_secretsmanager::types::{ReplicaRegionType, StatusType, Tag};

use super::settings::{DEFAULT_KEY, Settings};
use crate::aws::{AwsError, ErrorKind, Secret, Service};
use crate::engine::Context;
use crate::engine::tags::{TagChanges, Tags};
use crate::value::Field;

const SERVICE: Service = Service::SecretsManager;

/// The code of a secret, or a version of one, that does not exist.
pub(super) const NOT_FOUND: &[&str] = &["ResourceNotFoundException"];
/// The code of a name, or a version, that is there already.
pub(super) const EXISTS: &[&str] = &["ResourceExistsException"];
/// The code of what the state of a secret forbids, scheduled deletion above all.
pub(super) const STATE: &[&str] = &["InvalidRequestException"];

/// The label of the version that is read when none is named.
const CURRENT: &str = "AWSCURRENT";

/// A version of a secret.
#[derive(Debug, Clone)]
pub struct SecretValue {
    /// Its value.
    pub value: Secret,
    /// Its id.
    pub version_id: String,
}

/// A secret as DescribeSecret shows it.
#[derive(Debug, Clone)]
pub(super) struct Live {
    /// Full name.
    pub(super) name: String,
    /// ARN.
    pub(super) arn: String,
    /// Description.
    pub(super) description: Option<String>,
    /// KMS key, where it is not the default one.
    pub(super) key: Option<String>,
    /// Tags.
    pub(super) tags: Tags,
    /// Id of the version labelled AWSCURRENT; none as long as the secret has no value.
    pub(super) current: Option<String>,
    /// Id of the version labelled AWSPREVIOUS.
    pub(super) previous: Option<String>,
    /// When it will be gone, in seconds since 1970, once it is scheduled for deletion.
    pub(super) deleted: Option<i64>,
    /// Copies by region: key, and how the copying goes.
    pub(super) replicas: BTreeMap<String, LiveReplica>,
}

/// A copy in another region.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LiveReplica {
    /// KMS key, where it is not the default one.
    pub(super) key: Option<String>,
    /// InSync, InProgress or Failed.
    pub(super) status: Option<StatusType>,
    /// Why it failed.
    pub(super) message: String,
}

impl Live {
    fn from(answer: DescribeSecretOutput) -> Option<Self> {
        let staged = |stage: &str| {
            let versions = answer.version_ids_to_stages.iter().flatten();
            let mut with = versions.filter(|(_, stages)| stages.iter().any(|it| it == stage));
            with.next().map(|(id, _)| id.clone())
        };
        let replica = |status: &aws_sdk_secretsmanager::types::ReplicationStatusType| {
            let replica = LiveReplica {
                key: own_key(status.kms_key_id()),
                status: status.status().cloned(),
                message: status.status_message().unwrap_or_default().to_owned(),
            };
            Some((status.region()?.to_owned(), replica))
        };
        Some(Self {
            current: staged(CURRENT),
            previous: staged("AWSPREVIOUS"),
            deleted: answer.deleted_date.map(|date| date.secs()),
            replicas: answer.replication_status().iter().filter_map(replica).collect(),
            tags: answer
                .tags()
                .iter()
                .filter_map(|tag| Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned())))
                .collect(),
            key: own_key(answer.kms_key_id()),
            description: answer.description.filter(|text| !text.is_empty()),
            name: answer.name?,
            arn: answer.arn?,
        })
    }
}

fn own_key(key: Option<&str>) -> Option<String> {
    key.filter(|key| !key.is_empty() && *key != DEFAULT_KEY).map(str::to_owned)
}

/// An answer without the parts that every answer has.
fn cut_short(operation: &'static str) -> AwsError {
    let detail = "it holds no secret with an ARN and a version".to_owned();
    AwsError::new(SERVICE, operation, ErrorKind::Response { detail, request_id: None })
}

/// Makes the secret with its first version; gives its ARN.
pub(super) async fn create(
    cx: &Context<'_>,
    wanted: &Settings,
    value: &Secret,
    version: &str,
) -> Result<String, AwsError> {
    let client = cx.aws().secretsmanager(cx.region()).await?;
    let replicas = regions(&wanted.replicas());
    let call = client
        .create_secret()
        .name(wanted.name_text())
        .client_request_token(version)
        .secret_string(value.expose())
        .set_description(wanted.description.text().map(str::to_owned))
        .set_kms_key_id(wanted.kms_key_id.text().map(str::to_owned))
        .set_tags(to_api(&wanted.tags_all))
        .set_force_overwrite_replica_secret(
            (!replicas.is_empty()).then(|| wanted.force_overwrite_replica_secret.is_true()),
        )
        .set_add_replica_regions((!replicas.is_empty()).then_some(replicas));
    let answer = cx.call(SERVICE, "CreateSecret", call.send()).await?;
    answer.arn.ok_or_else(|| cut_short("CreateSecret"))
}

/// The secret; also one that is scheduled for deletion.
pub(super) async fn describe(cx: &Context<'_>, id: &str) -> Result<Live, AwsError> {
    let client = cx.aws().secretsmanager(cx.region()).await?;
    let answer = cx.call(SERVICE, "DescribeSecret", client.describe_secret().secret_id(id).send()).await?;
    Live::from(answer).ok_or_else(|| cut_short("DescribeSecret"))
}

/// One version, or the current one.
pub(super) async fn value(
    cx: &Context<'_>,
    id: &str,
    version: Option<&str>,
) -> Result<SecretValue, AwsError> {
    value_in(cx, cx.region(), id, version, None).await
}

/// The same of a secret in another region than the resource, and of the version with this
/// label.
pub(super) async fn value_in(
    cx: &Context<'_>,
    region: Option<&str>,
    id: &str,
    version: Option<&str>,
    stage: Option<&str>,
) -> Result<SecretValue, AwsError> {
    let client = cx.aws().secretsmanager(region).await?;
    let call = client
        .get_secret_value()
        .secret_id(id)
        .set_version_id(version.map(str::to_owned))
        .set_version_stage(stage.map(str::to_owned));
    let answer = cx.call(SERVICE, "GetSecretValue", call.send()).await?;
    match (answer.secret_string, answer.version_id) {
        (Some(value), Some(version_id)) => Ok(SecretValue { value: Secret::new(value), version_id }),
        (None, Some(_)) => {
            let detail = "it holds bytes, where a text is expected".to_owned();
            Err(AwsError::new(SERVICE, "GetSecretValue", ErrorKind::Response { detail, request_id: None }))
        }
        _ => Err(cut_short("GetSecretValue")),
    }
}

/// Writes a version, which becomes the current one; false when it was there already and
/// another one is current.
pub(super) async fn put_value(
    cx: &Context<'_>,
    id: &str,
    value: &Secret,
    version: &str,
) -> Result<bool, AwsError> {
    let client = cx.aws().secretsmanager(cx.region()).await?;
    let call =
        client.put_secret_value().secret_id(id).client_request_token(version).secret_string(value.expose());
    let answer = cx.call(SERVICE, "PutSecretValue", call.send()).await?;
    Ok(answer.version_stages().iter().any(|stage| stage == CURRENT))
}

/// Brings description and key to those wanted; no call when they are.
pub(super) async fn change(
    cx: &Context<'_>,
    id: &str,
    prior: &Settings,
    wanted: &Settings,
) -> Result<(), AwsError> {
    let description = wanted.description.text();
    let (before, key) = (prior.key(), wanted.key());
    let key = (!super::schema::same_key_text(before, key)).then_some(wanted.kms_key_id.text());
    if key.is_none() && description == prior.description.text() {
        return Ok(());
    }
    let client = cx.aws().secretsmanager(cx.region()).await?;
    let call = client
        .update_secret()
        .secret_id(id)
        .description(description.unwrap_or_default())
        // The empty text is the default key.
        .set_kms_key_id(key.map(|key| key.unwrap_or_default().to_owned()));
    cx.call(SERVICE, "UpdateSecret", call.send()).await.map(drop)
}

/// Brings the tags from `prior` to `planned`, both a `tags_all`; no call when they are equal.
pub(super) async fn change_tags(
    cx: &Context<'_>,
    id: &str,
    prior: &Field<Tags>,
    planned: &Field<Tags>,
) -> Result<(), AwsError> {
    let changes = TagChanges::between(cx.provider(), prior, planned);
    if changes.is_empty() {
        return Ok(());
    }
    let client = cx.aws().secretsmanager(cx.region()).await?;
    if !changes.remove.is_empty() {
        let keys = changes.remove.into_iter().collect();
        let call = client.untag_resource().secret_id(id).set_tag_keys(Some(keys));
        cx.call(SERVICE, "UntagResource", call.send()).await?;
    }
    if !changes.set.is_empty() {
        let call = client.tag_resource().secret_id(id).set_tags(to_api(&Field::Known(changes.set)));
        cx.call(SERVICE, "TagResource", call.send()).await?;
    }
    Ok(())
}

/// Adds copies.
pub(super) async fn replicate(
    cx: &Context<'_>,
    id: &str,
    replicas: &BTreeMap<String, Option<String>>,
    force: bool,
) -> Result<(), AwsError> {
    let client = cx.aws().secretsmanager(cx.region()).await?;
    let call = client
        .replicate_secret_to_regions()
        .secret_id(id)
        .set_add_replica_regions(Some(regions(replicas)))
        .force_overwrite_replica_secret(force);
    cx.call(SERVICE, "ReplicateSecretToRegions", call.send()).await.map(drop)
}

/// Removes copies.
pub(super) async fn remove_replicas(
    cx: &Context<'_>,
    id: &str,
    regions: Vec<String>,
) -> Result<(), AwsError> {
    let client = cx.aws().secretsmanager(cx.region()).await?;
    let call =
        client.remove_regions_from_replication().secret_id(id).set_remove_replica_regions(Some(regions));
    cx.call(SERVICE, "RemoveRegionsFromReplication", call.send()).await.map(drop)
}

/// Takes back a scheduled deletion.
pub(super) async fn restore(cx: &Context<'_>, id: &str) -> Result<(), AwsError> {
    let client = cx.aws().secretsmanager(cx.region()).await?;
    cx.call(SERVICE, "RestoreSecret", client.restore_secret().secret_id(id).send()).await.map(drop)
}

/// Schedules the deletion in so many days; 0 deletes at once, `None` is AWS's 30.
pub(super) async fn delete(cx: &Context<'_>, id: &str, days: Option<i64>) -> Result<(), AwsError> {
    let client = cx.aws().secretsmanager(cx.region()).await?;
    let call = client.delete_secret().secret_id(id);
    let call = match days {
        Some(0) => call.force_delete_without_recovery(true),
        days => call.set_recovery_window_in_days(days),
    };
    cx.call(SERVICE, "DeleteSecret", call.send()).await.map(drop)
}

fn regions(replicas: &BTreeMap<String, Option<String>>) -> Vec<ReplicaRegionType> {
    let build = |(region, key): (&String, &Option<String>)| {
        ReplicaRegionType::builder().region(region).set_kms_key_id(key.clone()).build()
    };
    replicas.iter().map(build).collect()
}

fn to_api(tags: &Field<Tags>) -> Option<Vec<Tag>> {
    let tags = tags.known().filter(|tags| !tags.is_empty())?;
    Some(tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect())
}
