//! Creates, changes, reads, and deletes a secret.

use std::collections::BTreeMap;

use aws_sdk_secretsmanager::types::StatusType;

use super::attributes::Settings;
use super::validate::same_key_text;
use super::version_id::VersionSeed;
use super::{convert, policy};
use crate::aws::{AwsError, Poll, Scope, Secret, WaitPlan};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::engine::{Context, PlanContext, failed};
use crate::resources::common::errors::failed_wait;
use crate::resources::common::{deletion, names, tags};
use crate::services::secretsmanager::secret;
use crate::services::secretsmanager::secret::{Observed, SecretValue};
use crate::value::{Field, FromValue, Path};

/// The object type in the keys of created objects.
const SECRET: &str = "secret";

/// The value of a secret.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// Exactly this value, from the configuration.
    Given(&'a Secret),
    /// A generated value. An existing version with the version ID of the seed is kept.
    Generated(&'a Secret),
}

impl<'a> Content<'a> {
    fn value(self) -> &'a Secret {
        match self {
            Content::Given(value) | Content::Generated(value) => value,
        }
    }
}

/// Plans ID, name and policy of a secret.
pub fn plan<M: FromValue>(
    cx: &mut PlanContext<'_, M>,
    prior: Option<&Settings>,
    config: &Settings,
    planned: &Settings,
) {
    if prior.is_none() || cx.changed("name") {
        cx.set("id", planned.name.clone());
    }
    match prior {
        Some(prior) => names::plan_prefix(cx, prior.name_text(), &config.name_prefix, &prior.name_prefix),
        None if config.policy.is_null() => cx.set("policy", Field::Known(String::new())),
        None => {}
    }
}

/// Creates the secret that `planned` describes, or adopts an existing one if the configuration allows it. Calls `save`
/// as soon as the secret exists. Returns the settings with ARN and version ID. `type_name` is the resource type that an
/// error imports an existing secret as.
///
/// # Errors
/// AWS refuses a call; the name is used, or scheduled for deletion. A failed replica is a warning.
pub async fn create(
    cx: &Context<'_>,
    type_name: &str,
    planned: &Settings,
    save: impl Fn(Settings) + Send + Sync,
    content: Content<'_>,
    seed: &VersionSeed,
) -> Result<Settings, Diagnostics> {
    let mut desired = planned.clone();
    let name = names::chosen(cx, &desired.name, &desired.name_prefix);
    (desired.id, desired.name) = (name.as_str().into(), name.as_str().into());
    let what = format!("create secret {name:?}");
    let version = seed.version_after(&name, None, 0);
    match create_or_find(cx, type_name, &desired, content, &version, &what).await? {
        Attempt::Created(arn) => {
            (desired.arn, desired.version_id) = (Field::Known(arn), Field::Known(version));
            save(desired.clone());
        }
        Attempt::Existing(observed) => {
            desired.arn = Field::Known(observed.arn.clone());
            if is_interrupted(&observed, &desired, &version) {
                cx.warn(adopted(&name));
            }
            let existing = observed_settings(cx, &observed, &desired);
            if observed.deleted.is_some() {
                secret::restore(cx.scope(), &observed.arn).await.map_err(|error| failed(&what, &error))?;
                save(existing.clone());
            }
            // An adopted secret is saved at the end only: if a call fails after a save, Terraform taints the resource,
            // and the next apply would delete a secret that existed before.
            change(cx, &existing, &desired).await?;
            let version = put_over(cx, &observed, content, seed).await?;
            desired.version_id = Field::Known(version);
            replicate(cx, &existing, &desired).await?;
            tag(cx, &existing, &desired).await?;
        }
    }
    cx.record_created(cx.key(SECRET, desired.secret_id()).await);
    // A failed policy or replica does not taint the secret: the next read finds it missing, and the next apply adds it.
    for failed in [policy::change(cx, None, &desired).await, wait_replicated(cx, &desired, &what).await] {
        if let Err(mut diagnostic) = failed {
            diagnostic.severity = Severity::Warning;
            cx.warn(diagnostic);
        }
    }
    Ok(desired)
}

/// The result of CreateSecret.
enum Attempt {
    /// The ARN of the new secret.
    Created(String),
    /// An existing secret of the name, which may be adopted.
    Existing(Box<Observed>),
}

