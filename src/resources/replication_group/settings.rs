//! The flat settings of a replication group, one row each: those that are only sent, returned and compared.
//!
//! A row drives the requests, the difference between two states, the read-back, what waits for the maintenance
//! window, and what a global datastore decides. Settings that need more are in `tests::settings::BY_HAND`.

use std::collections::BTreeSet;

use aws_sdk_elasticache::operation::create_replication_group::builders::CreateReplicationGroupFluentBuilder;
use aws_sdk_elasticache::operation::modify_replication_group::builders::ModifyReplicationGroupFluentBuilder;
use aws_sdk_elasticache::types::{
    AutomaticFailoverStatus, CacheCluster, CacheSecurityGroupMembership, ClusterMode, DataTieringStatus,
    Durability, Endpoint, IpDiscovery, MultiAzStatus, NetworkType, NodeGroup, PendingAutomaticFailoverStatus,
    ReplicationGroupPendingModifiedValues as PendingValues, SecurityGroupMembership,
};

use super::attributes::ReplicationGroupModel;
use crate::schema::Typed;
use crate::services::elasticache::replication_group::Observed;
use crate::value::{Field, FromValue, IntoValue, Path, Type, Value};

type Create = CreateReplicationGroupFluentBuilder;
type Modify = ModifyReplicationGroupFluentBuilder;
type Model = ReplicationGroupModel;

/// The field of the model that has the name of an attribute.
pub(super) struct ModelField {
    pub(super) name: &'static str,
    ty: fn() -> Type,
    get: fn(&Model) -> Value,
    set: fn(&mut Model, &Value),
}

/// One setting.
pub(super) struct Setting {
    pub(super) field: ModelField,
    create: fn(Create, &Model) -> Create,
    /// `None` for a setting of CreateReplicationGroup alone.
    modify: Option<fn(Modify, &Model) -> Modify>,
    /// The value that AWS returns; null while it returns none.
    observed: fn(&Observed) -> Value,
    deferred: Deferred,
    owner: Owner,
}

/// Whether a change waits for the maintenance window.
#[derive(Clone, Copy)]
enum Deferred {
    /// AWS applies it immediately.
    Never,
    /// AWS returns the pending value.
    Reported(fn(&Observed) -> Value),
    /// AWS does not return that it waits. The state remembers it until AWS returns the requested value. An
    /// import does not know of it, so the next apply requests it once more; AWS accepts a second request for
    /// what waits already, and it keeps waiting unless `apply_immediately` is true.
    Unreported,
}

/// Who decides about a setting of a member of a global datastore.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Group,
    Datastore,
    /// The group when it is created, then the datastore.
    DatastoreAfterCreate,
}

/// A field in the form of a request; `None` if it is omitted, which modules also write as `""` and `[]`.
pub(super) trait Sent<T> {
    fn sent(&self) -> Option<T>;
}

impl<T: for<'a> From<&'a str>> Sent<T> for Field<String> {
    fn sent(&self) -> Option<T> {
        self.text().map(T::from)
    }
}

impl Sent<bool> for Field<bool> {
    fn sent(&self) -> Option<bool> {
        self.known().copied()
    }
}

impl Sent<i32> for Field<i32> {
    fn sent(&self) -> Option<i32> {
        self.known().copied()
    }
}

impl Sent<Vec<String>> for Field<Vec<String>> {
    fn sent(&self) -> Option<Vec<String>> {
        self.known().filter(|list| !list.is_empty()).cloned()
    }
}

impl Sent<Vec<String>> for Field<BTreeSet<String>> {
    fn sent(&self) -> Option<Vec<String>> {
        self.known().filter(|set| !set.is_empty()).map(|set| set.iter().cloned().collect())
    }
}

macro_rules! field {
    ($field:ident) => {
        ModelField {
            name: stringify!($field),
            ty: || type_of(|model| &model.$field),
            get: |model| model.$field.clone().into_value(),
            set: |model, value| {
                if let Ok(field) = FromValue::from_value(value, &Path::root()) {
                    model.$field = field;
                }
            },
        }
    };
}

