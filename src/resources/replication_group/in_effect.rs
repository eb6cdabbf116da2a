//! Plans the values in effect after the apply: a change that waits for the maintenance window does not count
//! yet, so that dependent resources keep describing what runs. Announces pending changes.

use super::attributes::{ENDPOINT_CAUSES, ReplicationGroupModel, URL_CAUSES};
use super::deferral::{self, DURABILITY, ENGINE, TLS, VERSION};
use super::update::credentials::TOKEN;
use super::update::pending;
use super::update::steps;
use super::update::steps::Step;
use crate::diag::Severity;
use crate::engine::PlanContext;
use crate::resources::common::engine_version::Version;
use crate::value::{Field, Path};

type Plan<'a> = PlanContext<'a, ReplicationGroupModel>;

/// Everything that names a host of the group.
const HOSTS: &[&str] = &[
    "endpoint",
    "reader_endpoint",
    "primary_endpoint_address",
    "reader_endpoint_address",
    "configuration_endpoint_address",
];

/// The version from which AWS changes TLS in place.
pub(super) const TLS_IN_PLACE: (u32, u32, u32) = (7, 0, 5);

/// Plans what runs after the apply, as far as that is known.
pub(super) fn plan(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    let back = deferral::withdrawn(prior, &cx.planned);
    // Not known yet whether at once: whatever may change stays open.
    let now = cx.planned.apply_immediately.is_true() || cx.planned.apply_immediately.is_unknown();
    let takes_effect = |cx: &Plan<'_>, names: &[&str]| {
        now && names.iter().any(|name| cx.changed(name) && !back.contains(name))
    };
    let immediately = cx.planned.apply_immediately.is_true();
    let (engine, version) = (takes_effect(cx, &[ENGINE]), takes_effect(cx, &[ENGINE, VERSION]));
    if !version {
        cx.restore(&["engine_version_actual"]);
    }
    match cx.planned.engine.text().map(str::to_lowercase) {
        Some(desired) if engine && immediately => cx.set("engine_actual", desired),
        _ if !engine => cx.restore(&["engine_actual"]),
        _ => {}
    }
    let tls = takes_effect(cx, &[TLS]);
    match cx.planned.transit_encryption_enabled.known().copied() {
        Some(on) if tls && immediately => cx.set("transit_encryption_active", on),
        _ if !tls => cx.restore(&["transit_encryption_active"]),
        _ => {}
    }
    let mode = takes_effect(cx, &["cluster_mode"]);
    if !mode {
        cx.restore(&["cluster_enabled"]);
    }
    let moves = takes_effect(cx, ENDPOINT_CAUSES);
    hosts(cx, prior, moves, mode);
    if !URL_CAUSES.iter().any(|name| cx.changed(name)) {
        cx.restore(&["url"]);
    }
    apply_pending(cx, prior, &back);
}

/// Hosts change with TLS and cluster mode, and with nothing else. What a group without cluster mode does
/// not have, or one with it, that it does not have with another TLS either.
fn hosts(cx: &mut Plan<'_>, prior: &ReplicationGroupModel, change: bool, mode: bool) {
    if !change {
        cx.restore(HOSTS);
    } else if !mode && prior.cluster_enabled.known().is_some() {
        for (name, host) in [
            ("configuration_endpoint_address", &prior.configuration_endpoint_address),
            ("primary_endpoint_address", &prior.primary_endpoint_address),
            ("reader_endpoint_address", &prior.reader_endpoint_address),
        ] {
            if host.is_null() {
                cx.set(name, host.clone());
            }
        }
    }
    // AWS returns a reader endpoint of groups without replicas as well (observed in 2026); where a state
    // of earlier times has none, the first replica may bring it.
    let clustered = prior.configuration_endpoint_address.text().is_some();
    let grows = cx.changed("num_cache_clusters") || cx.changed("replicas_per_node_group");
    if !clustered && grows && prior.reader_endpoint_address.text().is_none() {
        cx.set_unknown("reader_endpoint");
        cx.set_unknown("reader_endpoint_address");
    }
}

