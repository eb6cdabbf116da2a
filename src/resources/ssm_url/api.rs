//! The calls to SSM.

use aws_sdk_ssm::types::{
    Parameter, ParameterMetadata, ParameterStringFilter, ParameterTier, ParameterType,
    ResourceTypeForTagging, Tag,
};

use super::model::SsmUrlModel;
use crate::aws::{AwsError, ErrorKind, LostAnswers, PageTokens, Secret, Service, call_retrying, listed_or};
use crate::engine::Context;
use crate::engine::tags::{TagChanges, Tags};
use crate::resources::tagging;
use crate::value::Field;

/// The code of a parameter that does not exist.
pub(super) const NOT_FOUND: &[&str] = &["ParameterNotFound"];

/// A parameter as SSM shows it.
pub(super) struct Live {
    /// Value, type, version and ARN.
    pub parameter: Parameter,
    /// Description, key and tier; none right after a create, as SSM lists late.
    pub metadata: Option<ParameterMetadata>,
    /// `tags` and `tags_all`.
    pub tags: (Field<Tags>, Field<Tags>),
}

/// Everything about a parameter whose state has `own` tags and `all`.
pub(super) async fn fetch(
    cx: &Context<'_>,
    name: &str,
    own: &Field<Tags>,
    all: &Field<Tags>,
) -> Result<Live, AwsError> {
    let reads = cx.aws().reads(cx.region());
    let (parameter, metadata) = tokio::join!(reads.parameter(name), reads.parameter_metadata(name));
    let parameter = match parameter {
        Some(parameter) => parameter,
        None => get(cx, name, true).await?,
    };
    let metadata = listed_or(metadata, describe(cx, name));
    let arn = parameter.arn().unwrap_or_default();
    let tags = tagging::read(cx, arn, own, all, list_tags(cx, name));
    let (metadata, tags) = tokio::join!(metadata, tags);
    Ok(Live { metadata: metadata?, tags: tags?, parameter })
}

/// The parameter itself.
pub(super) async fn get(cx: &Context<'_>, name: &str, decrypted: bool) -> Result<Parameter, AwsError> {
    let client = cx.aws().ssm(cx.region()).await?;
    let call = client.get_parameter().name(name).with_decryption(decrypted);
    let answer = cx.call(Service::Ssm, "GetParameter", call.send()).await?;
    answer.parameter.filter(|parameter| parameter.arn.is_some()).ok_or_else(|| {
        let detail = "it holds no parameter with an ARN".to_owned();
        AwsError::new(Service::Ssm, "GetParameter", ErrorKind::Response { detail, request_id: None })
    })
}

/// The parameter just written. SSM may need a moment to find it.
pub(super) async fn get_written(cx: &Context<'_>, name: &str) -> Result<Parameter, AwsError> {
    call_retrying(cx.cancel(), cx.deadline(), NOT_FOUND, || get(cx, name, false)).await
}

async fn describe(cx: &Context<'_>, name: &str) -> Result<Option<ParameterMetadata>, AwsError> {
    let client = cx.aws().ssm(cx.region()).await?;
    let mut tokens = PageTokens::new(Service::Ssm, "DescribeParameters");
    loop {
        let filter = ParameterStringFilter::builder().key("Name").option("Equals").values(name).build();
        let filter = filter.map_err(|error| {
            let detail = error.to_string();
            AwsError::new(Service::Ssm, "DescribeParameters", ErrorKind::Config { detail })
        })?;
        let call = client.describe_parameters().parameter_filters(filter).set_next_token(tokens.next());
        let answer = cx.call(Service::Ssm, "DescribeParameters", call.send()).await?;
        let found = answer.parameters.unwrap_or_default().into_iter().find(|it| it.name() == Some(name));
        // A page may be empty and have another behind it.
        if found.is_some() || !tokens.advance(answer.next_token)? {
            return Ok(found);
        }
    }
}

/// What a write answered.
pub(super) struct Written {
    /// The new version.
    pub version: i64,
    /// The tier SSM chose.
    pub tier: Option<String>,
}

/// Writes the parameter. Its tags go along only with a create that may not
/// overwrite: SSM refuses both together.
pub(super) async fn put(
    cx: &Context<'_>,
    model: &SsmUrlModel,
    value: &Secret,
    overwrite: bool,
    lost: &LostAnswers,
) -> Result<Written, AwsError> {
    let client = cx.aws().ssm(cx.region()).await?;
    let call = client
        .put_parameter()
        .name(model.name_text())
        .value(value.expose())
        .r#type(ParameterType::from(model.r#type.text().unwrap_or("SecureString")))
        .set_key_id(model.key().filter(|_| overwrite || model.key_id.text().is_some()).map(str::to_owned))
        .set_tier(model.tier.text().map(ParameterTier::from))
        // Left out, the description of an existing parameter might stay.
        .set_description(model.description.known().cloned().or(overwrite.then(String::new)))
        .overwrite(overwrite)
        .set_tags(if overwrite { None } else { to_api(&model.tags_all) });
    // SSM takes one change of a parameter at a time.
    let answer = call_retrying(cx.cancel(), cx.deadline(), &["TooManyUpdates"], || {
        let call = call.clone().customize().interceptor(lost.clone());
        cx.call(Service::Ssm, "PutParameter", call.send())
    })
    .await?;
    Ok(Written { version: answer.version, tier: answer.tier.map(|tier| tier.as_str().to_owned()) })
}