/// A setting of CreateReplicationGroup alone: attribute, setter of the SDK, and what AWS returns.
macro_rules! created {
    ($field:ident, $setter:ident, $observed:expr) => {
        Setting {
            field: field!($field),
            create: |call, model| call.$setter(model.$field.sent()),
            modify: None,
            observed: $observed,
            deferred: Deferred::Never,
            owner: Owner::Group,
        }
    };
}

/// A setting that ModifyReplicationGroup changes too.
macro_rules! changed {
    ($field:ident, $setter:ident, $observed:expr) => {
        Setting {
            modify: Some(|call, model| call.$setter(model.$field.sent())),
            ..created!($field, $setter, $observed)
        }
    };
}

/// Every flat setting, by name.
pub(super) static SETTINGS: &[Setting] = &[
    created!(at_rest_encryption_enabled, set_at_rest_encryption_enabled, |o| {
        flag(o.group.at_rest_encryption_enabled)
    })
    .of_datastore(),
    changed!(auto_minor_version_upgrade, set_auto_minor_version_upgrade, |o| {
        flag(o.group.auto_minor_version_upgrade.or(node(o).and_then(|node| node.auto_minor_version_upgrade)))
    })
    .of_datastore_after_create(),
    changed!(automatic_failover_enabled, set_automatic_failover_enabled, |o| {
        let status = o.group.automatic_failover();
        flag(status.map(|status| {
            matches!(status, AutomaticFailoverStatus::Enabled | AutomaticFailoverStatus::Enabling)
        }))
    })
    .of_datastore()
    .reported(|o| {
        let status = pending(o).and_then(PendingValues::automatic_failover_status);
        flag(status.map(|status| *status == PendingAutomaticFailoverStatus::Enabled))
    }),
    changed!(cluster_mode, set_cluster_mode, |o| text(o.group.cluster_mode().map(ClusterMode::as_str)))
        .reported(|o| text(pending(o).and_then(PendingValues::cluster_mode).map(ClusterMode::as_str))),
    // AWS returns nothing for nodes that cannot have it.
    created!(data_tiering_enabled, set_data_tiering_enabled, |o| {
        flag(Some(o.group.data_tiering() == Some(&DataTieringStatus::Enabled)))
    }),
    changed!(description, set_replication_group_description, |o| text(o.group.description())),
    changed!(durability, set_durability, |o| text(o.group.durability().map(Durability::as_str))).unreported(),
    changed!(ip_discovery, set_ip_discovery, |o| text(o.group.ip_discovery().map(IpDiscovery::as_str)))
        .unreported(),
    changed!(maintenance_window, set_preferred_maintenance_window, |o| {
        text(node(o).and_then(CacheCluster::preferred_maintenance_window))
    }),
    changed!(multi_az_enabled, set_multi_az_enabled, |o| {
        flag(o.group.multi_az().map(|status| *status == MultiAzStatus::Enabled))
    })
    .of_datastore_after_create()
    .unreported(),
    created!(network_type, set_network_type, |o| text(o.group.network_type().map(NetworkType::as_str))),
    changed!(node_type, set_cache_node_type, |o| {
        text(o.group.cache_node_type().or(node(o).and_then(CacheCluster::cache_node_type)))
    })
    .of_datastore()
    .reported(|o| text(node(o).and_then(|node| node.pending_modified_values()?.cache_node_type()))),
    changed!(parameter_group_name, set_cache_parameter_group_name, |o| {
        text(node(o).and_then(|node| node.cache_parameter_group()?.cache_parameter_group_name()))
    })
    .of_datastore()
    .unreported(),
    created!(port, set_port, |o| number(endpoint(o).and_then(|endpoint| endpoint.port))),
    created!(preferred_cache_cluster_azs, set_preferred_cache_cluster_azs, not_returned),
    changed!(security_group_ids, set_security_group_ids, |o| {
        set(node(o)
            .map(|node| node.security_groups().iter().filter_map(SecurityGroupMembership::security_group_id)))
    }),
    created!(security_group_names, set_cache_security_group_names, |o| {
        let groups = node(o).map(CacheCluster::cache_security_groups);
        set(groups
            .map(|groups| groups.iter().filter_map(CacheSecurityGroupMembership::cache_security_group_name)))
    }),
    Setting {
        create: |call, model| {
            let name = model.serverless_cache_snapshot_name.text().map(str::to_lowercase);
            call.set_serverless_cache_snapshot_name(name)
        },
        ..created!(serverless_cache_snapshot_name, set_serverless_cache_snapshot_name, not_returned)
    },
    created!(snapshot_arns, set_snapshot_arns, not_returned),
    Setting {
        create: |call, model| call.set_snapshot_name(model.snapshot_name.text().map(str::to_lowercase)),
        ..created!(snapshot_name, set_snapshot_name, not_returned)
    },
    changed!(snapshot_retention_limit, set_snapshot_retention_limit, |o| {
        number(o.group.snapshot_retention_limit)
    }),
    changed!(snapshot_window, set_snapshot_window, |o| text(o.group.snapshot_window())),
    created!(subnet_group_name, set_cache_subnet_group_name, |o| {
        text(node(o).and_then(CacheCluster::cache_subnet_group_name))
    }),
];

