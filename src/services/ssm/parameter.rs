//! Parameters.

use aws_sdk_ssm::operation::put_parameter::builders::PutParameterFluentBuilder;
use aws_sdk_ssm::types::{Parameter, ParameterMetadata, ParameterStringFilter, ResourceTypeForTagging, Tag};

use crate::aws::{
    AwsError, ErrorKind, Listing, PageTokens, Scope, Service, TagChanges, Tags, UnansweredAttempts,
    about_another, listed_or, unless_not_found,
};

/// The code of a parameter that does not exist.
pub(crate) const NOT_FOUND: &[&str] = &["ParameterNotFound"];
/// The code of a version of a parameter that does not exist.
pub(crate) const NO_VERSION: &[&str] = &["ParameterVersionNotFound"];
/// The code of a parameter that already exists.
pub(crate) const EXISTS: &[&str] = &["ParameterAlreadyExists"];
/// The code of a parameter that another request changes.
const BUSY: &[&str] = &["TooManyUpdates"];

/// What PutParameter returns.
pub(crate) struct Written {
    /// The new version.
    pub(crate) version: i64,
    /// The tier that SSM chose.
    pub(crate) tier: Option<String>,
}

/// What SSM returns about a parameter.
pub(crate) struct Found {
    /// Its value, decrypted, with version, type and ARN; `None` if the metadata shows that it is unchanged.
    pub(crate) parameter: Option<Parameter>,
    /// Description, KMS key and tier; `None` after a create, because SSM lists a new parameter late.
    pub(crate) metadata: Option<ParameterMetadata>,
}

/// A version of a parameter. Each write makes another one; but a parameter that was deleted and created again counts its
/// versions from 1 again, so that the time distinguishes the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Revision {
    pub(crate) version: i64,
    /// Seconds since 1970. SSM returns fractions, which responses may round differently.
    pub(crate) modified: i64,
}

impl Revision {
    /// That of a parameter with its value.
    pub(crate) fn of(parameter: &Parameter) -> Option<Self> {
        Some(Self { version: parameter.version, modified: parameter.last_modified_date.as_ref()?.secs() })
    }

    fn of_metadata(metadata: &ParameterMetadata) -> Option<Self> {
        Some(Self { version: metadata.version, modified: metadata.last_modified_date.as_ref()?.secs() })
    }
}

/// The parameter, from a listing if other parameters are read at the same time. Without a change since the revision
/// `known`, its value is not read: that saves a call, a decryption by KMS, and the permission for it.
pub(crate) async fn find(scope: &Scope<'_>, name: &str, known: Option<Revision>) -> Result<Found, AwsError> {
    let metadata =
        async { listed_or(scope.reads().parameter_metadata(name).await, describe(scope, name)).await };
    let parameter = async {
        match scope.reads().parameter(name).await {
            Some(parameter) => Ok(parameter),
            None => get(scope, name, true).await,
        }
    };
    if known.is_none() {
        let (parameter, metadata) = tokio::join!(parameter, metadata);
        return Ok(Found { parameter: Some(parameter?), metadata: metadata? });
    }
    let metadata = metadata.await?;
    let unchanged = metadata.as_ref().and_then(Revision::of_metadata) == known;
    let parameter = if unchanged { None } else { Some(parameter.await?) };
    Ok(Found { parameter, metadata })
}

/// The parameter with its value.
pub(crate) async fn get(scope: &Scope<'_>, name: &str, decrypted: bool) -> Result<Parameter, AwsError> {
    let client = scope.ssm().await?;
    let call = client.get_parameter().name(name).with_decryption(decrypted);
    let answer = scope.call(Service::Ssm, "GetParameter", call.send()).await?;
    let parameter = answer.parameter.filter(|it| it.arn.is_some() && it.name.is_some()).ok_or_else(|| {
        let detail = "it holds no parameter with a name and an ARN".to_owned();
        AwsError::new(Service::Ssm, "GetParameter", ErrorKind::Response { detail, request_id: None })
    })?;
    match is_selected(&parameter, name) {
        true => Ok(parameter),
        false => {
            let found = parameter.name().unwrap_or_default();
            Err(about_another(Service::Ssm, "GetParameter", found, name))
        }
    }
}

/// True for the parameter that a request names: by name or ARN, with a version or a label behind a colon or without. A name
/// with one level is the same with and without its slash.
fn is_selected(parameter: &Parameter, requested: &str) -> bool {
    if requested.starts_with("arn:") {
        let rest = parameter.arn().and_then(|arn| requested.strip_prefix(arn));
        return rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
    }
    let requested = requested.split(':').next().unwrap_or_default();
    parameter.name().is_some_and(|name| name.trim_start_matches('/') == requested.trim_start_matches('/'))
}

/// The same of a parameter that was just written: SSM may find it only after a moment.
pub(crate) async fn get_written(
    scope: &Scope<'_>,
    name: &str,
    decrypted: bool,
) -> Result<Parameter, AwsError> {
    scope.retry(NOT_FOUND, || get(scope, name, decrypted)).await
}

