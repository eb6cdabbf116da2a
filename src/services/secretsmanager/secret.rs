//! Secrets and their versions.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_secretsmanager::operation::create_secret::builders::CreateSecretFluentBuilder;
use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput;
use aws_sdk_secretsmanager::types::{
    Filter, FilterNameStringType, ReplicaRegionType, ReplicationStatusType, SecretListEntry, StatusType, Tag,
};

use crate::aws::{AwsError, ErrorKind, Listing, Scope, Secret, Service, TagChanges, Tags, about_another};

const SERVICE: Service = Service::SecretsManager;

/// The code of a secret, or a version of one, that does not exist.
pub(crate) const NOT_FOUND: &[&str] = &["ResourceNotFoundException"];
/// The code of a name, or a version, that already exists.
pub(crate) const EXISTS: &[&str] = &["ResourceExistsException"];
/// The code of what the state of a secret forbids, scheduled deletion above all.
pub(crate) const STATE: &[&str] = &["InvalidRequestException"];
/// The code of an argument that does not fit the secret.
pub(crate) const INVALID: &[&str] = &["InvalidParameterException"];

/// The key of a secret that names none.
pub(crate) const DEFAULT_KEY: &str = "alias/aws/secretsmanager";

/// The label of the version that is read when none is named.
const CURRENT: &str = "AWSCURRENT";

/// A version of a secret.
#[derive(Debug, Clone)]
pub struct SecretValue {
    /// Its value.
    pub value: Secret,
    /// Its ID.
    pub version_id: String,
}

/// A secret as DescribeSecret returns it.
#[derive(Debug, Clone)]
pub(crate) struct Observed {
    /// Full name.
    pub(crate) name: String,
    /// ARN.
    pub(crate) arn: String,
    /// Description.
    pub(crate) description: Option<String>,
    /// KMS key, where it is not the default one.
    pub(crate) key: Option<String>,
    /// Tags.
    pub(crate) tags: Tags,
    /// ID of the version labeled AWSCURRENT; none as long as the secret has no value.
    pub(crate) current: Option<String>,
    /// ID of the version labeled AWSPREVIOUS.
    pub(crate) previous: Option<String>,
    /// DeletedDate, in seconds since 1970, once it is scheduled for deletion.
    pub(crate) deleted: Option<i64>,
    /// Copies by Region: key, and the state of the replication.
    pub(crate) replicas: BTreeMap<String, ObservedReplica>,
}

/// A copy in another Region.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ObservedReplica {
    /// KMS key, where it is not the default one.
    pub(crate) key: Option<String>,
    /// InSync, InProgress or Failed.
    pub(crate) status: Option<StatusType>,
    /// Why it failed.
    pub(crate) message: String,
}

