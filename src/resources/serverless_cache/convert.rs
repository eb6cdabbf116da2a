//! Conversions between the model and the API.

use std::collections::BTreeSet;

use aws_sdk_elasticache::operation::create_serverless_cache::builders::CreateServerlessCacheFluentBuilder;
use aws_sdk_elasticache::types::{
    ConnectionType, Endpoint, MigrationSummary, NetworkType, ServerlessCache, StorageEncryptionType,
};
use aws_smithy_types::date_time::Format;

use super::attributes::{EndpointModel, MigrationModel, ServerlessCacheModel};
use super::limits::Limits;
use crate::resources::common::kms;
use crate::resources::common::observed::or_text;
use crate::services::elasticache::{serverless_cache, tags};
use crate::value::Field;

/// Where a cache is reached from when the response does not say: the default of the API, and the only
/// choice before `ConnectionType` existed.
const VPC: &str = "vpc";

/// What AWS returns for a cache without description (hashicorp/terraform-provider-aws#45204), and what
/// removes a description: an empty one in a request is no change.
pub(super) const NO_DESCRIPTION: &str = " ";

fn text(field: &Field<String>) -> Option<String> {
    field.text().map(str::to_owned)
}

/// The elements of a set; `None` for an empty one, which AWS does not accept.
pub(super) fn elements(set: &Field<BTreeSet<String>>) -> Option<Vec<String>> {
    set.known().filter(|ids| !ids.is_empty()).map(|ids| ids.iter().cloned().collect())
}

/// CreateServerlessCache for the planned model.
pub(super) fn expand_create(
    call: CreateServerlessCacheFluentBuilder,
    planned: &ServerlessCacheModel,
) -> CreateServerlessCacheFluentBuilder {
    let description = text(&planned.description).filter(|text| !text.trim().is_empty());
    let days = planned.snapshot_retention_limit.known().copied().filter(|days| *days > 0);
    let snapshots = planned.snapshot_arns_to_restore.known().filter(|arns| !arns.is_empty());
    call.serverless_cache_name(planned.aws_name())
        .set_engine(planned.aws_engine())
        .set_major_engine_version(text(&planned.major_engine_version))
        .set_description(description)
        .set_cache_usage_limits(Limits::of_blocks(&planned.cache_usage_limits).and_then(Limits::to_create))
        .set_kms_key_id(text(&planned.kms_key_id))
        .set_security_group_ids(elements(&planned.security_group_ids))
        .set_subnet_ids(elements(&planned.subnet_ids))
        .set_snapshot_arns_to_restore(snapshots.cloned())
        .set_user_group_id(text(&planned.user_group_id).map(|id| id.to_lowercase()))
        .set_snapshot_retention_limit(days)
        .set_daily_snapshot_time(text(&planned.daily_snapshot_time))
        .set_network_type(planned.network_type.text().map(NetworkType::from))
        .set_connection_type(planned.connection_type.text().map(ConnectionType::from))
        .set_tags(planned.tags_all.known().and_then(tags::to_api))
}

/// The model with what AWS returns of the cache; tags come from another call.
pub(crate) fn flatten(mut model: ServerlessCacheModel, cache: &ServerlessCache) -> ServerlessCacheModel {
    model.id = cache.serverless_cache_name().into();
    model.name = cache.serverless_cache_name().into();
    model.engine = cache.engine().into();
    model.major_engine_version = or_text(cache.major_engine_version(), &model.major_engine_version);
    model.full_engine_version = cache.full_engine_version().into();
    model.description = cache.description().filter(|text| !text.trim().is_empty()).into();
    model.cache_usage_limits = Limits::of_cache(cache).flatten(&model.cache_usage_limits);
    model.snapshot_retention_limit = Field::Known(cache.snapshot_retention_limit().unwrap_or_default());
    model.daily_snapshot_time = or_text(cache.daily_snapshot_time(), &model.daily_snapshot_time);
    // AWS returns the ARN of the key for an alias.
    if !model.kms_key_id.text().is_some_and(kms::is_alias) {
        model.kms_key_id = cache.kms_key_id().into();
    }
    model.storage_encryption_type = cache.storage_encryption_type().map(StorageEncryptionType::as_str).into();
    model.security_group_ids = set(cache.security_group_ids(), &model.security_group_ids);
    model.subnet_ids = set(cache.subnet_ids(), &model.subnet_ids);
    model.user_group_id = cache.user_group_id().into();
    model.network_type = or_text(cache.network_type().map(NetworkType::as_str), &model.network_type);
    let connection = cache.connection_type().map(ConnectionType::as_str);
    model.connection_type = match or_text(connection, &model.connection_type) {
        Field::Known(from) => Field::Known(from),
        _ => VPC.into(),
    };
    model.endpoint = endpoints(cache.endpoint());
    model.reader_endpoint = endpoints(cache.reader_endpoint());
    model.migration = Field::Known(cache.migration().map(migration).into_iter().collect());
    model.arn = cache.arn().into();
    model.status = Field::Known(serverless_cache::status_of(cache));
    model.create_time = cache.create_time().and_then(|time| time.fmt(Format::DateTime).ok()).into();
    model
}

/// The IDs that AWS returns; those before where it returns none.
fn set(returned: &[String], before: &Field<BTreeSet<String>>) -> Field<BTreeSet<String>> {
    match before {
        Field::Known(before) if returned.is_empty() => Field::Known(before.clone()),
        _ => Field::Known(returned.iter().cloned().collect()),
    }
}

/// The endpoint as a list of one; none while AWS creates the cache.
fn endpoints(endpoint: Option<&Endpoint>) -> Field<Vec<EndpointModel>> {
    let whole = endpoint.filter(|endpoint| endpoint.address().is_some());
    let model = whole
        .map(|endpoint| EndpointModel { address: endpoint.address().into(), port: endpoint.port().into() });
    Field::Known(model.into_iter().collect())
}

fn migration(summary: &MigrationSummary) -> MigrationModel {
    MigrationModel {
        status: summary.status().into(),
        cutover_mode: summary.cutover_mode().into(),
        migration_endpoint: endpoints(summary.migration_endpoint()),
    }
}