/// Creates the secret, or returns the existing one that may be adopted.
async fn create_or_find(
    cx: &Context<'_>,
    type_name: &str,
    desired: &Settings,
    content: Content<'_>,
    version: &str,
    what: &str,
) -> Result<Attempt, Diagnostics> {
    let name = desired.name_text();
    let value = content.value();
    let timeout = cx.scope().time_left();
    let plan = WaitPlan::new(format!("the name {name:?} to be free"), timeout);
    let attempt = cx
        .scope()
        .wait(&plan, async || {
            // A create that repeats the version ID and the value of an existing secret succeeds without effect, so AWS
            // does not say that the secret exists.
            if matches!(content, Content::Given(_)) {
                match secret::describe(cx.scope(), name).await {
                    Ok(observed) if is_interrupted(&observed, desired, version) => {
                        return Ok(Poll::Ready(Ok(Attempt::Existing(Box::new(observed)))));
                    }
                    Ok(observed) => {
                        let attempt = may_adopt(cx, type_name, desired, observed, what, None).await;
                        return Ok(Poll::Ready(attempt));
                    }
                    Err(missing) if missing.is(secret::NOT_FOUND) => {}
                    Err(error) => return Err(error),
                }
            }
            let error = match create_secret(cx, desired, value, version).await {
                Ok(arn) => return Ok(Poll::Ready(Ok(Attempt::Created(arn)))),
                Err(error) => error,
            };
            if !(error.is(secret::EXISTS) || error.is(secret::STATE)) {
                return Ok(Poll::Ready(Err(failed(what, &error))));
            }
            match secret::describe(cx.scope(), name).await {
                // AWS accepts a repeated create with the same value; a generated value always differs.
                Ok(observed)
                    if matches!(content, Content::Generated(_))
                        && is_interrupted(&observed, desired, version) =>
                {
                    Ok(Poll::Ready(Ok(Attempt::Existing(Box::new(observed)))))
                }
                Ok(observed) => {
                    Ok(Poll::Ready(may_adopt(cx, type_name, desired, observed, what, Some(&error)).await))
                }
                // After a deletion without recovery, AWS refuses the name for a short time.
                Err(missing) if missing.is(secret::NOT_FOUND) && is_about_deletion(&error) => {
                    Ok(Poll::Refused { status: "being deleted".to_owned(), error })
                }
                Err(missing) if missing.is(secret::NOT_FOUND) => Ok(Poll::Ready(Err(failed(what, &error)))),
                Err(other) => Err(other),
            }
        })
        .await;
    match attempt {
        Ok(attempt) => Ok(attempt?),
        Err(error) => Err(failed_wait(what, &error).into()),
    }
}

/// Sends CreateSecret; returns the ARN.
async fn create_secret(
    cx: &Context<'_>,
    desired: &Settings,
    value: &Secret,
    version: &str,
) -> Result<String, AwsError> {
    let client = cx.scope().secretsmanager().await?;
    secret::create(cx.scope(), convert::expand_create(client.create_secret(), desired, value, version)).await
}

/// True if the secret is the result of an interrupted create: its only version is the one that this create writes, and
/// description and tags are as planned.
fn is_interrupted(observed: &Observed, desired: &Settings, version: &str) -> bool {
    observed.current.as_deref() == Some(version)
        && observed.previous.is_none()
        && observed.deleted.is_none()
        && observed.description.as_deref() == desired.description.text()
        && observed.tags == desired.tags_all.known().cloned().unwrap_or_default()
}

fn adopted(name: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("Secret {name:?} already existed"),
        "Its only version is the one that this resource writes first, and its description and tags are as configured, so it \
         was adopted as the result of an interrupted apply, and its value was kept. If another configuration created it, \
         use another `name` for one of the two.",
    )
    .at(Path::attribute("name"))
}

/// AWS returns one error code for everything that the state of a secret forbids.
fn is_about_deletion(error: &AwsError) -> bool {
    error.is(secret::STATE)
        && error.message().is_some_and(|text| text.contains("deletion") || text.contains("deleted"))
}

