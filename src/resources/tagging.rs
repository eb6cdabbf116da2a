//! Reading the tags of an object of any service.

use crate::aws::AwsError;
use crate::engine::Context;
use crate::engine::tags::{self, Tags};
use crate::value::Field;

/// `tags` and `tags_all` of the object with that ARN, whose state has `own` and `all`.
///
/// The index of the Resource Groups Tagging API answers for many objects at once, but
/// lags behind by seconds. So it may say that nothing has changed; whatever else it
/// says is asked again of the service itself, by `ask`.
///
/// # Errors
/// Those of `ask`.
pub(super) async fn read(
    cx: &Context<'_>,
    arn: &str,
    own: &Field<Tags>,
    all: &Field<Tags>,
    ask: impl Future<Output = Result<Tags, AwsError>>,
) -> Result<(Field<Tags>, Field<Tags>), AwsError> {
    if let Some(indexed) = cx.aws().reads(cx.region()).tags(arn).await {
        let read = tags::read_back(cx.provider(), own, indexed);
        if same(&read.0, own) && same(&read.1, all) {
            return Ok(read);
        }
    }
    Ok(tags::read_back(cx.provider(), own, ask.await?))
}

/// True for equal tags; null and none are the same.
fn same(a: &Field<Tags>, b: &Field<Tags>) -> bool {
    let none = Tags::new();
    a.known().unwrap_or(&none) == b.known().unwrap_or(&none)
}
