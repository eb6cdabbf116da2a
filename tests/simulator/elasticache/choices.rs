//! Settings of a group that are one of several words: AWS keeps what is chosen, and returns it under the name of
//! the parameter. One row of [`CHOICES`] is all that such a setting needs here, but for rules between settings.

use std::collections::BTreeMap;

use super::faults;
use super::group::Group;
use super::input;
use super::protocol::{Params, ServiceError};

/// What is chosen, by parameter.
pub(super) type Chosen = BTreeMap<&'static str, String>;

/// One setting.
struct Choice {
    /// Parameter of the calls, and element of group and node.
    name: &'static str,
    values: &'static [&'static str],
    /// Of a group that does not choose.
    default: fn(&Params) -> &'static str,
    /// Whether ModifyReplicationGroup changes it, now or in the maintenance window.
    is_modifiable: bool,
}

const CHOICES: &[Choice] = &[
    Choice {
        name: NETWORK,
        values: &["ipv4", "ipv6", "dual_stack"],
        default: |_| "ipv4",
        is_modifiable: false,
    },
    Choice {
        name: DISCOVERY,
        values: &["ipv4", "ipv6"],
        default: |params| if input::text(params, NETWORK) == Some("ipv6") { "ipv6" } else { "ipv4" },
        is_modifiable: true,
    },
];

const NETWORK: &str = "NetworkType";
const DISCOVERY: &str = "IpDiscovery";

impl Choice {
    /// What the call asks for.
    fn requested<'a>(&self, params: &'a Params) -> Result<Option<&'a str>, ServiceError> {
        match input::text(params, self.name) {
            Some(other) if !self.values.contains(&other) => {
                Err(faults::value(format!("Invalid {}: {other}", self.name)))
            }
            requested => Ok(requested),
        }
    }
}

/// The choices of a new group.
pub(super) fn first(params: &Params) -> Result<Chosen, ServiceError> {
    let mut chosen = Chosen::new();
    for choice in CHOICES {
        let value = choice.requested(params)?.unwrap_or_else(|| (choice.default)(params));
        chosen.insert(choice.name, value.to_owned());
    }
    check(&chosen)?;
    Ok(chosen)
}

/// The choices that a call changes.
pub(super) fn changes(params: &Params, group: &Group) -> Result<Chosen, ServiceError> {
    let mut changed = Chosen::new();
    for choice in CHOICES.iter().filter(|choice| choice.is_modifiable) {
        let requested = choice.requested(params)?;
        if let Some(requested) = requested.filter(|requested| group.chosen[choice.name] != *requested) {
            changed.insert(choice.name, requested.to_owned());
        }
    }
    let mut after = group.chosen.clone();
    after.extend(changed.clone());
    check(&after)?;
    Ok(changed)
}

/// Forgets pending changes of the choices whose present value the call names.
pub(super) fn revoke(params: &Params, group: &Chosen, pending: &mut Chosen) {
    pending.retain(|name, _| input::text(params, name) != Some(group[name].as_str()));
}

/// Whether the network has IPv6.
pub(super) fn has_ipv6(chosen: &Chosen) -> bool {
    chosen[NETWORK] != "ipv4"
}

/// Refuses a way of discovery that the network does not have.
fn check(chosen: &Chosen) -> Result<(), ServiceError> {
    let (network, discovery) = (&chosen[NETWORK], &chosen[DISCOVERY]);
    if network != "dual_stack" && network != discovery {
        return Err(faults::combination(format!(
            "IP discovery {discovery} does not go with network type {network}."
        )));
    }
    Ok(())
}
