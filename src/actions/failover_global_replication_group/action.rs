//! Failing a global datastore over.

use std::time::Duration;

use aws_sdk_elasticache::types::{GlobalReplicationGroup, GlobalReplicationGroupMember};

use super::attributes::FailoverModel;
use crate::actions::global_datastore::{Statuses, existing, planned};
use crate::actions::replication_group::{at_plan, lower};
use crate::aws::{Found, UnansweredAttempts};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Action, ActionProgress, Context, failed};
use crate::resources::common::errors::failed_wait;
use crate::schema::common::parse_duration;
use crate::services::elasticache::BUSY;
use crate::services::elasticache::global_replication_group as service;
use crate::value::Path;

const TIMEOUT: Duration = Duration::from_secs(60 * 60);

/// `elasticache_failover_global_replication_group`.
pub struct FailoverGlobalReplicationGroup;

impl Action for FailoverGlobalReplicationGroup {
    type Model = FailoverModel;

    fn type_name(&self) -> &'static str {
        "elasticache_failover_global_replication_group"
    }

    fn timeout(&self, config: &FailoverModel) -> Duration {
        config.timeout.text().and_then(parse_duration).unwrap_or(TIMEOUT)
    }

    async fn plan(&self, cx: &Context<'_>, config: &FailoverModel) -> Diagnostics {
        let id = config.global_replication_group_id.text().unwrap_or_default();
        match planned(cx, id).await {
            Ok(datastore) => {
                let problem = target(&datastore, config).err().map(Diagnostics::from).unwrap_or_default();
                at_plan(cx, &lower(&config.primary_replication_group_id), problem)
            }
            Err(problem) => problem,
        }
    }

    async fn invoke(
        &self,
        cx: &Context<'_>,
        config: FailoverModel,
        progress: &ActionProgress,
    ) -> Result<(), Diagnostics> {
        let id = config.global_replication_group_id.text().unwrap_or_default();
        let what = format!("fail over global datastore {id:?}");
        let datastore = existing(cx, id).await?;
        let (group, region) = target(&datastore, &config)?;
        if is_primary(&datastore, &group, &region) {
            progress.say(format!("Replication group {group:?} in {region} is the primary already"));
            return Ok(());
        }
        let before = service::primary(&datastore).map(place).unwrap_or_default();
        progress.say(format!(
            "Starting a failover of global datastore {id:?} from {before} to {group:?} in {region}"
        ));
        send(cx, id, &group, &region).await.map_err(|error| failed(&what, &error))?;
        progress.goes_on(format!("The failover of global datastore {id:?} continues in AWS."));
        let statuses = Statuses::new(progress, id);
        let done = service::wait_available(cx.scope(), id, false, |datastore| {
            statuses.see(datastore);
            (!is_primary(datastore, &group, &region)).then(|| {
                format!("its primary is {}", service::primary(datastore).map(place).unwrap_or_default())
            })
        });
        done.await.map_err(|error| failed_wait(&what, &error))?;
        progress.goes_on("");
        progress.say(format!("The primary moved from {before} to {group:?} in {region}"));
        Ok(())
    }
}

/// Sends the request, again while AWS changes the datastore. After a lost response it is sent again only if the failover
/// has not taken place.
async fn send(cx: &Context<'_>, id: &str, group: &str, region: &str) -> Result<(), crate::aws::AwsError> {
    let attempts = UnansweredAttempts::default();
    let sent = cx.scope().retry(BUSY, async || {
        match service::failover(cx.scope(), id, group, region, &attempts).await {
            Err(error) if attempts.any() => match service::describe(cx.scope(), id).await {
                Ok(Found::Yes(datastore)) if is_primary(&datastore, group, region) => Ok(()),
                _ => Err(error),
            },
            answer => answer,
        }
    });
    sent.await
}

fn is_primary(datastore: &GlobalReplicationGroup, group: &str, region: &str) -> bool {
    service::primary(datastore).is_some_and(|member| is(member, group) && in_region(member, region))
}

fn is(member: &GlobalReplicationGroupMember, group: &str) -> bool {
    member.replication_group_id().is_some_and(|id| id.eq_ignore_ascii_case(group))
}

fn in_region(member: &GlobalReplicationGroupMember, region: &str) -> bool {
    member.replication_group_region() == Some(region)
}

/// A member with its Region, in a sentence.
fn place(member: &GlobalReplicationGroupMember) -> String {
    let (id, region) = (member.replication_group_id(), member.replication_group_region());
    format!("{:?} in {}", id.unwrap_or_default(), region.unwrap_or_default())
}

/// ID and Region of the member that is to be the primary.
fn target(
    datastore: &GlobalReplicationGroup,
    config: &FailoverModel,
) -> Result<(String, String), Diagnostic> {
    let group = config.primary_replication_group_id.text().unwrap_or_default().to_lowercase();
    let region = config.primary_region.text();
    let id = datastore.global_replication_group_id().unwrap_or_default();
    let fits = |member: &&GlobalReplicationGroupMember| {
        is(member, &group) && region.is_none_or(|region| in_region(member, region))
    };
    let found: Vec<&GlobalReplicationGroupMember> = datastore.members().iter().filter(fits).collect();
    let all = || datastore.members().iter().map(place).collect::<Vec<_>>().join(", ");
    match found.as_slice() {
        [one] => Ok((group, one.replication_group_region().unwrap_or_default().to_owned())),
        [] => Err(Diagnostic::error(
            "Replication group is not a member",
            format!(
                "`primary_replication_group_id` names {group:?}{}, which is not a member of global datastore \
                 {id:?}. Members: {}.",
                region.map(|region| format!(" in {region}")).unwrap_or_default(),
                all()
            ),
        )
        .at(Path::attribute("primary_replication_group_id"))),
        [_, ..] => Err(Diagnostic::error(
            "Missing primary_region",
            format!(
                "Several members of global datastore {id:?} have the ID {group:?}: {}. Set `primary_region` \
                 to the Region of the new primary.",
                all()
            ),
        )
        .at(Path::attribute("primary_region"))),
    }
}
