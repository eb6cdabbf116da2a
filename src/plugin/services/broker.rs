//! Sub-connections, which neither side of a Terraform provider uses.

use tokio_util::sync::CancellationToken;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status, Streaming};

use super::until::silent;
use crate::plugin::proto::ConnInfo;
use crate::plugin::proto::grpc_broker_server::GrpcBroker;

/// Keeps the host's stream open and offers nothing.
pub(super) struct Broker {
    shutdown: CancellationToken,
}

impl Broker {
    pub(super) fn new(shutdown: CancellationToken) -> Self {
        Self { shutdown }
    }
}

#[tonic::async_trait]
impl GrpcBroker for Broker {
    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<BoxStream<ConnInfo>>, Status> {
        // The host's half is held, not read: letting go of it would reset the stream.
        Ok(Response::new(silent(self.shutdown.clone(), request.into_inner())))
    }
}
