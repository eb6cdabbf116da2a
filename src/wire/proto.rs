//! Messages and services generated from `proto/tfplugin6.proto`.

/// Terraform plugin protocol 6.11, as generated.
#[doc(hidden)]
#[allow(missing_docs, unreachable_pub, unused_qualifications, clippy::all, clippy::pedantic)]
pub mod tfplugin6 {
    tonic::include_proto!("tfplugin6");
}