/// The parameter that is there, when it is to the letter what a create of `model` makes,
/// and was never written again: most likely it is what a create has made whose answer
/// never arrived.
pub(super) async fn made_before(cx: &Context<'_>, model: &SsmUrlModel, value: &Secret) -> Option<Written> {
    let name = model.name_text();
    let parameter =
        call_retrying(cx.cancel(), cx.deadline(), NOT_FOUND, || get(cx, name, true)).await.ok()?;
    let (metadata, tags) = tokio::join!(describe(cx, name), list_tags(cx, name));
    let (metadata, tags) = (metadata.ok()?, tags.ok()?);
    let same = parameter.version == 1
        && parameter.value.as_deref() == Some(value.expose())
        && parameter.r#type.as_ref().map(ParameterType::as_str) == model.r#type.text()
        && tags == model.tags_all.known().cloned().unwrap_or_default()
        // SSM lists late: what it does not show yet was made a moment ago.
        && metadata.as_ref().is_none_or(|shown| {
            let key = model.key_id.text().is_none_or(|key| shown.key_id() == Some(key));
            key && shown.description().unwrap_or_default() == model.description.text().unwrap_or_default()
        });
    let tier = metadata.as_ref().and_then(|shown| shown.tier()).map(|tier| tier.as_str().to_owned());
    same.then_some(Written { version: parameter.version, tier })
}

/// Deletes the parameter. That it is gone already is success.
pub(super) async fn delete(cx: &Context<'_>, name: &str) -> Result<(), AwsError> {
    let client = cx.aws().ssm(cx.region()).await?;
    match cx.call(Service::Ssm, "DeleteParameter", client.delete_parameter().name(name).send()).await {
        Err(error) if !error.is(NOT_FOUND) => Err(error),
        _ => Ok(()),
    }
}

/// Whether SSM has the parameter.
pub(super) async fn exists(cx: &Context<'_>, name: &str) -> Result<bool, AwsError> {
    match get(cx, name, false).await {
        Err(error) if error.is(NOT_FOUND) => Ok(false),
        Err(error) => Err(error),
        Ok(_) => Ok(true),
    }
}

/// The tags of a parameter.
pub(super) async fn list_tags(cx: &Context<'_>, name: &str) -> Result<Tags, AwsError> {
    let client = cx.aws().ssm(cx.region()).await?;
    let call =
        client.list_tags_for_resource().resource_type(ResourceTypeForTagging::Parameter).resource_id(name);
    let answer = cx.call(Service::Ssm, "ListTagsForResource", call.send()).await?;
    Ok(answer.tag_list().iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect())
}

/// Brings the tags from `prior` to `planned`; no call when they are equal.
pub(super) async fn change_tags(
    cx: &Context<'_>,
    name: &str,
    prior: &Field<Tags>,
    planned: &Field<Tags>,
) -> Result<(), AwsError> {
    let changes = TagChanges::between(cx.provider(), prior, planned);
    if changes.is_empty() {
        return Ok(());
    }
    let client = cx.aws().ssm(cx.region()).await?;
    let kind = ResourceTypeForTagging::Parameter;
    if !changes.remove.is_empty() {
        let call = client
            .remove_tags_from_resource()
            .resource_type(kind.clone())
            .resource_id(name)
            .set_tag_keys(Some(changes.remove.into_iter().collect()));
        cx.call(Service::Ssm, "RemoveTagsFromResource", call.send()).await?;
    }
    if !changes.set.is_empty() {
        let call = client
            .add_tags_to_resource()
            .resource_type(kind)
            .resource_id(name)
            .set_tags(to_api(&Field::Known(changes.set)));
        cx.call(Service::Ssm, "AddTagsToResource", call.send()).await?;
    }
    Ok(())
}

fn to_api(tags: &Field<Tags>) -> Option<Vec<Tag>> {
    let tags = tags.known().filter(|tags| !tags.is_empty())?;
    // Only a missing key or value could fail.
    Some(tags.iter().filter_map(|(key, value)| Tag::builder().key(key).value(value).build().ok()).collect())
}