/// An immediate change also applies the pending changes: opens everything that depends on them.
fn apply_pending(cx: &mut Plan<'_>, prior: &ReplicationGroupModel, back: &[&str]) {
    if !applies_pending(cx, prior) {
        return;
    }
    let pending = prior.pending_modified_values.known();
    let comes =
        |name: &str| pending.is_some_and(|pending| pending.contains_key(name)) && !back.contains(&name);
    if comes(VERSION) {
        cx.set_unknown("engine_version_actual");
    }
    if comes(VERSION) || comes(DURABILITY) {
        cx.set_unknown("effective_durability");
        cx.set_unknown("storage_encryption_type");
    }
    if comes(ENGINE) {
        cx.set_unknown("engine_actual");
    }
    if comes("cluster_mode") {
        cx.set_unknown("cluster_enabled");
    }
    if comes(TLS) {
        cx.set_unknown("transit_encryption_active");
    }
    if comes("cluster_mode") || comes(TLS) {
        HOSTS.iter().chain(&["url"]).for_each(|name| cx.set_unknown(name));
    }
}

/// Whether the apply sends, or may send, an immediate change.
fn applies_pending(cx: &Plan<'_>, prior: &ReplicationGroupModel) -> bool {
    let at_once = ["user_group_ids", "log_delivery_configuration"];
    let open = !matches!(cx.planned.apply_immediately, Field::Null | Field::Known(false))
        && cx.changes().iter().any(|name| cx.is_unknown(name));
    let token = !prior.has_unknown_token() && TOKEN.iter().any(|name| cx.changed(name));
    open || token || at_once.iter().any(|name| cx.changed(name)) || immediate(&planned_steps(cx, prior))
}

fn immediate(steps: &[Step]) -> bool {
    steps.iter().any(|step| matches!(step, Step::Modify(change) if change.immediately))
}

fn planned_steps(cx: &Plan<'_>, prior: &ReplicationGroupModel) -> Vec<Step> {
    steps::steps(cx.config, prior, &cx.planned)
}

/// Announces changes that wait, are withdrawn, or are applied, and refuses changes that cannot wait although
/// they should.
pub(super) fn announce(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    let steps = planned_steps(cx, prior);
    cannot_wait(cx, prior);
    if cx.diags.has_errors() {
        return;
    }
    waits(cx, prior, &steps);
    returns(cx, prior, &steps);
    comes(cx, prior);
    cuts_off(cx, prior, &steps);
}

/// Announces what the apply leaves to the maintenance window.
fn waits(cx: &mut Plan<'_>, prior: &ReplicationGroupModel, steps: &[Step]) {
    let later = matches!(cx.planned.apply_immediately, Field::Null | Field::Known(false));
    let deferred = steps.iter().filter_map(|step| match step {
        Step::Modify(change) if !change.immediately => Some(change.deferrable()),
        _ => None,
    });
    let mut waiting: Vec<&str> = deferred.flatten().collect();
    // What is not known yet is no step yet.
    let open = deferral::attributes().filter(|name| later && cx.is_unknown(name) && cx.is_configured(name));
    waiting.extend(open);
    waiting.sort_unstable();
    waiting.dedup();
    let Some(first) = waiting.first() else { return };
    let change = |name: &&str| match deferral::text(&cx.planned, name) {
        Some(value) => format!("`{name} = {value:?}`"),
        None => format!("`{name}`"),
    };
    let changes: Vec<String> = waiting.iter().map(change).collect();
    let detail = format!(
        "`apply_immediately` is not true, so AWS changes replication group {:?} in {}: {}. Until then \
         dependent resources keep describing the values in effect. To apply them with this plan, set \
         `apply_immediately = true`.",
        prior.group_id(),
        pending::window(&cx.planned),
        changes.join(", ")
    );
    cx.diags.warning_at(Path::attribute(*first), "Changes wait for the maintenance window", detail);
}

