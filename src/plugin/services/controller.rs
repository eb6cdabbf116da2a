//! The host's way to end us.

use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

use crate::plugin::proto::Empty;
use crate::plugin::proto::grpc_controller_server::GrpcController;

/// Cancels a token when the host asks for the end.
pub(super) struct Controller {
    shutdown: CancellationToken,
}

impl Controller {
    pub(super) fn new(shutdown: CancellationToken) -> Self {
        Self { shutdown }
    }
}

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        tracing::debug!("the host asks for the end");
        // The server stops gracefully, so this reply is still sent.
        self.shutdown.cancel();
        Ok(Response::new(Empty {}))
    }
}
