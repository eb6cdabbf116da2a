//! Listing secrets: what a secret holds is not known without its value, so that both kinds list alike.

use aws_sdk_secretsmanager::types::SecretListEntry;

use crate::engine::{Context, ListError, Listed, Results, failed};
use crate::list_resources::text::describe;
use crate::schema::{Attribute, Check, required};
use crate::services::secretsmanager::secret::listing;

/// `name_prefix`.
pub(super) fn name_prefix() -> Attribute {
    required()
        .describe(
            "Lists the secrets whose name begins with this prefix, such as `booking/cache`, in the same case.",
        )
        .check(Check::Length(1, 512))
}

/// Hands over the secrets whose names begin with `prefix`.
///
/// # Errors
/// AWS refuses a call, or no more results are needed.
pub(super) async fn list(cx: &Context<'_>, prefix: &str, results: &mut Results<'_>) -> Result<(), ListError> {
    let mut pages = listing(cx.scope(), prefix);
    while let Some(page) = pages.next().await.map_err(|error| failed("list secrets", &error))? {
        let found = page.into_iter().filter(is_own).filter_map(listed);
        results.page(found).await?;
    }
    Ok(())
}

/// True for a secret that is managed here: neither by a service of AWS, nor as a replica of a secret in another Region.
fn is_own(secret: &SecretListEntry) -> bool {
    let region = secret.arn().and_then(|arn| arn.split(':').nth(3));
    secret.owning_service().is_none() && secret.primary_region().is_none_or(|primary| Some(primary) == region)
}

fn listed(secret: SecretListEntry) -> Option<Listed> {
    let (arn, name) = (secret.arn?, secret.name?);
    let observed = describe(&name, &[&secret.description.unwrap_or_default()]);
    Some(Listed::new(arn.clone(), observed).arn(Some(arn)))
}
