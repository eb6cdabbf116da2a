//! Output for the user, of which we have none.

use tokio_util::sync::CancellationToken;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use super::until::silent;
use crate::plugin::proto::StdioData;
use crate::plugin::proto::grpc_stdio_server::GrpcStdio;

/// Keeps the host's stream open, since its end would look like a fault.
pub(super) struct Stdio {
    shutdown: CancellationToken,
}

impl Stdio {
    pub(super) fn new(shutdown: CancellationToken) -> Self {
        Self { shutdown }
    }
}

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    async fn stream_stdio(&self, _: Request<()>) -> Result<Response<BoxStream<StdioData>>, Status> {
        Ok(Response::new(silent(self.shutdown.clone(), ())))
    }
}