impl Observed {
    fn from(answer: DescribeSecretOutput) -> Option<Self> {
        let staged = |stage: &str| {
            let versions = answer.version_ids_to_stages.iter().flatten();
            let mut with = versions.filter(|(_, stages)| stages.iter().any(|it| it == stage));
            with.next().map(|(id, _)| id.clone())
        };
        let replica = |status: &ReplicationStatusType| {
            let replica = ObservedReplica {
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

/// Refuses the response about another secret than that of `id`: a name, an ARN, or an ARN without its random end.
fn is_of(operation: &'static str, id: &str, name: Option<&str>, arn: Option<&str>) -> Result<(), AwsError> {
    let is_arn = |arn: &str| id.starts_with("arn:") && arn.starts_with(id);
    match (name, arn) {
        (None, None) => Err(incomplete(operation)),
        (name, arn) if name == Some(id) || arn.is_some_and(is_arn) => Ok(()),
        (name, arn) => {
            let found = name.or(arn).unwrap_or_default();
            Err(about_another(SERVICE, operation, found, id))
        }
    }
}

/// The error of a response without the parts that every response has.
fn incomplete(operation: &'static str) -> AwsError {
    let detail = "it holds no secret with an ARN and a version".to_owned();
    AwsError::new(SERVICE, operation, ErrorKind::Response { detail, request_id: None })
}

/// Creates the secret with its first version; returns its ARN, by which every later call finds it. So it has to be one of
/// the requested name (<https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html>).
pub(crate) async fn create(scope: &Scope<'_>, call: CreateSecretFluentBuilder) -> Result<String, AwsError> {
    let end = format!(":secret:{}-", call.get_name().as_deref().unwrap_or_default());
    let answer = scope.call(SERVICE, "CreateSecret", call.send()).await?;
    let arn = answer.arn.filter(|arn| arn.starts_with("arn:") && arn.contains(&end));
    arn.ok_or_else(|| incomplete("CreateSecret"))
}

/// The secret; also one that is scheduled for deletion.
pub(crate) async fn describe(scope: &Scope<'_>, id: &str) -> Result<Observed, AwsError> {
    let client = scope.secretsmanager().await?;
    let answer = scope.call(SERVICE, "DescribeSecret", client.describe_secret().secret_id(id).send()).await?;
    is_of("DescribeSecret", id, answer.name(), answer.arn())?;
    Observed::from(answer).ok_or_else(|| incomplete("DescribeSecret"))
}

/// The secrets whose names begin with a prefix, without those that are scheduled for deletion, page by page.
///
/// A page may be empty and have another behind it (API reference of ListSecrets).
pub(crate) fn listing<'a>(scope: &'a Scope<'a>, prefix: &'a str) -> Listing<'a, SecretListEntry> {
    Listing::new(SERVICE, "ListSecrets", move |token| async move {
        let client = scope.secretsmanager().await?;
        let named = Filter::builder().key(FilterNameStringType::Name).values(prefix).build();
        let call = client.list_secrets().filters(named).max_results(100).set_next_token(token);
        let answer = scope.call(SERVICE, "ListSecrets", call.send()).await?;
        Ok((answer.secret_list, answer.next_token))
    })
}

/// One version, or the current one.
pub(crate) async fn get_value(
    scope: &Scope<'_>,
    id: &str,
    version: Option<&str>,
) -> Result<SecretValue, AwsError> {
    get_value_in(scope, scope.region(), id, version, None).await
}

/// The same of a secret in another Region than that of the scope, and of the version with this label.
pub(crate) async fn get_value_in(
    scope: &Scope<'_>,
    region: Option<&str>,
    id: &str,
    version: Option<&str>,
    stage: Option<&str>,
) -> Result<SecretValue, AwsError> {
    let client = scope.with_region(region).secretsmanager().await?;
    let call = client
        .get_secret_value()
        .secret_id(id)
        .set_version_id(version.map(str::to_owned))
        .set_version_stage(stage.map(str::to_owned));
    let answer = scope.call(SERVICE, "GetSecretValue", call.send()).await?;
    is_of("GetSecretValue", id, answer.name(), answer.arn())?;
    match (answer.secret_string, answer.version_id) {
        (Some(value), Some(version_id)) => Ok(SecretValue { value: Secret::new(value), version_id }),
        (None, Some(_)) => {
            let detail = "it holds bytes, where a text is expected".to_owned();
            Err(AwsError::new(SERVICE, "GetSecretValue", ErrorKind::Response { detail, request_id: None }))
        }
        _ => Err(incomplete("GetSecretValue")),
    }
}

/// Writes a version, which becomes the current one; false when it already exists and another one is
/// current.
pub(crate) async fn put_value(
    scope: &Scope<'_>,
    id: &str,
    value: &Secret,
    version: &str,
) -> Result<bool, AwsError> {
    let client = scope.secretsmanager().await?;
    let call =
        client.put_secret_value().secret_id(id).client_request_token(version).secret_string(value.expose());
    let answer = scope.call(SERVICE, "PutSecretValue", call.send()).await?;
    Ok(answer.version_stages().iter().any(|stage| stage == CURRENT))
}

/// Changes the description and, where one is given, the key; an empty key is the default one.
pub(crate) async fn modify(
    scope: &Scope<'_>,
    id: &str,
    description: &str,
    key: Option<&str>,
) -> Result<(), AwsError> {
    let client = scope.secretsmanager().await?;
    let call =
        client.update_secret().secret_id(id).description(description).set_kms_key_id(key.map(str::to_owned));
    scope.call(SERVICE, "UpdateSecret", call.send()).await.map(drop)
}

/// The resource policy, JSON; `None` when the secret has none.
pub(crate) async fn get_policy(scope: &Scope<'_>, id: &str) -> Result<Option<String>, AwsError> {
    let call = scope.secretsmanager().await?.get_resource_policy().secret_id(id);
    let answer = scope.call(SERVICE, "GetResourcePolicy", call.send()).await?;
    Ok(answer.resource_policy.filter(|policy| !policy.is_empty()))
}

/// How long a principal that IAM has just created may be unknown to Secrets Manager, as hashicorp/aws waits for it.
const PRINCIPAL_VISIBLE: Duration = Duration::from_secs(120);

/// Writes the resource policy in place of the one before; again while it names a principal that IAM has just created.
pub(crate) async fn put_policy(scope: &Scope<'_>, id: &str, policy: &str) -> Result<(), AwsError> {
    let call = scope.secretsmanager().await?.put_resource_policy().secret_id(id).resource_policy(policy);
    let scope = scope.with_timeout(PRINCIPAL_VISIBLE.min(scope.time_left()));
    let names_new_principal = |error: &AwsError| {
        error.is(&["MalformedPolicyDocumentException"])
            && error.message().is_some_and(|message| message.contains("unsupported principal"))
    };
    let put = || scope.call(SERVICE, "PutResourcePolicy", call.clone().send());
    scope.retry_if(names_new_principal, put).await.map(drop)
}

/// Removes the resource policy, if there is one.
pub(crate) async fn delete_policy(scope: &Scope<'_>, id: &str) -> Result<(), AwsError> {
    let call = scope.secretsmanager().await?.delete_resource_policy().secret_id(id);
    scope.call(SERVICE, "DeleteResourcePolicy", call.send()).await.map(drop)
}

/// Removes and sets tags.
pub(crate) async fn change_tags(scope: &Scope<'_>, id: &str, changes: &TagChanges) -> Result<(), AwsError> {
    let client = scope.secretsmanager().await?;
    if !changes.remove.is_empty() {
        let keys = changes.remove.iter().cloned().collect();
        let call = client.untag_resource().secret_id(id).set_tag_keys(Some(keys));
        scope.call(SERVICE, "UntagResource", call.send()).await?;
    }
    if !changes.set.is_empty() {
        let call = client.tag_resource().secret_id(id).set_tags(expand_tags(&changes.set));
        scope.call(SERVICE, "TagResource", call.send()).await?;
    }
    Ok(())
}

/// Adds copies.
pub(crate) async fn replicate(
    scope: &Scope<'_>,
    id: &str,
    replicas: &BTreeMap<String, Option<String>>,
    force: bool,
) -> Result<(), AwsError> {
    let client = scope.secretsmanager().await?;
    let call = client
        .replicate_secret_to_regions()
        .secret_id(id)
        .set_add_replica_regions(Some(expand_replicas(replicas)))
        .force_overwrite_replica_secret(force);
    scope.call(SERVICE, "ReplicateSecretToRegions", call.send()).await.map(drop)
}

/// Removes copies.
pub(crate) async fn remove_replicas(
    scope: &Scope<'_>,
    id: &str,
    regions: Vec<String>,
) -> Result<(), AwsError> {
    let client = scope.secretsmanager().await?;
    let call =
        client.remove_regions_from_replication().secret_id(id).set_remove_replica_regions(Some(regions));
    scope.call(SERVICE, "RemoveRegionsFromReplication", call.send()).await.map(drop)
}

/// Cancels a scheduled deletion.
pub(crate) async fn restore(scope: &Scope<'_>, id: &str) -> Result<(), AwsError> {
    let client = scope.secretsmanager().await?;
    scope.call(SERVICE, "RestoreSecret", client.restore_secret().secret_id(id).send()).await.map(drop)
}

/// Schedules the deletion in so many days; 0 deletes at once, `None` is AWS's 30.
pub(crate) async fn delete(scope: &Scope<'_>, id: &str, days: Option<i64>) -> Result<(), AwsError> {
    let client = scope.secretsmanager().await?;
    let call = client.delete_secret().secret_id(id);
    let call = match days {
        Some(0) => call.force_delete_without_recovery(true),
        days => call.set_recovery_window_in_days(days),
    };
    scope.call(SERVICE, "DeleteSecret", call.send()).await.map(drop)
}

/// Copies, with the key of each by Region, as types of the SDK.
pub(crate) fn expand_replicas(replicas: &BTreeMap<String, Option<String>>) -> Vec<ReplicaRegionType> {
    let build = |(region, key): (&String, &Option<String>)| {
        ReplicaRegionType::builder().region(region).set_kms_key_id(key.clone()).build()
    };
    replicas.iter().map(build).collect()
}

/// Tags as types of the SDK; `None` for no tags.
pub(crate) fn expand_tags(tags: &Tags) -> Option<Vec<Tag>> {
    let tags = Some(tags).filter(|tags| !tags.is_empty())?;
    Some(tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect())
}
