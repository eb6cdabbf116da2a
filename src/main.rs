//! Terraform and OpenTofu provider for Amazon ElastiCache.

use std::process::ExitCode;

use terraform_provider_elasticache::plugin::{self, Identity, MAX_MESSAGE_BYTES};
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_server::{Provider, ProviderServer};
use tonic::service::Routes;

/// The one place where the provider's address is written.
const IDENTITY: Identity = Identity {
    address: "registry.terraform.io/elasticache-rs/elasticache",
    version: env!("CARGO_PKG_VERSION"),
};

/// Every call answers UNIMPLEMENTED until the provider service is there.
struct Placeholder;

impl Provider for Placeholder {}

fn main() -> ExitCode {
    plugin::main(IDENTITY, |_shutdown| {
        Routes::new(
            ProviderServer::new(Placeholder)
                .max_decoding_message_size(MAX_MESSAGE_BYTES)
                .max_encoding_message_size(MAX_MESSAGE_BYTES),
        )
    })
}