/// The parameter that was just written, its value not decrypted, by one call for several parameters that are written at
/// the same time.
pub(crate) async fn find_written(scope: &Scope<'_>, name: &str) -> Result<Parameter, AwsError> {
    match scope.reads().encrypted_parameter(name).await {
        Some(parameter) => Ok(parameter),
        None => get_written(scope, name, false).await,
    }
}

/// Whether the parameter exists.
pub(crate) async fn exists(scope: &Scope<'_>, name: &str) -> Result<bool, AwsError> {
    Ok(unless_not_found(get(scope, name, false).await, NOT_FOUND)?.is_some())
}

/// Description, key and tier of the parameter; `None` for a moment after a create, as SSM lists late.
pub(crate) async fn describe(scope: &Scope<'_>, name: &str) -> Result<Option<ParameterMetadata>, AwsError> {
    let client = scope.ssm().await?;
    let mut tokens = PageTokens::new(Service::Ssm, "DescribeParameters");
    loop {
        let filter = ParameterStringFilter::builder().key("Name").option("Equals").values(name).build();
        let filter = filter.map_err(|error| {
            let detail = error.to_string();
            AwsError::new(Service::Ssm, "DescribeParameters", ErrorKind::Config { detail })
        })?;
        let call = client.describe_parameters().parameter_filters(filter).set_next_token(tokens.next());
        let answer = scope.call(Service::Ssm, "DescribeParameters", call.send()).await?;
        let found = answer.parameters.unwrap_or_default().into_iter().find(|it| it.name() == Some(name));
        // A page may be empty and have another behind it.
        if found.is_some() || !tokens.advance(answer.next_token)? {
            return Ok(found);
        }
    }
}

/// The parameters below a path, without their values, page by page.
///
/// A page may be empty and have another behind it.
pub(crate) fn listing<'a>(scope: &'a Scope<'a>, path: &'a str) -> Listing<'a, ParameterMetadata> {
    Listing::new(Service::Ssm, "DescribeParameters", move |token| async move {
        let client = scope.ssm().await?;
        let below = ParameterStringFilter::builder().key("Path").option("Recursive").values(path).build();
        let below = below.map_err(|error| {
            let detail = error.to_string();
            AwsError::new(Service::Ssm, "DescribeParameters", ErrorKind::Config { detail })
        })?;
        let call = client.describe_parameters().parameter_filters(below).set_next_token(token);
        let answer = scope.call(Service::Ssm, "DescribeParameters", call.send()).await?;
        Ok((answer.parameters, answer.next_token))
    })
}

/// Writes the parameter. Retries while another request changes it: SSM accepts one change of a parameter
/// at a time. `attempts` learns of attempts that were not answered.
pub(crate) async fn put(
    scope: &Scope<'_>,
    call: PutParameterFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<Written, AwsError> {
    let answer = scope
        .retry(BUSY, || {
            let call = call.clone().customize().interceptor(attempts.clone());
            scope.call(Service::Ssm, "PutParameter", call.send())
        })
        .await?;
    Ok(Written { version: answer.version, tier: answer.tier.map(|tier| tier.as_str().to_owned()) })
}

/// Deletes the parameter. Not found is success.
pub(crate) async fn delete(scope: &Scope<'_>, name: &str) -> Result<(), AwsError> {
    let client = scope.ssm().await?;
    match scope.call(Service::Ssm, "DeleteParameter", client.delete_parameter().name(name).send()).await {
        Err(error) if !error.is(NOT_FOUND) => Err(error),
        _ => Ok(()),
    }
}

/// The tags of a parameter.
pub(crate) async fn list_tags(scope: &Scope<'_>, name: &str) -> Result<Tags, AwsError> {
    let client = scope.ssm().await?;
    let call =
        client.list_tags_for_resource().resource_type(ResourceTypeForTagging::Parameter).resource_id(name);
    let answer = scope.call(Service::Ssm, "ListTagsForResource", call.send()).await?;
    Ok(answer.tag_list().iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect())
}

/// Removes and sets tags. Retries like [`put`].
pub(crate) async fn change_tags(scope: &Scope<'_>, name: &str, changes: &TagChanges) -> Result<(), AwsError> {
    let client = scope.ssm().await?;
    let kind = ResourceTypeForTagging::Parameter;
    if !changes.remove.is_empty() {
        let call = client
            .remove_tags_from_resource()
            .resource_type(kind.clone())
            .resource_id(name)
            .set_tag_keys(Some(changes.remove.iter().cloned().collect()));
        let removed =
            scope.retry(BUSY, || scope.call(Service::Ssm, "RemoveTagsFromResource", call.clone().send()));
        removed.await?;
    }
    if !changes.set.is_empty() {
        let call = client
            .add_tags_to_resource()
            .resource_type(kind)
            .resource_id(name)
            .set_tags(expand_tags(&changes.set));
        let added = scope.retry(BUSY, || scope.call(Service::Ssm, "AddTagsToResource", call.clone().send()));
        added.await?;
    }
    Ok(())
}

/// Tags as types of the SDK; `None` for no tags.
pub(crate) fn expand_tags(tags: &Tags) -> Option<Vec<Tag>> {
    let tags = Some(tags).filter(|tags| !tags.is_empty())?;
    // Only a missing key or value could fail.
    Some(tags.iter().filter_map(|(key, value)| Tag::builder().key(key).value(value).build().ok()).collect())
}
