//! A new cache whose creation AWS accepted, but whose answer was lost; see
//! [`crate::resources::common::unanswered`].
//!
//! Beside what holds for every object, the cache must still be `creating`: the repetition follows within
//! seconds, and creating a cache takes minutes.

use aws_sdk_elasticache::types::ServerlessCache as ExistingCache;

use super::attributes::ServerlessCacheModel;
use super::convert::flatten;
use crate::aws::{AwsError, UnansweredAttempts};
use crate::engine::{Context, differences};
use crate::resources::common::unanswered;
use crate::schema::Object;
use crate::services::elasticache::serverless_cache::{self, CREATING};

/// The cache that an unanswered attempt of a create has created; `None` when there is none that could only
/// be this one.
pub(super) async fn created(
    cx: &Context<'_>,
    planned: &ServerlessCacheModel,
    attempts: &UnansweredAttempts,
    error: &AwsError,
) -> Option<ExistingCache> {
    let name = planned.aws_name();
    let object = format!("serverless cache {name:?}");
    let find = async || serverless_cache::describe(cx.scope(), &name).await;
    let cache =
        unanswered::find_unanswered(cx, attempts, error, serverless_cache::EXISTS, &object, find).await?;
    let differing = differences_of(&cache, planned);
    unanswered::adopted(&object, cache, &differing)
}

/// The arguments in which a cache differs from the plan, as far as AWS returns them while it creates the
/// cache. Its tags cannot be listed meanwhile.
fn differences_of(cache: &ExistingCache, planned: &ServerlessCacheModel) -> Vec<&'static str> {
    let schema = ServerlessCacheModel::resource_schema();
    let mut found = differences(schema, planned.clone(), flatten(planned.clone(), cache));
    // Where the plan has none of these, AWS chooses none.
    if planned.user_group_id.text().is_none() && cache.user_group_id().is_some() {
        found.push("user_group_id");
    }
    let has_description = cache.description().is_some_and(|text| !text.trim().is_empty());
    if planned.description.text().is_none() && has_description {
        found.push("description");
    }
    if serverless_cache::status_of(cache) != CREATING {
        found.push("status");
    }
    found
}
