//! Planning a serverless cache.

use super::attributes::ServerlessCacheModel;
use super::{deletion_protection, engine};
use crate::engine::PlanContext;
use crate::resources::common::{kms, names};
use crate::services::elasticache::serverless_cache::CREATING;

/// What AWS returns only once the cache is available.
const LATE: &[&str] = &[
    "endpoint",
    "reader_endpoint",
    "full_engine_version",
    "major_engine_version",
    "daily_snapshot_time",
    "security_group_ids",
    "status",
];

/// Adjusts the plan that follows from the schema.
pub(super) fn plan(cx: &mut PlanContext<'_, ServerlessCacheModel>) {
    names::plan_lower_id(cx, &cx.planned.name.clone());
    let Some(prior) = cx.prior else { return };
    kms::plan(cx, &cx.config.kms_key_id);
    engine::plan(cx, prior);
    if prior.status.text() == Some(CREATING) {
        // A create that was interrupted and untainted: the next apply waits for it, so that dependent
        // resources have the endpoints.
        for name in LATE {
            cx.set_unknown(name);
        }
    }
    deletion_protection::replacement(cx, prior);
}
