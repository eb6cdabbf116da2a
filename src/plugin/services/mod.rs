//! The services every plugin offers beside its own.

mod broker;
mod controller;
mod stdio;
mod until;

use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic_health::ServingStatus;

use super::proto::grpc_broker_server::GrpcBrokerServer;
use super::proto::grpc_controller_server::GrpcControllerServer;
use super::proto::grpc_stdio_server::GrpcStdioServer;

/// Name under which a host asks after the health of a plugin.
const HEALTH_NAME: &str = "plugin";

/// Adds health, controller, stdio and broker to `routes`.
///
/// The controller cancels `shutdown`; the streams of stdio and broker end with it.
pub(super) async fn add(routes: Routes, shutdown: &CancellationToken) -> Routes {
    let (reporter, health) = tonic_health::server::health_reporter();
    reporter.set_service_status(HEALTH_NAME, ServingStatus::Serving).await;
    routes
        .add_service(health)
        .add_service(GrpcControllerServer::new(controller::Controller::new(shutdown.clone())))
        .add_service(GrpcStdioServer::new(stdio::Stdio::new(shutdown.clone())))
        .add_service(GrpcBrokerServer::new(broker::Broker::new(shutdown.clone())))
}