/// `refusal` is that of a create; `None` if none was sent.
async fn may_adopt(
    cx: &Context<'_>,
    type_name: &str,
    desired: &Settings,
    observed: Observed,
    what: &str,
    refusal: Option<&AwsError>,
) -> Result<Attempt, Diagnostic> {
    let name = desired.name_text();
    let other = refusal.filter(|error| !error.is(secret::EXISTS));
    match (observed.deleted, other) {
        (Some(_), _) if desired.restore_deleted.is_true() => Ok(Attempt::Existing(Box::new(observed))),
        (Some(seconds), _) => Err(Diagnostic::error(
            format!("Secret {name:?} is scheduled for deletion"),
            format!(
                "A secret of this name was deleted on {}. Secrets Manager keeps it, and its name, until the end of its \
                 recovery window of 7 to 30 days, which it does not return. Set `restore_deleted = true` to restore the secret \
                 and manage it here, use another `name`, or delete it permanently with \"aws secretsmanager delete-secret \
                 --secret-id {name} --force-delete-without-recovery\".",
                day(seconds)
            ),
        )
        .at(Path::attribute("name"))),
        (None, Some(error)) => Err(failed(what, error)),
        (None, None) if desired.overwrite.is_true() => Ok(Attempt::Existing(Box::new(observed))),
        (None, None) => Err(Diagnostic::error(
            format!("Secret {name:?} already exists"),
            format!(
                "It was created outside of this resource, or by an interrupted apply, so it is left unchanged. To manage the \
                 existing secret, {}To adopt it and give it a new version, set `overwrite = true`. To create another \
                 secret, use another `name`.",
                cx.how_to_import(type_name, name).await
            ),
        )
        .at(Path::attribute("name"))),
    }
}

/// The date, in UTC.
fn day(seconds: i64) -> String {
    let day = time::OffsetDateTime::from_unix_timestamp(seconds).map(time::OffsetDateTime::date);
    day.map_or_else(|_| "an unknown date".to_owned(), |day| day.to_string())
}

/// Changes everything except the value from `prior` to `planned`. The KMS key comes first, because a new value is
/// encrypted with it.
///
/// # Errors
/// AWS refuses a call, or a replica fails.
pub async fn update(cx: &Context<'_>, prior: &Settings, planned: &Settings) -> Result<(), Diagnostics> {
    change(cx, prior, planned).await?;
    policy::change(cx, Some(prior), planned).await?;
    replicate(cx, prior, planned).await?;
    tag(cx, prior, planned).await?;
    if prior.replicas() != planned.replicas() {
        wait_replicated(cx, planned, &format!("change secret {:?}", planned.name_text())).await?;
    }
    Ok(())
}

/// Changes description and key. Sends no request if they are equal.
async fn change(cx: &Context<'_>, prior: &Settings, planned: &Settings) -> Result<(), Diagnostic> {
    let description = planned.description.text();
    let key = (!same_key_text(prior.key(), planned.key())).then_some(planned.kms_key_id.text());
    if key.is_none() && description == prior.description.text() {
        return Ok(());
    }
    let key = key.map(Option::unwrap_or_default);
    secret::modify(cx.scope(), prior.secret_id(), description.unwrap_or_default(), key)
        .await
        .map_err(|error| failed(format!("change secret {:?}", planned.name_text()), &error))
}

async fn tag(cx: &Context<'_>, prior: &Settings, planned: &Settings) -> Result<(), Diagnostic> {
    let what = || format!("change the tags of secret {:?}", planned.name_text());
    tags::sync(cx, &prior.tags_all, &planned.tags_all, async |changes| {
        secret::change_tags(cx.scope(), prior.secret_id(), changes).await
    })
    .await
    .map_err(|error| failed(what(), &error))
}

/// Removes replicas that are not planned or have another key, and adds the missing ones.
async fn replicate(cx: &Context<'_>, prior: &Settings, planned: &Settings) -> Result<(), Diagnostic> {
    let what = || format!("change the replicas of secret {:?}", planned.name_text());
    let (before, after) = (prior.replicas(), planned.replicas());
    let stays = |region: &String, key: &Option<String>| {
        let same = |a: &Option<String>, b: &Option<String>| {
            same_key_text(a.as_deref().unwrap_or_default(), b.as_deref().unwrap_or_default())
        };
        after.get(region).is_some_and(|desired| same(desired, key))
    };
    let surplus: Vec<String> =
        before.iter().filter(|(region, key)| !stays(region, key)).map(|(region, _)| region.clone()).collect();
    let missing: BTreeMap<String, Option<String>> = after
        .iter()
        .filter(|(region, _)| !before.contains_key(*region) || surplus.contains(region))
        .map(|(region, key)| (region.clone(), key.clone()))
        .collect();
    if !surplus.is_empty() {
        let removed = secret::remove_replicas(cx.scope(), prior.secret_id(), surplus).await;
        removed.map_err(|error| failed(what(), &error))?;
    }
    if !missing.is_empty() {
        let force = planned.force_overwrite_replica_secret.is_true();
        let added = secret::replicate(cx.scope(), prior.secret_id(), &missing, force).await;
        added.map_err(|error| failed(what(), &error))?;
    }
    Ok(())
}

