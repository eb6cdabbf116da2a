//! Terraform and OpenTofu provider for Amazon ElastiCache.

use std::process::ExitCode;

use terraform_provider_elasticache::migrate;
use terraform_provider_elasticache::plugin::{self, Identity, MAX_MESSAGE_BYTES, Tool};
use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::wire::Service;
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_server::ProviderServer;
use tonic::service::Routes;

fn main() -> ExitCode {
    let identity = Identity { source: provider::SOURCE, version: provider::VERSION };
    let migrate = Tool { name: migrate::NAME, summary: migrate::SUMMARY, run: migrate::run };
    plugin::main(identity, &[migrate], |process| {
        Routes::new(
            ProviderServer::new(Service::new(REGISTRY, process))
                .max_decoding_message_size(MAX_MESSAGE_BYTES)
                .max_encoding_message_size(MAX_MESSAGE_BYTES),
        )
    })
}
