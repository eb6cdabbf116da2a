//! A secret from creation to deletion.

use std::collections::BTreeMap;

use aws_sdk_secretsmanager::types::StatusType;

use super::convert;
use super::schema::same_key_text;
use super::settings::{HasSettings, ReplicaModel, Settings};
use super::version_id::Purpose;
use crate::aws::{AwsError, Poll, Secret, WaitPlan};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::engine::{Context, failed};
use crate::resources::common::errors::failed_wait;
use crate::resources::common::{deletion, tags};
use crate::services::secretsmanager::secret;
use crate::services::secretsmanager::secret::{Observed, ObservedReplica, SecretValue};
use crate::value::{Field, IntoValue, Path, SetOf};

/// Whose names the ARN of a secret is among.
const SECRET: &str = "secret";

/// What a secret is to hold.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// This value and no other.
    Given(&'a Secret),
    /// Any value that was made for the purpose; this one where there is none yet.
    Made(&'a Secret),
}

impl<'a> Content<'a> {
    fn value(self) -> &'a Secret {
        match self {
            Content::Given(value) | Content::Made(value) => value,
        }
    }
}

/// Makes the secret that `planned` describes, or takes over the one that is there
/// where the configuration allows it. The model comes back with ARN and version id,
/// and is saved as soon as there is a secret.
///
/// # Errors
/// AWS refuses a call; the name is taken, or scheduled for deletion. A replica that
/// fails is a warning.
pub async fn create<M: HasSettings + IntoValue + Clone>(
    cx: &Context<'_>,
    planned: M,
    content: Content<'_>,
    purpose: &Purpose,
) -> Result<M, Diagnostics> {
    let mut wanted = planned.settings();
    let name = wanted.name_text().to_owned();
    let what = format!("create secret {name:?}");
    let version = purpose.version_after(&name, None, 0);
    match first(cx, &wanted, content, &version, &what).await? {
        First::Made(arn) => {
            (wanted.arn, wanted.version_id) = (Field::Known(arn), Field::Known(version));
            cx.save(planned.clone().with_settings(wanted.clone()));
        }
        First::There(live) => {
            wanted.arn = Field::Known(live.arn.clone());
            if is_interrupted(&live, &wanted, &version) {
                cx.warn(taken_over(&name));
            }
            let there = shown(cx, &live, &wanted);
            if live.deleted.is_some() {
                secret::restore(cx.scope(), &live.arn).await.map_err(|error| failed(&what, &error))?;
                cx.save(planned.clone().with_settings(there.clone()));
            }
            // Nothing is saved before the end of a take-over: what is saved and then fails is
            // tainted, and the next apply would delete somebody's secret.
            change(cx, &there, &wanted).await?;
            let version = put_over(cx, &live, content, purpose).await?;
            wanted.version_id = Field::Known(version);
            replicate(cx, &there, &wanted).await?;
            tag(cx, &there, &wanted).await?;
        }
    }
    cx.note_made(cx.key(SECRET, wanted.secret_id()).await);
    // A secret without its copy is no reason to taint it and make another: the next read
    // finds the copy missing, and the next apply adds it.
    if let Err(mut copying) = replicated(cx, &wanted, &what).await {
        copying.severity = Severity::Warning;
        cx.warn(copying);
    }
    Ok(planned.with_settings(wanted))
}

/// What came of asking for a new secret.
enum First {
    /// It was made; its ARN.
    Made(String),
    /// One of its name is there, and may be taken over.
    There(Box<Observed>),
}

async fn first(
    cx: &Context<'_>,
    wanted: &Settings,
    content: Content<'_>,
    version: &str,
    what: &str,
) -> Result<First, Diagnostics> {
    let name = wanted.name_text();
    let value = content.value();
    let timeout = cx.scope().time_left();
    let plan = WaitPlan::new(format!("the name {name:?} to be free"), timeout);
    let answered = cx
        .scope()
        .wait(&plan, async || {
            let error = match create_secret(cx, wanted, value, version).await {
                Ok(arn) => return Ok(Poll::Ready(Ok(First::Made(arn)))),
                Err(error) => error,
            };
            if !(error.is(secret::EXISTS) || error.is(secret::STATE)) {
                return Ok(Poll::Ready(Err(failed(what, &error))));
            }
            match secret::describe(cx.scope(), name).await {
                // AWS knows a given value again by itself; one that is made is never the same.
                Ok(live) if matches!(content, Content::Made(_)) && is_interrupted(&live, wanted, version) => {
                    Ok(Poll::Ready(Ok(First::There(Box::new(live)))))
                }
                Ok(live) => Ok(Poll::Ready(may_take_over(wanted, live, what, &error))),
                // A secret deleted by force keeps its name for a moment, but is not found any more.
                Err(missing) if missing.is(secret::NOT_FOUND) && is_about_deletion(&error) => {
                    Ok(Poll::Refused { status: "being deleted".to_owned(), error })
                }
                Err(missing) if missing.is(secret::NOT_FOUND) => Ok(Poll::Ready(Err(failed(what, &error)))),
                Err(other) => Err(other),
            }
        })
        .await;
    match answered {
        Ok(answer) => Ok(answer?),
        Err(error) => Err(failed_wait(what, &error).into()),
    }
}

