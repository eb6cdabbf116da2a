//! Every RPC of the protocol, and what its replies have in common.

use prost::Message;
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;

/// What is checked of a reply.
#[derive(Debug, Default)]
pub struct Reply {
    pub diagnostics: Vec<pb::Diagnostic>,
    /// The error of a function.
    pub error: Option<String>,
    /// Other texts that Terraform shows.
    pub said: Vec<String>,
    /// A state or a configuration of the type.
    pub state: Option<pb::DynamicValue>,
}

/// One RPC.
pub struct Rpc {
    pub name: &'static str,
    /// Reads a message of its reply.
    pub read: fn(&[u8]) -> Option<Reply>,
    /// Whether the same request always has the same reply, and AWS is not called for it.
    pub pure: bool,
    /// Whether it changes something, in AWS or in the provider.
    pub changes: bool,
}

macro_rules! replies {
    ($($name:literal => $rpc:ident { $pure:literal, $changes:literal, $state:expr }),* $(,)?) => {
        &[$(Rpc {
            name: $name,
            read: |bytes| {
                let reply = pb::$rpc::Response::decode(bytes).ok()?;
                let state: fn(&pb::$rpc::Response) -> Option<pb::DynamicValue> = $state;
                Some(Reply { state: state(&reply), diagnostics: reply.diagnostics, ..Reply::default() })
            },
            pure: $pure,
            changes: $changes,
        }),*]
    };
}

/// The RPCs whose reply is one message with diagnostics.
const UNARY: &[Rpc] = replies!(
    "GetMetadata" => get_metadata { true, false, |_| None },
    "GetProviderSchema" => get_provider_schema { true, false, |_| None },
    "GetResourceIdentitySchemas" => get_resource_identity_schemas { true, false, |_| None },
    "GetFunctions" => get_functions { true, false, |_| None },
    "ValidateProviderConfig" => validate_provider_config { true, false, |_| None },
    "ConfigureProvider" => configure_provider { false, true, |_| None },
    "ValidateResourceConfig" => validate_resource_config { true, false, |_| None },
    "ValidateDataResourceConfig" => validate_data_resource_config { true, false, |_| None },
    "ValidateEphemeralResourceConfig" => validate_ephemeral_resource_config { true, false, |_| None },
    "ValidateListResourceConfig" => validate_list_resource_config { true, false, |_| None },
    "ValidateActionConfig" => validate_action_config { true, false, |_| None },
    "UpgradeResourceState" => upgrade_resource_state { true, false, |it| it.upgraded_state.clone() },
    "UpgradeResourceIdentity" => upgrade_resource_identity { true, false, |_| None },
    "PlanResourceChange" => plan_resource_change { false, false, |it| it.planned_state.clone() },
    "ApplyResourceChange" => apply_resource_change { false, true, |it| it.new_state.clone() },
    "ReadResource" => read_resource { false, false, |it| it.new_state.clone() },
    "ImportResourceState" => import_resource_state { false, false, |it| {
        it.imported_resources.first().and_then(|imported| imported.state.clone())
    } },
    "MoveResourceState" => move_resource_state { true, false, |it| it.target_state.clone() },
    "GenerateResourceConfig" => generate_resource_config { true, false, |it| it.config.clone() },
    "ReadDataSource" => read_data_source { false, false, |it| it.state.clone() },
    "OpenEphemeralResource" => open_ephemeral_resource { false, false, |it| it.result.clone() },
    "RenewEphemeralResource" => renew_ephemeral_resource { false, false, |_| None },
    "CloseEphemeralResource" => close_ephemeral_resource { false, false, |_| None },
    "PlanAction" => plan_action { false, false, |_| None },
);

/// The others.
const SPECIAL: &[Rpc] = &[
    Rpc {
        name: "CallFunction",
        read: |bytes| {
            let error = pb::call_function::Response::decode(bytes).ok()?.error.map(|error| error.text);
            Some(Reply { error, ..Reply::default() })
        },
        pure: true,
        changes: false,
    },
    Rpc {
        name: "ListResource",
        read: |bytes| {
            let event = pb::list_resource::Event::decode(bytes).ok()?;
            let said = vec![event.display_name];
            Some(Reply { diagnostics: event.diagnostic, said, state: event.resource_object, error: None })
        },
        pure: false,
        changes: false,
    },
    Rpc {
        name: "InvokeAction",
        read: |bytes| {
            use pb::invoke_action::event::Type;
            Some(match pb::invoke_action::Event::decode(bytes).ok()?.r#type? {
                Type::Progress(progress) => Reply { said: vec![progress.message], ..Reply::default() },
                Type::Completed(completed) => {
                    Reply { diagnostics: completed.diagnostics, ..Reply::default() }
                }
            })
        },
        pure: false,
        changes: true,
    },
    Rpc {
        name: "StopProvider",
        read: |bytes| {
            let stopped = pb::stop_provider::Response::decode(bytes).ok()?;
            Some(Reply { said: vec![stopped.error], ..Reply::default() })
        },
        pure: false,
        changes: true,
    },
];

/// The RPCs of state stores, which this provider does not have.
pub const ABSENT: &[&str] = &[
    "ValidateStateStoreConfig",
    "ConfigureStateStore",
    "ReadStateBytes",
    "WriteStateBytes",
    "LockState",
    "UnlockState",
    "GetStates",
    "DeleteState",
];

pub fn rpcs() -> impl Iterator<Item = &'static Rpc> {
    UNARY.iter().chain(SPECIAL)
}

pub fn rpc(name: &str) -> &'static Rpc {
    rpcs().find(|rpc| rpc.name == name).unwrap()
}
