//! What is said of things that are not there, or not told.

use std::time::Duration;

use tokio::time::Instant;

use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::Context;
use crate::engine::state::tags;
use crate::engine::state::tags::Tags;
use crate::value::{Field, Path};

/// That AWS has no `object` (such as "replication group") with what `attribute` says.
pub(super) async fn absent(
    cx: &Context<'_>,
    object: &str,
    attribute: &'static str,
    wanted: &str,
) -> Diagnostics {
    let place = region_of(cx).await.map(|region| format!(" in {region}")).unwrap_or_default();
    Diagnostic::error(
        format!("There is no {object} {wanted:?}"),
        format!(
            "AWS has no {object} {wanted:?}{place}, or is deleting it. Correct {attribute} or region. Of one that this \
             configuration makes, name an attribute of the resource here, so that it is read once it is there."
        ),
    )
    .at(Path::attribute(attribute))
    .into()
}

/// The region that is looked in.
pub(super) async fn region_of(cx: &Context<'_>) -> Option<String> {
    match cx.scope().region() {
        Some(region) => Some(region.to_owned()),
        None => cx.scope().aws().region().await.ok(),
    }
}

/// That a listing is not whole.
pub(super) fn not_whole(what: &str) -> Diagnostics {
    Diagnostic::error(
        format!("Failed to {what}"),
        "AWS's answer is not whole: it was cut short. Nothing is assumed from that; try again.",
    )
    .into()
}

/// How long a data source asks for tags that AWS refuses to list. A change of tags alone
/// takes an object out of `available` for about 15 s (hashicorp/aws PR #40320).
const TAGS_PATIENCE: Duration = Duration::from_secs(45);

/// The tags that `ask` returns, asked for again while it returns `None`, because AWS
/// refuses to list them; `None` when it goes on refusing.
///
/// # Errors
/// Those of `ask`.
pub(super) async fn tags_when_listed<F>(
    cx: &Context<'_>,
    ask: impl Fn() -> F,
) -> Result<Option<Tags>, Diagnostics>
where
    F: Future<Output = Result<Option<Tags>, Diagnostics>>,
{
    let patience = TAGS_PATIENCE.min(cx.scope().timeout());
    let (started, mut pause) = (Instant::now(), Duration::from_secs(1));
    loop {
        let tags = ask().await?;
        if tags.is_some() || started.elapsed() + pause > patience {
            return Ok(tags);
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = cx.scope().cancel().cancelled() => return Ok(None),
        }
        pause = (pause * 3 / 2).min(Duration::from_secs(5));
    }
}

/// The tags to show of `object` `id`. AWS does not list them while it changes; that they
/// are not known then is a warning.
pub(super) fn tags_of(cx: &Context<'_>, object: &str, id: &str, live: Option<Tags>) -> Field<Tags> {
    if let Some(live) = live {
        return Field::Known(tags::visible(cx.provider(), live));
    }
    cx.warn(Diagnostic::warning(
        format!("The tags of {object} {id:?} are not known"),
        "AWS does not list them while it changes. They are null until it is read again.",
    ));
    Field::Null
}