/// Sends CreateSecret; returns the ARN.
async fn create_secret(
    cx: &Context<'_>,
    wanted: &Settings,
    value: &Secret,
    version: &str,
) -> Result<String, AwsError> {
    let client = cx.scope().secretsmanager().await?;
    secret::create(cx.scope(), convert::expand_create(client.create_secret(), wanted, value, version)).await
}

/// True when the secret is as a create makes it that was interrupted before its end: with the one
/// version that such a create writes, and all that is asked for.
fn is_interrupted(live: &Observed, wanted: &Settings, version: &str) -> bool {
    live.current.as_deref() == Some(version)
        && live.previous.is_none()
        && live.deleted.is_none()
        && live.description.as_deref() == wanted.description.text()
        && live.tags == wanted.tags_all.known().cloned().unwrap_or_default()
}

fn taken_over(name: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("Secret {name:?} was there already"),
        "It holds a value that was made for this very resource, and all else is as it is asked for, so it is taken for the \
         work of an apply that was broken off, and keeps its value. Should another configuration have made it, give one of \
         the two another name.",
    )
    .at(Path::attribute("name"))
}

/// AWS has one code for all that the state of a secret forbids.
fn is_about_deletion(error: &AwsError) -> bool {
    error.is(secret::STATE)
        && error.message().is_some_and(|text| text.contains("deletion") || text.contains("deleted"))
}

fn may_take_over(
    wanted: &Settings,
    live: Observed,
    what: &str,
    error: &AwsError,
) -> Result<First, Diagnostic> {
    let name = wanted.name_text();
    match live.deleted {
        Some(_) if wanted.restore_deleted.is_true() => Ok(First::There(Box::new(live))),
        Some(seconds) => Err(Diagnostic::error(
            format!("Secret {name:?} is scheduled for deletion"),
            format!(
                "A secret of this name was deleted on {}. Secrets Manager keeps it, and its name, until the end of its \
                 recovery window of 7 to 30 days, which it does not return. Set restore_deleted = true to restore the secret \
                 and manage it here, use another name, or delete it permanently with \"aws secretsmanager delete-secret \
                 --secret-id {name} --force-delete-without-recovery\".",
                day(seconds)
            ),
        )
        .at(Path::attribute("name"))),
        None if error.is(secret::EXISTS) && wanted.overwrite.is_true() => Ok(First::There(Box::new(live))),
        None if error.is(secret::EXISTS) => Err(Diagnostic::error(
            format!("Secret {name:?} exists already"),
            "It was not made by this resource, or by an apply of it that was broken off, so it is left alone. Import it \
             with its name as the id, choose another name, or set overwrite = true to take it over and give it a new \
             version.",
        )
        .at(Path::attribute("name"))),
        None => Err(failed(what, error)),
    }
}

/// A day as people write it in tables, in UTC.
fn day(seconds: i64) -> String {
    let day = time::OffsetDateTime::from_unix_timestamp(seconds).map(time::OffsetDateTime::date);
    day.map_or_else(|_| "then".to_owned(), |day| day.to_string())
}

/// Changes everything but the value from `prior` to `planned`. What is written first is
/// what the value needs, the key.
///
/// # Errors
/// AWS refuses a call, or a replica fails.
pub async fn update(cx: &Context<'_>, prior: &Settings, planned: &Settings) -> Result<(), Diagnostics> {
    change(cx, prior, planned).await?;
    replicate(cx, prior, planned).await?;
    tag(cx, prior, planned).await?;
    if prior.replicas() != planned.replicas() {
        replicated(cx, planned, &format!("change secret {:?}", planned.name_text())).await?;
    }
    Ok(())
}

