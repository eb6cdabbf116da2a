//! Conversions between the model and the API.

use aws_sdk_elasticache::operation::copy_serverless_cache_snapshot::builders::CopyServerlessCacheSnapshotFluentBuilder;
use aws_sdk_elasticache::operation::create_serverless_cache_snapshot::builders::CreateServerlessCacheSnapshotFluentBuilder;
use aws_sdk_elasticache::types::ServerlessCacheSnapshot;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::attributes::{ContentsModel, ServerlessCacheSnapshotModel};
use crate::resources::common::kms;
use crate::services::elasticache::{serverless_cache_snapshot, tags};
use crate::value::Field;

fn text(field: &Field<String>) -> Option<String> {
    field.text().map(str::to_owned)
}

/// CreateServerlessCacheSnapshot for the planned model.
pub(super) fn expand_create(
    call: CreateServerlessCacheSnapshotFluentBuilder,
    planned: &ServerlessCacheSnapshotModel,
) -> CreateServerlessCacheSnapshotFluentBuilder {
    call.serverless_cache_snapshot_name(planned.aws_name())
        .set_serverless_cache_name(text(&planned.serverless_cache_name).map(|name| name.to_lowercase()))
        .set_kms_key_id(text(&planned.kms_key_id))
        .set_tags(planned.tags_all.known().and_then(tags::to_api))
}

/// CopyServerlessCacheSnapshot for the planned model.
pub(super) fn expand_copy(
    call: CopyServerlessCacheSnapshotFluentBuilder,
    source: &str,
    planned: &ServerlessCacheSnapshotModel,
) -> CopyServerlessCacheSnapshotFluentBuilder {
    call.source_serverless_cache_snapshot_name(source.to_lowercase())
        .target_serverless_cache_snapshot_name(planned.aws_name())
        .set_kms_key_id(text(&planned.kms_key_id))
        .set_tags(planned.tags_all.known().and_then(tags::to_api))
}

/// The model with what AWS returns of the snapshot; tags come from another call.
pub(crate) fn flatten(
    mut model: ServerlessCacheSnapshotModel,
    snapshot: &ServerlessCacheSnapshot,
) -> ServerlessCacheSnapshotModel {
    let cache = snapshot.serverless_cache_configuration();
    model.id = snapshot.serverless_cache_snapshot_name().into();
    model.name = snapshot.serverless_cache_snapshot_name().into();
    if let Some(name) = cache.and_then(|cache| cache.serverless_cache_name()) {
        model.serverless_cache_name = name.into();
    } else if model.serverless_cache_name.is_unknown() {
        model.serverless_cache_name = Field::Null;
    }
    // AWS returns the ARN of the key for an alias.
    if !model.kms_key_id.text().is_some_and(kms::is_alias) {
        model.kms_key_id = snapshot.kms_key_id().into();
    }
    model.contents = contents(snapshot);
    model
}

/// What AWS returns of the snapshot beside its arguments.
pub(crate) fn contents(snapshot: &ServerlessCacheSnapshot) -> ContentsModel {
    let cache = snapshot.serverless_cache_configuration();
    ContentsModel {
        arn: snapshot.arn().into(),
        status: Field::Known(serverless_cache_snapshot::status_of(snapshot)),
        snapshot_type: snapshot.snapshot_type().into(),
        create_time: time(snapshot.create_time()),
        expiry_time: time(snapshot.expiry_time()),
        bytes_used_for_cache: snapshot.bytes_used_for_cache().and_then(|bytes| bytes.parse().ok()).into(),
        engine: cache.and_then(|cache| cache.engine()).into(),
        major_engine_version: cache.and_then(|cache| cache.major_engine_version()).into(),
    }
}

/// A time in RFC 3339 format, as Terraform's functions accept it.
fn time(time: Option<&DateTime>) -> Field<String> {
    time.and_then(|time| time.fmt(Format::DateTime).ok()).into()
}