/// Waits until every planned replica is in sync. Sends no request if there is none.
async fn wait_replicated(cx: &Context<'_>, desired: &Settings, what: &str) -> Result<(), Diagnostic> {
    let regions = desired.replicas();
    if regions.is_empty() {
        return Ok(());
    }
    let timeout = cx.scope().time_left();
    let plan = WaitPlan::new(format!("the replicas of secret {:?}", desired.name_text()), timeout);
    let pending = |status: String| Ok(Poll::Pending { status });
    let waited = cx.scope().wait(&plan, async || {
        let observed = match secret::describe(cx.scope(), desired.secret_id()).await {
            Ok(observed) => observed,
            Err(error) if error.is(secret::NOT_FOUND) => return pending("not visible yet".to_owned()),
            Err(error) => return Err(error),
        };
        for region in regions.keys() {
            match observed.replicas.get(region) {
                Some(replica) if replica.status == Some(StatusType::InSync) => {}
                Some(replica) if replica.status == Some(StatusType::Failed) => {
                    let reason = format!(
                        "The replica in {region} failed: {} Set `force_overwrite_replica_secret = true` to overwrite a \
                         secret of the same name there.",
                        replica.message
                    );
                    return Ok(Poll::Failed { status: "Failed".to_owned(), reason });
                }
                _ => return pending(format!("{region} InProgress")),
            }
        }
        Ok(Poll::Ready(()))
    })
    .await;
    waited.map_err(|error| failed_wait(what, &error).at(Path::attribute("replica")))
}

/// Writes a new version of the secret in `settings`, unless the current version already has the value. Returns the ID of
/// the current version.
///
/// # Errors
/// AWS refuses a call.
pub async fn put(
    cx: &Context<'_>,
    settings: &Settings,
    content: Content<'_>,
    seed: &VersionSeed,
) -> Result<String, Diagnostic> {
    let what = format!("read secret {:?}", settings.name_text());
    let observed =
        secret::describe(cx.scope(), settings.secret_id()).await.map_err(|error| failed(what, &error))?;
    put_over(cx, &observed, content, seed).await
}

async fn put_over(
    cx: &Context<'_>,
    observed: &Observed,
    content: Content<'_>,
    seed: &VersionSeed,
) -> Result<String, Diagnostic> {
    let what = format!("write secret {:?}", observed.name);
    if let Some(current) = &observed.current {
        let done = match content {
            // An interrupted rotation has written it.
            Content::Generated(_) => {
                seed.versions_after(&observed.name, observed.previous.as_deref()).any(|id| id == *current)
            }
            Content::Given(value) => {
                match secret::get_value(cx.scope(), &observed.arn, Some(current)).await {
                    Ok(current) => current.value == *value,
                    // Without the permission to read the value, a new version is written.
                    Err(error) if error.is_cancelled() => return Err(failed(&what, &error)),
                    Err(_) => false,
                }
            }
        };
        if done {
            return Ok(current.clone());
        }
    }
    let value = content.value();
    for version in seed.versions_after(&observed.name, observed.current.as_deref()) {
        if observed.previous.as_deref() == Some(&*version) {
            continue;
        }
        match secret::put_value(cx.scope(), &observed.arn, value, &version).await {
            Ok(true) => return Ok(version),
            // AWSCURRENT was moved back, and the version exists: AWS ignores a write of the same value, and refuses one
            // of another value.
            Ok(false) => {}
            Err(error) if error.is(secret::EXISTS) => {}
            Err(error) => return Err(failed(&what, &error)),
        }
    }
    Err(Diagnostic::error(
        format!("Failed to {what}"),
        "The staging label AWSCURRENT was moved back to the same version too often, and all version IDs that can follow that \
         version exist. Write another version with \"aws secretsmanager put-secret-value\", then apply again.",
    ))
}

/// The settings that AWS returns; `None` if the secret does not exist or is scheduled for deletion.
///
/// # Errors
/// The call fails.
pub async fn read(cx: &Context<'_>, state: &Settings) -> Result<Option<Settings>, Diagnostics> {
    let id = state.secret_id();
    match secret::describe(cx.scope(), id).await {
        Ok(observed) if observed.deleted.is_some() => Ok(None),
        Ok(observed) => {
            let policy = policy::read(cx, state).await;
            let what = || format!("read the resource policy of secret {:?}", state.name_text());
            let policy = policy.map_err(|error| failed(what(), &error))?;
            Ok(Some(Settings { policy, ..observed_settings(cx, &observed, state) }))
        }
        Err(error) if error.is(secret::NOT_FOUND) => Ok(None),
        Err(error) => Err(failed(format!("read secret {:?}", state.name_text()), &error).into()),
    }
}

