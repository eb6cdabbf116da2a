//! What the provider offers, on the wire.

use std::collections::BTreeMap;

use super::functions;
use super::schema::schema;
use crate::engine::{AnyResource, IdentitySchema, Registry};
use crate::provider;
use crate::value::Type;
use crate::wire::proto::tfplugin6 as pb;

/// What the provider can do beyond the first release of protocol 6.
pub(super) fn capabilities() -> pb::ServerCapabilities {
    pb::ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: true,
        generate_resource_config: true,
    }
}

/// The names of everything.
pub(super) fn metadata(registry: &Registry) -> pb::get_metadata::Response {
    use pb::get_metadata as of;
    let name = str::to_owned;
    let resources =
        registry.resources.iter().map(|it| of::ResourceMetadata { type_name: name(it.type_name()) });
    let sources = registry.data_sources.iter();
    let ephemeral = registry.ephemeral_resources.iter();
    let lists = registry.list_resources.iter();
    pb::get_metadata::Response {
        server_capabilities: Some(capabilities()),
        resources: resources.collect(),
        data_sources: sources.map(|it| of::DataSourceMetadata { type_name: name(it.type_name()) }).collect(),
        ephemeral_resources: ephemeral
            .map(|it| of::EphemeralMetadata { type_name: name(it.type_name()) })
            .collect(),
        list_resources: lists
            .map(|it| of::ListResourceMetadata { type_name: name(it.type_name()) })
            .collect(),
        actions: registry
            .actions
            .iter()
            .map(|it| of::ActionMetadata { type_name: name(it.type_name()) })
            .collect(),
        functions: registry
            .functions
            .iter()
            .map(|it| of::FunctionMetadata { name: name(it.name()) })
            .collect(),
        ..Default::default()
    }
}

/// The schemas of everything, but those of identities.
pub(super) fn schemas(registry: &Registry) -> pb::get_provider_schema::Response {
    let named = |name: &'static str, of| (name.to_owned(), schema(of));
    // Terraform dereferences both parts of the schema of an action without looking.
    let action = |of| pb::ActionSchema { schema: Some(schema(of)) };
    pb::get_provider_schema::Response {
        provider: Some(schema(provider::schema())),
        resource_schemas: registry.resources.iter().map(|it| named(it.type_name(), it.schema())).collect(),
        data_source_schemas: registry
            .data_sources
            .iter()
            .map(|it| named(it.type_name(), it.schema()))
            .collect(),
        ephemeral_resource_schemas: registry
            .ephemeral_resources
            .iter()
            .map(|it| named(it.type_name(), it.schema()))
            .collect(),
        list_resource_schemas: registry
            .list_resources
            .iter()
            .map(|it| named(it.type_name(), it.schema()))
            .collect(),
        action_schemas: registry
            .actions
            .iter()
            .map(|it| (it.type_name().to_owned(), action(it.schema())))
            .collect(),
        functions: functions::declare(registry.functions),
        server_capabilities: Some(capabilities()),
        ..Default::default()
    }
}

/// The schemas of the identities.
pub(super) fn identity_schemas(
    resources: &[&'static dyn AnyResource],
) -> BTreeMap<String, pb::ResourceIdentitySchema> {
    resources.iter().map(|it| (it.type_name().to_owned(), identity_schema(it.identity_schema()))).collect()
}

fn identity_schema(schema: IdentitySchema) -> pb::ResourceIdentitySchema {
    use pb::resource_identity_schema::IdentityAttribute;
    let attributes = schema.attributes().into_iter().map(|attribute| IdentityAttribute {
        name: attribute.name.to_owned(),
        r#type: Type::String.to_json().to_string().into_bytes(),
        // Terraform does not load a provider that sets both, or none.
        required_for_import: attribute.required,
        optional_for_import: !attribute.required,
        description: attribute.description.into_owned(),
    });
    pb::ResourceIdentitySchema { version: IdentitySchema::VERSION, identity_attributes: attributes.collect() }
}