/// Announces pending changes that the plan withdraws or applies.
fn returns(cx: &mut Plan<'_>, prior: &ReplicationGroupModel, steps: &[Step]) {
    let back = steps.iter().filter_map(|step| match step {
        Step::Withdraw(back) => Some(back.names.as_slice()),
        _ => None,
    });
    let back: Vec<&str> = back.flatten().copied().collect();
    let id = prior.group_id();
    let window = pending::window(prior);
    if let Some(first) = back.first() {
        let list = pending::names(&back);
        cx.diags.warning_at(
            Path::attribute(*first),
            "Pending changes are withdrawn",
            format!(
                "The pending change of {list} of replication group {id:?} is withdrawn by a request with the values in \
                 effect. AWS does not document whether it accepts that for every attribute: if it does not, the apply \
                 reports it, and the change is made in {window} anyway."
            ),
        );
    }
    let switched = cx.planned.apply_immediately.is_true() && !prior.apply_immediately.is_true();
    if switched || !applies_pending(cx, prior) {
        return;
    }
    let mut pending = prior.pending_modified_values.known().cloned().unwrap_or_default();
    // What is asked for once more is announced by its own change.
    pending.retain(|name, _| {
        deferral::attributes().any(|known| known == name)
            && !back.contains(&name.as_str())
            && !cx.changed(name)
    });
    if let Some(first) = pending.keys().next() {
        cx.diags.warning_at(
            Path::attribute(first),
            "Pending changes are carried out with this plan",
            format!(
                "This plan changes replication group {id:?} immediately, and AWS then also carries out the changes \
                 that wait for {window}: {}.",
                pending::list(&pending)
            ),
        );
    }
}

/// Announces pending changes that AWS did not withdraw although the configuration has the values in effect.
fn comes(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    if applies_pending(cx, prior) {
        return;
    }
    let pending = deferral::not_withdrawn_yet(prior, &cx.planned);
    if let Some(first) = pending.keys().next() {
        cx.diags.warning_at(
            Path::attribute(first),
            "A pending change contradicts the configuration",
            format!(
                "AWS carries out this change of replication group {:?} in {} although the configuration has the values \
                 in effect, because it did not accept the withdrawal: {}.",
                prior.group_id(),
                pending::window(prior),
                pending::list(&pending)
            ),
        );
    }
}

/// Warns where one apply goes from clients of one kind to clients of the other.
fn cuts_off(cx: &mut Plan<'_>, prior: &ReplicationGroupModel, steps: &[Step]) {
    let is_tls =
        |step: &&Step| matches!(step, Step::Modify(change) if change.immediately && change.changes_tls());
    let changes = steps.iter().filter(is_tls);
    if changes.count() < 2 {
        return;
    }
    let on = cx.planned.transit_encryption_enabled.is_true();
    let (without, last) = match on {
        true => ("without TLS", "`transit_encryption_mode = \"required\"`"),
        false => ("with TLS", "`transit_encryption_enabled = false`"),
    };
    cx.diags.warning_at(
        Path::attribute(TLS),
        "Clients lose their connection",
        format!(
            "This apply changes replication group {:?} to {last} in two steps: from then on AWS refuses \
             clients that connect {without}. To migrate clients without an interruption, first apply \
             `transit_encryption_enabled = true` with `transit_encryption_mode = \"preferred\"`, which \
             accepts both, and {last} in a second apply.",
            prior.group_id()
        ),
    );
}