/// The current version; `None` if there is none.
///
/// # Errors
/// The call fails, for example without the permission to read the value.
pub async fn value(cx: &Context<'_>, settings: &Settings) -> Result<Option<SecretValue>, Diagnostic> {
    match secret::get_value(cx.scope(), settings.secret_id(), None).await {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is(secret::NOT_FOUND) => Ok(None),
        Err(error) => Err(failed(format!("read the value of secret {:?}", settings.name_text()), &error)),
    }
}

/// The settings that AWS returns, with their tags.
fn observed_settings(cx: &Context<'_>, observed: &Observed, state: &Settings) -> Settings {
    let mut settings = convert::flatten(observed, state);
    (settings.tags, settings.tags_all) = tags::read_back(cx.provider(), &state.tags, observed.tags.clone());
    settings
}

/// Removes the replicas, then deletes the secret or schedules its deletion. Success if the secret does not exist or is
/// already scheduled for deletion.
///
/// # Errors
/// AWS refuses a call.
pub async fn delete(cx: &Context<'_>, state: &Settings) -> Result<(), Diagnostics> {
    let what = format!("delete secret {:?}", state.name_text());
    let id = state.secret_id();
    if cx.has_successor(&cx.key(SECRET, id).await) {
        return Ok(());
    }
    let replicas: Vec<String> = state.replicas().into_keys().collect();
    if !replicas.is_empty() {
        match secret::remove_replicas(cx.scope(), id, replicas).await {
            Ok(()) => {}
            Err(error) if error.is(secret::NOT_FOUND) => return Ok(()),
            // The replicas do not exist, or the secret is scheduled for deletion: the delete shows which.
            Err(error) if error.is(secret::STATE) || error.is(secret::INVALID) => {}
            Err(error) => return Err(failed(&what, &error).into()),
        }
    }
    let days = state.recovery_window_in_days.known().copied();
    let timeout = cx.scope().time_left();
    let plan = WaitPlan::new(format!("secret {:?} to lose its replicas", state.name_text()), timeout);
    let deleted = cx
        .scope()
        .wait(&plan, async || match secret::delete(cx.scope(), id, days).await {
            Ok(()) => Ok(Poll::Ready(())),
            Err(error) if error.is(secret::NOT_FOUND) => Ok(Poll::Ready(())),
            // AWS removes replicas some time after it has accepted the request.
            Err(error) if error.message().is_some_and(|text| text.contains("replica region")) => {
                let error = remove_all_replicas(cx.scope(), id).await.err().unwrap_or(error);
                Ok(Poll::Refused { status: "replicated".to_owned(), error })
            }
            Err(error) if is_about_deletion(&error) => Ok(Poll::Ready(())),
            Err(error) => Err(error),
        })
        .await;
    deleted.map_err(|error| failed_wait(&what, &error))?;
    // AWS describes a secret that is scheduled for deletion, with the date.
    deletion::confirm(cx, &format!("secret {:?}", state.name_text()), async || {
        match secret::describe(cx.scope(), id).await {
            Ok(observed) => Ok(observed.deleted.is_none()),
            Err(error) if error.is(secret::NOT_FOUND) => Ok(false),
            Err(error) => Err(error),
        }
    })
    .await
}

/// Removes the replicas that AWS returns: the state has none that AWS could not create, and an earlier request to remove
/// them may have been refused.
async fn remove_all_replicas(scope: &Scope<'_>, id: &str) -> Result<(), AwsError> {
    let observed = secret::describe(scope, id).await?;
    let regions: Vec<String> = observed.replicas.into_keys().collect();
    if regions.is_empty() {
        return Ok(());
    }
    secret::remove_replicas(scope, id, regions).await
}

/// The settings for an import by name or ARN; a read follows.
///
/// # Errors
/// The diagnostic of an invalid import ID.
pub fn import(id: &str) -> Result<Settings, Diagnostic> {
    if !id.starts_with("arn:") {
        return Ok(Settings { id: id.into(), name: id.into(), ..Settings::default() });
    }
    let parts: Vec<&str> = id.splitn(7, ':').collect();
    match parts[..] {
        ["arn", _, "secretsmanager", region, _, "secret", name] if !name.is_empty() => Ok(Settings {
            id: name.into(),
            name: name.into(),
            arn: id.into(),
            region: region.into(),
            ..Settings::default()
        }),
        _ => Err(Diagnostic::error(
            "Invalid import ID",
            format!(
                "{id:?} is not the ARN of a secret. Use the name of the secret, such as app/redis, or its ARN, such as \
                 arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/redis-AbCdEf."
            ),
        )),
    }
}
