"""Asks a provider what `terraform query` and `terraform apply -invoke` ask it, and prints the answers as JSON.

    drive.py BINARY

The environment says where AWS is. The client is tofusoup, which shares no code with Terraform or with the provider: its own handshake, mutual TLS,
msgpack, and messages of protocol 6.11.
"""

import asyncio
import json
import os
import sys

import tofusoup.tfplugin as host
from pyvider.protocols.tfprotov6.protobuf import tfplugin6_pb2 as pb

LISTED = "elasticache_subnet_group"
ACTION = "elasticache_failover_global_replication_group"


def block_of(block, **values):
    """A configuration of this block: core sends null for what is omitted."""
    config = {attribute.name: None for attribute in block.attributes}
    single = pb.Schema.NestedBlock.SINGLE
    config |= {nested.type_name: None if nested.nesting == single else [] for nested in block.block_types}
    return host.pack(config | values)


def texts(diagnostics):
    return [f"{each.summary}: {each.detail}" for each in diagnostics]


async def ask(provider):
    stub = provider.stub
    provider.schema = schema = await stub.GetProviderSchema(pb.GetProviderSchema.Request())
    metadata = await stub.GetMetadata(pb.GetMetadata.Request())
    identities = await stub.GetResourceIdentitySchemas(pb.GetResourceIdentitySchemas.Request())
    keys = {
        name: sorted(attribute.name for attribute in each.identity_attributes if attribute.required_for_import)
        for name, each in identities.identity_schemas.items()
    }

    settings = block_of(schema.provider.block)
    configured = await stub.ConfigureProvider(
        pb.ConfigureProvider.Request(terraform_version="1.14.0", config=settings)
    )

    lists = schema.list_resource_schemas[LISTED].block
    config = block_of(lists, name_prefix="listed-")
    request = pb.ListResource.Request(
        type_name=LISTED, config=config, include_resource_object=True, limit=10
    )
    listed = [
        {
            "name": event.display_name,
            "identity": host.unpack(event.identity.identity_data),
            "object": host.unpack(event.resource_object),
            "problems": texts(event.diagnostic),
        }
        async for event in stub.ListResource(request)
    ]

    actions = schema.action_schemas[ACTION].schema.block
    config = block_of(actions, global_replication_group_id="xxxxx-none", primary_replication_group_id="none")
    validated = await stub.ValidateActionConfig(
        pb.ValidateActionConfig.Request(type_name=ACTION, config=config)
    )
    planned = await stub.PlanAction(pb.PlanAction.Request(action_type=ACTION, config=config))
    invoked = [
        {"completed": texts(event.completed.diagnostics)}
        if event.WhichOneof("type") == "completed"
        else {"progress": event.progress.message}
        async for event in stub.InvokeAction(pb.InvokeAction.Request(action_type=ACTION, config=config))
    ]
    stopped = await stub.StopProvider(pb.StopProvider.Request())
    return {
        "protocol": provider.protocol_version,
        "schemas": {
            "resources": sorted(schema.resource_schemas),
            "data_sources": sorted(schema.data_source_schemas),
            "ephemeral_resources": sorted(schema.ephemeral_resource_schemas),
            "list_resources": sorted(schema.list_resource_schemas),
            "actions": sorted(schema.action_schemas),
            "functions": sorted(schema.functions),
        },
        "metadata": {
            "resources": sorted(each.type_name for each in metadata.resources),
            "data_sources": sorted(each.type_name for each in metadata.data_sources),
            "ephemeral_resources": sorted(each.type_name for each in metadata.ephemeral_resources),
            "list_resources": sorted(each.type_name for each in metadata.list_resources),
            "actions": sorted(each.type_name for each in metadata.actions),
            "functions": sorted(each.name for each in metadata.functions),
        },
        "identities": keys,
        "configured": texts(configured.diagnostics),
        "listed": listed,
        "validated": texts(validated.diagnostics),
        "planned": texts(planned.diagnostics),
        "invoked": invoked,
        "stopped": stopped.Error,
    }


async def main():
    aws = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    provider = await host.start_provider(sys.argv[1], host.base_env(aws))
    try:
        print(json.dumps(await ask(provider)))
    finally:
        await provider.stop()


asyncio.run(main())