/// Changes that belong together and of which only a part can wait are refused while
/// `apply_immediately` is not true: carrying them out at once would ignore the argument.
fn cannot_wait(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    if !matches!(cx.planned.apply_immediately, Field::Null | Field::Known(false)) {
        return;
    }
    let running = deferral::running(prior);
    let version = prior.engine_version_actual.text().and_then(Version::parse);
    let before =
        |(major, minor, patch)| version.is_some_and(|running| !running.at_least(major, minor, patch));
    let credentials = gives_credentials(cx, prior);
    let back = deferral::withdrawn(prior, &cx.planned);
    let requested = deferral::without(prior, &cx.planned, &back);
    let tls = steps::tls(&requested, &running, &cx.planned, credentials);
    let required = running.transit_encryption_enabled.is_true()
        && running.transit_encryption_mode.text() != Some("preferred");
    // A change of TLS of this plan, or one that waits already.
    let tls_waits = !tls.is_empty()
        || prior.transit_encryption_enabled != running.transit_encryption_enabled
        || prior.transit_encryption_mode != running.transit_encryption_mode;
    let mut refused: Vec<(&str, String)> = Vec::new();
    let mut refuse = |name, why| refused.push((name, why));
    if tls.len() > 1 {
        refuse(
            TLS,
            "AWS enables and disables TLS by way of `transit_encryption_mode = \"preferred\"`, in two steps, \
             of which the second cannot wait for the maintenance window together with the first."
                .to_owned(),
        );
    } else if !tls.is_empty() && before(TLS_IN_PLACE) {
        refuse(
            TLS,
            "AWS changes TLS in place from engine version 7.0.5 on, and the upgrade waits for the maintenance window."
                .to_owned(),
        );
    } else if credentials && !required && tls_waits && cx.planned.transit_encryption_enabled.is_true() {
        let name = if cx.changed("user_group_ids") { "user_group_ids" } else { "transit_encryption_enabled" };
        refuse(
            name,
            "AUTH tokens and user groups are changed immediately and need TLS, which waits for the maintenance window."
                .to_owned(),
        );
    }
    if cx.changed("user_group_ids") && has_users(&cx.planned) && before((6, 0, 0)) {
        refuse(
            "user_group_ids",
            "User groups are changed immediately and need engine version 6.0, and the upgrade waits for the maintenance window."
                .to_owned(),
        );
    }
    let logs = cx.planned.logs().iter().filter(|log| !prior.logs().contains(log));
    let early = logs.filter_map(|log| {
        let (kind, least) = match log.log_type.text()? {
            kind @ "slow-log" => (kind, (6, 0, 0)),
            kind @ "engine-log" => (kind, (6, 2, 0)),
            _ => return None,
        };
        before(least).then(|| format!("{kind} needs engine version {}.{}", least.0, least.1))
    });
    let early: Vec<String> = early.collect();
    if let Some(need) = early.first() {
        refuse(
            "log_delivery_configuration",
            format!(
                "Log delivery is changed immediately, {need}, and the upgrade waits for the maintenance window."
            ),
        );
    }
    if let Some(need) = durability_needs(&running, &cx.planned, version) {
        refuse(
            DURABILITY,
            format!(
                "AWS accepts this durability only once {need} in effect, which waits for the maintenance window."
            ),
        );
    }
    let is_refused = |name: &str| {
        cx.diags.iter().any(|message| {
            message.severity == Severity::Error && message.path.as_ref() == Some(&Path::attribute(name))
        })
    };
    // A change that is not possible at all is refused once.
    refused.retain(|(name, _)| !is_refused(name));
    for (name, why) in refused {
        cx.diags.error_at(
            Path::attribute(name),
            format!("This change of {name} requires apply_immediately"),
            format!(
                "{why} Set `apply_immediately = true`; or apply the first change alone, and the other one \
                 after the maintenance window."
            ),
        );
    }
}

/// What the plan changes along with durability, and what AWS needs before it accepts the durability
/// (user guide, "Configuring durability"); `None` where nothing is missing.
fn durability_needs(
    running: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
    version: Option<Version>,
) -> Option<String> {
    let mode = planned.durability.text().filter(|mode| ["sync", "async"].contains(mode))?;
    if running.durability.text() == Some(mode) {
        return None;
    }
    let comes = |running: &Field<bool>, planned: &Field<bool>| planned.is_true() && !running.is_true();
    let is_valkey = running.engine.text().is_none_or(|engine| engine.eq_ignore_ascii_case("valkey"));
    let is_early = !is_valkey || version.is_some_and(|version| !version.at_least(9, 0, 0));
    let mut needs = Vec::new();
    if is_early {
        needs.push("Valkey 9.0");
    }
    if planned.cluster_mode.text() == Some("enabled") && running.cluster_mode.text() != Some("enabled") {
        needs.push("cluster mode");
    }
    if comes(&running.multi_az_enabled, &planned.multi_az_enabled) {
        needs.push("Multi-AZ");
    }
    if comes(&running.transit_encryption_enabled, &planned.transit_encryption_enabled) {
        needs.push("TLS");
    }
    let verb = if needs.len() == 1 { "is" } else { "are" };
    (!needs.is_empty()).then(|| format!("{} {verb}", needs.join(", ")))
}

/// Whether the plan puts a token or user groups in place.
fn gives_credentials(cx: &Plan<'_>, prior: &ReplicationGroupModel) -> bool {
    let given = [&cx.planned.auth_token, &cx.config.auth_token_wo].iter().any(|token| !token.is_null())
        || cx.planned.reference().is_given();
    let token = given && !prior.has_unknown_token() && TOKEN.iter().any(|name| cx.changed(name));
    token || (cx.changed("user_group_ids") && has_users(&cx.planned))
}

fn has_users(planned: &ReplicationGroupModel) -> bool {
    planned.user_group_ids.is_unknown()
        || planned.user_group_ids.known().is_some_and(|groups| !groups.is_empty())
}