/// Brings description and key to those planned; no call when they are.
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

/// Removes copies that are not wanted, or not with that key, and adds those missing.
async fn replicate(cx: &Context<'_>, prior: &Settings, planned: &Settings) -> Result<(), Diagnostic> {
    let what = || format!("change the replicas of secret {:?}", planned.name_text());
    let (before, after) = (prior.replicas(), planned.replicas());
    let stays = |region: &String, key: &Option<String>| {
        let same = |a: &Option<String>, b: &Option<String>| {
            same_key_text(a.as_deref().unwrap_or_default(), b.as_deref().unwrap_or_default())
        };
        after.get(region).is_some_and(|wanted| same(wanted, key))
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

/// Waits until every copy that is wanted is there; no call without any.
async fn replicated(cx: &Context<'_>, wanted: &Settings, what: &str) -> Result<(), Diagnostic> {
    let regions = wanted.replicas();
    if regions.is_empty() {
        return Ok(());
    }
    let timeout = cx.scope().time_left();
    let plan = WaitPlan::new(format!("the replicas of secret {:?}", wanted.name_text()), timeout);
    let pending = |status: String| Ok(Poll::Pending { status });
    let waited = cx.scope().wait(&plan, async || {
        let live = match secret::describe(cx.scope(), wanted.secret_id()).await {
            Ok(live) => live,
            Err(error) if error.is(secret::NOT_FOUND) => return pending("not visible yet".to_owned()),
            Err(error) => return Err(error),
        };
        for region in regions.keys() {
            match live.replicas.get(region) {
                Some(replica) if replica.status == Some(StatusType::InSync) => {}
                Some(replica) if replica.status == Some(StatusType::Failed) => {
                    let reason = format!(
                        "The copy in {region} failed: {} Set force_overwrite_replica_secret = true to let it take the \
                         place of a secret of its name there.",
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

/// Writes a new version of the secret in `settings`, unless the current one is it
/// already; gives the id of the version that is current then.
///
/// # Errors
/// AWS refuses a call.
pub async fn put(
    cx: &Context<'_>,
    settings: &Settings,
    content: Content<'_>,
    purpose: &Purpose,
) -> Result<String, Diagnostic> {
    let what = format!("read secret {:?}", settings.name_text());
    let live =
        secret::describe(cx.scope(), settings.secret_id()).await.map_err(|error| failed(what, &error))?;
    put_over(cx, &live, content, purpose).await
}

async fn put_over(
    cx: &Context<'_>,
    live: &Observed,
    content: Content<'_>,
    purpose: &Purpose,
) -> Result<String, Diagnostic> {
    let what = format!("write secret {:?}", live.name);
    if let Some(current) = &live.current {
        let done = match content {
            // Left by a rotation that was broken off after this call.
            Content::Made(_) => {
                purpose.versions_after(&live.name, live.previous.as_deref()).any(|id| id == *current)
            }
            Content::Given(value) => match secret::get_value(cx.scope(), &live.arn, Some(current)).await {
                Ok(there) => there.value == *value,
                // Without the right to read, it is written.
                Err(error) if error.is_cancelled() => return Err(failed(&what, &error)),
                Err(_) => false,
            },
        };
        if done {
            return Ok(current.clone());
        }
    }
    let value = content.value();
    for version in purpose.versions_after(&live.name, live.current.as_deref()) {
        if live.previous.as_deref() == Some(&*version) {
            continue;
        }
        match secret::put_value(cx.scope(), &live.arn, value, &version).await {
            Ok(true) => return Ok(version),
            // A version from before AWSCURRENT was moved back: AWS ignores a write of what is
            // there, and refuses one of anything else.
            Ok(false) => {}
            Err(error) if error.is(secret::EXISTS) => {}
            Err(error) => return Err(failed(&what, &error)),
        }
    }
    Err(Diagnostic::error(
        format!("Failed to {what}"),
        "Its label AWSCURRENT was moved back to the same version again and again, and every id for the version after \
         that is taken. Write any other version with \"aws secretsmanager put-secret-value\", then apply again.",
    ))
}

/// What AWS shows of the secret; `None` when it is gone or going.
///
/// # Errors
/// AWS cannot be asked.
pub async fn read(cx: &Context<'_>, state: &Settings) -> Result<Option<Settings>, Diagnostics> {
    match secret::describe(cx.scope(), state.secret_id()).await {
        Ok(live) if live.deleted.is_some() => Ok(None),
        Ok(live) => Ok(Some(shown(cx, &live, state))),
        Err(error) if error.is(secret::NOT_FOUND) => Ok(None),
        Err(error) => Err(failed(format!("read secret {:?}", state.name_text()), &error).into()),
    }
}

/// The current version; `None` when there is none.
///
/// # Errors
/// AWS cannot be asked, or the credentials may not read the value.
pub async fn value(cx: &Context<'_>, settings: &Settings) -> Result<Option<SecretValue>, Diagnostic> {
    match secret::get_value(cx.scope(), settings.secret_id(), None).await {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is(secret::NOT_FOUND) => Ok(None),
        Err(error) => Err(failed(format!("read the value of secret {:?}", settings.name_text()), &error)),
    }
}

/// The live settings, in the spelling of `state` where both mean the same.
fn shown(cx: &Context<'_>, live: &Observed, state: &Settings) -> Settings {
    let mut settings = state.clone();
    settings.id = Field::Known(live.name.clone());
    settings.name = Field::Known(live.name.clone());
    settings.arn = Field::Known(live.arn.clone());
    settings.version_id = live.current.clone().into();
    settings.description = live.description.clone().into();
    let key = live.key.clone().unwrap_or_default();
    if !same_key_text(&key, state.key()) {
        settings.kms_key_id = live.key.clone().into();
    }
    let before = state.replicas();
    let replica = |(region, copy): (&String, &ObservedReplica)| {
        // One that failed is not there; the next apply tries again.
        if copy.status == Some(StatusType::Failed) {
            return None;
        }
        let spelt = state.replica.known().and_then(|set| {
            set.0
                .iter()
                .find(|block| block.region.text() == Some(region))
                .map(|block| block.kms_key_id.clone())
        });
        let same = before.get(region).is_some_and(|key| {
            same_key_text(key.as_deref().unwrap_or_default(), copy.key.as_deref().unwrap_or_default())
        });
        let key = spelt.filter(|_| same).unwrap_or_else(|| copy.key.clone().into());
        Some(ReplicaModel { region: Field::Known(region.clone()), kms_key_id: key })
    };
    settings.replica = Field::Known(SetOf(live.replicas.iter().filter_map(replica).collect()));
    (settings.tags, settings.tags_all) = tags::read_back(cx.provider(), &state.tags, live.tags.clone());
    settings
}

/// Removes the copies, then deletes the secret or schedules its deletion. That it is
/// gone, or going, already is success.
///
/// # Errors
/// AWS refuses a call.
pub async fn delete(cx: &Context<'_>, state: &Settings) -> Result<(), Diagnostics> {
    let what = format!("delete secret {:?}", state.name_text());
    let id = state.secret_id();
    if cx.was_made(&cx.key(SECRET, id).await) {
        return Ok(());
    }
    let copies: Vec<String> = state.replicas().into_keys().collect();
    if !copies.is_empty() {
        match secret::remove_replicas(cx.scope(), id, copies).await {
            Ok(()) => {}
            Err(error) if error.is(secret::NOT_FOUND) => return Ok(()),
            // Removed before, or on a secret that is going already: the delete will tell.
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
            // AWS lets go of copies a moment after it has said so.
            Err(error) if error.message().is_some_and(|text| text.contains("replica region")) => {
                Ok(Poll::Refused { status: "replicated".to_owned(), error })
            }
            Err(error) if is_about_deletion(&error) => Ok(Poll::Ready(())),
            Err(error) => Err(error),
        })
        .await;
    deleted.map_err(|error| failed_wait(&what, &error))?;
    // A secret whose deletion is scheduled is still described, with its date.
    deletion::confirm(cx, &format!("secret {:?}", state.name_text()), async || {
        match secret::describe(cx.scope(), id).await {
            Ok(live) => Ok(live.deleted.is_none()),
            Err(error) if error.is(secret::NOT_FOUND) => Ok(false),
            Err(error) => Err(error),
        }
    })
    .await
}

/// The settings for an import by name or ARN; a read follows.
///
/// # Errors
/// A diagnostic that says what the id must look like.
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
                "{id:?} is not the ARN of a secret. The ID is the name of the secret, as in app/redis, or its ARN, as in \
                 arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/redis-AbCdEf."
            ),
        )),
    }
}