/// Fields that are changed in place and are no flat settings: AWS changes engine and version together, and TLS
/// with its mode.
static PAIRED: [ModelField; 4] = [
    field!(engine),
    field!(engine_version),
    field!(transit_encryption_enabled),
    field!(transit_encryption_mode),
];

impl Setting {
    const fn of_datastore(mut self) -> Self {
        self.owner = Owner::Datastore;
        self
    }

    const fn of_datastore_after_create(mut self) -> Self {
        self.owner = Owner::DatastoreAfterCreate;
        self
    }

    const fn reported(mut self, pending: fn(&Observed) -> Value) -> Self {
        self.deferred = Deferred::Reported(pending);
        self
    }

    const fn unreported(mut self) -> Self {
        self.deferred = Deferred::Unreported;
        self
    }

    /// The value that AWS returns, as text.
    pub(super) fn observed_text(&self, observed: &Observed) -> Option<String> {
        as_text((self.observed)(observed))
    }
}

impl ModelField {
    /// The known value as text; `None` for null, unknown and a collection.
    pub(super) fn text(&self, model: &Model) -> Option<String> {
        as_text((self.get)(model))
    }

    /// Sets the value that a text stands for.
    pub(super) fn set_text(&self, model: &mut Model, text: &str) {
        let value = match (self.ty)() {
            Type::Bool => Value::Bool(text == "true"),
            Type::Number => text.parse::<i64>().map_or(Value::Null, Value::from),
            _ => Value::from(text),
        };
        (self.set)(model, &value);
    }
}

/// The field of an attribute that is changed in place.
pub(super) fn field_in_place(name: &str) -> Option<&'static ModelField> {
    fields_in_place().find(|field| field.name == name)
}

fn fields_in_place() -> impl Iterator<Item = &'static ModelField> {
    SETTINGS.iter().filter(|setting| setting.modify.is_some()).map(|setting| &setting.field).chain(&PAIRED)
}

/// CreateReplicationGroup with every setting that is planned.
pub(super) fn create(call: Create, planned: &Model) -> Create {
    let is_sent = |setting: &&Setting| !planned.is_global_member() || setting.owner != Owner::Datastore;
    SETTINGS.iter().filter(is_sent).fold(call, |call, setting| (setting.create)(call, planned))
}

/// ModifyReplicationGroup with every setting that `values` has.
pub(super) fn modify(call: Modify, values: &Model) -> Modify {
    SETTINGS
        .iter()
        .filter_map(|setting| setting.modify)
        .fold(call, |call, with_setting| with_setting(call, values))
}

/// The settings that are changed in place and planned otherwise than they are in `prior`; nothing else is set in
/// the result. An empty text or list leaves the value to AWS.
pub(super) fn difference(prior: &Model, planned: &Model) -> Model {
    let mut values = Model::default();
    let is_own = |setting: &&Setting| !planned.is_global_member() || setting.owner == Owner::Group;
    for setting in SETTINGS.iter().filter(|setting| setting.modify.is_some()).filter(is_own) {
        let value = (setting.field.get)(planned);
        let is_given = !value.is_empty() && !value.is_unknown();
        if is_given && value != (setting.field.get)(prior) {
            (setting.field.set)(&mut values, &value);
        }
    }
    values
}

