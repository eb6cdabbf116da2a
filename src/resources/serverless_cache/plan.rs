//! Planning a serverless cache.

use super::attributes::ServerlessCacheModel;
use super::{deletion_protection, engine};
use crate::engine::PlanContext;
use crate::services::elasticache::serverless_cache::CREATING;
use crate::value::Field;

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
    match &cx.planned.name {
        Field::Known(name) => {
            let id = name.to_lowercase();
            cx.set("id", id);
        }
        _ if cx.is_create() => cx.set_unknown("id"),
        _ => {}
    }
    let Some(prior) = cx.prior else { return };
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
