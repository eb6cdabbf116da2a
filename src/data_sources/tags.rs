//! Tags of objects that AWS may be changing.

use std::time::Duration;

use tokio::time::Instant;

use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::Context;
use crate::engine::state::tags;
use crate::engine::state::tags::Tags;
use crate::value::Field;

/// How long a data source retries while AWS refuses to list tags. After a change of tags alone, an object is not
/// `available` for about 15 s (hashicorp/aws PR #40320).
const TAGS_TIMEOUT: Duration = Duration::from_secs(45);

/// The tags that `list` returns. Retries while it returns `None` because AWS refuses to list them; `None` after the
/// timeout.
///
/// # Errors
/// Those of `list`.
pub(super) async fn tags_when_listed<F>(
    cx: &Context<'_>,
    list: impl Fn() -> F,
) -> Result<Option<Tags>, Diagnostics>
where
    F: Future<Output = Result<Option<Tags>, Diagnostics>>,
{
    let timeout = TAGS_TIMEOUT.min(cx.scope().timeout());
    let (started, mut pause) = (Instant::now(), Duration::from_secs(1));
    loop {
        let tags = list().await?;
        if tags.is_some() || started.elapsed() + pause > timeout {
            return Ok(tags);
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = cx.scope().cancel().cancelled() => return Ok(None),
        }
        pause = (pause * 3 / 2).min(Duration::from_secs(5));
    }
}

/// The tags of `object` `id`. AWS does not list tags while it changes an object: the attribute is then null, with a
/// warning.
pub(super) fn tags_of(cx: &Context<'_>, object: &str, id: &str, listed: Option<Tags>) -> Field<Tags> {
    if let Some(listed) = listed {
        return Field::Known(tags::visible(cx.provider(), listed));
    }
    cx.warn(Diagnostic::warning(
        format!("The tags of {object} {id:?} are not known"),
        "AWS does not list the tags while it changes the object. `tags` is null until the next read.",
    ));
    Field::Null
}
