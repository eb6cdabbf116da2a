//! The error for something that is not there.

use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::Context;
use crate::value::Path;

/// That AWS has no `object` (such as "replication group") with what `attribute` says.
pub(super) async fn absent(
    cx: &Context<'_>,
    object: &str,
    attribute: &'static str,
    wanted: &str,
) -> Diagnostics {
    let region = match cx.region() {
        Some(region) => Some(region.to_owned()),
        None => cx.aws().region().await.ok(),
    };
    let place = region.map(|region| format!(" in {region}")).unwrap_or_default();
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