/// True when an existing group has every value that a change requests.
pub(super) fn are_satisfied_by(requested: &Model, existing: &Model) -> bool {
    fields_in_place().all(|field| match ((field.get)(requested), (field.get)(existing)) {
        (Value::Null | Value::Unknown, _) => true,
        (Value::String(requested), Value::String(existing)) => requested.eq_ignore_ascii_case(&existing),
        (requested, existing) => requested == existing,
    })
}

/// Writes what AWS returns into the model. What AWS does not return stays, and what is unknown becomes null.
pub(super) fn read_back(observed: &Observed, model: &mut Model) {
    for setting in SETTINGS {
        let value = (setting.observed)(observed);
        if !value.is_null() || (setting.field.get)(model).is_unknown() {
            (setting.field.set)(model, &value);
        }
    }
}

/// The settings whose change may wait for the maintenance window.
pub(super) fn deferrable() -> impl Iterator<Item = &'static str> {
    let is_deferrable = |setting: &&Setting| !matches!(setting.deferred, Deferred::Never);
    SETTINGS.iter().filter(is_deferrable).map(|setting| setting.field.name)
}

/// The settings whose change may wait without AWS returning that it does.
pub(super) fn unreported() -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter().filter(|setting| matches!(setting.deferred, Deferred::Unreported))
}

/// The pending values that AWS returns of settings.
pub(super) fn reported(observed: &Observed) -> impl Iterator<Item = (&'static str, String)> {
    SETTINGS.iter().filter_map(move |setting| {
        let Deferred::Reported(pending) = setting.deferred else { return None };
        Some((setting.field.name, as_text(pending(observed))?))
    })
}

/// The settings that a request has.
pub(super) fn names(values: &Model) -> Vec<&'static str> {
    let is_given = |setting: &&Setting| setting.modify.is_some() && !(setting.field.get)(values).is_null();
    SETTINGS.iter().filter(is_given).map(|setting| setting.field.name).collect()
}

/// The settings that a global datastore decides for its members.
pub(super) fn decided_by_datastore() -> impl Iterator<Item = &'static str> {
    let is_decided = |setting: &&Setting| setting.modify.is_some() && setting.owner != Owner::Group;
    SETTINGS.iter().filter(is_decided).map(|setting| setting.field.name)
}

/// The endpoint that clients connect to: of the configuration with cluster mode, otherwise of the primary. While a group
/// is compatible it has both (user guide, "Modifying cluster mode"), and every client can use that of the primary.
pub(super) fn endpoint(observed: &Observed) -> Option<&Endpoint> {
    let has_address = |endpoint: &&Endpoint| endpoint.address().is_some_and(|address| !address.is_empty());
    let primary =
        observed.group.node_groups().first().and_then(NodeGroup::primary_endpoint).filter(has_address);
    let configuration = observed.group.configuration_endpoint().filter(has_address);
    match is_compatible(observed) {
        true => primary.or(configuration),
        false => configuration.or(primary),
    }
}

/// Whether clients with and without cluster mode are accepted.
pub(super) fn is_compatible(observed: &Observed) -> bool {
    observed.group.cluster_mode() == Some(&ClusterMode::Compatible)
}

fn node(observed: &Observed) -> Option<&CacheCluster> {
    observed.member.as_ref()
}

fn pending(observed: &Observed) -> Option<&PendingValues> {
    observed.group.pending_modified_values()
}

/// AWS returns a group without what it was created from.
fn not_returned(_: &Observed) -> Value {
    Value::Null
}

fn text(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::from)
}

fn flag(flag: Option<bool>) -> Value {
    flag.map_or(Value::Null, Value::from)
}

fn number(number: Option<i32>) -> Value {
    number.map_or(Value::Null, |number| Value::from(i64::from(number)))
}

fn set<'a>(texts: Option<impl Iterator<Item = &'a str>>) -> Value {
    texts.map_or(Value::Null, |texts| Value::set(texts.map(Value::from)))
}

fn as_text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Bool(on) => Some(on.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn type_of<T: Typed>(_: fn(&Model) -> &Field<T>) -> Type {
    T::ty()
}
