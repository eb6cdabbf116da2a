use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use super::*;
use crate::plugin::proto::Empty;
use crate::plugin::proto::grpc_controller_client::GrpcControllerClient;
use crate::plugin::tls::ServerTls;
use crate::plugin::{Identity, run, services};
use host::{Channel, connector};

#[path = "../../../../tests/support/plugin_host.rs"]
#[allow(missing_docs, unreachable_pub)]
mod host;

fn environment() -> Environment {
    Environment::of_process(&Identity { source: "n/t", version: "0" })
}

#[tokio::test]
async fn bind_skips_a_port_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut environment = environment();

    environment.ports = (port, port);
    let error = Listener::bind(&environment).await.err().map(|e| e.to_string()).unwrap_or_default();
    assert!(error.starts_with("no free TCP port on 127.0.0.1 between"), "{error}");

    environment.ports = (port, port.saturating_add(200));
    let listener = Listener::bind(&environment).await.unwrap();
    assert_eq!(listener.network(), "tcp");
    let (accepted, connected) =
        tokio::join!(listener.accept(), TcpStream::connect(listener.address.as_str()));
    assert!(accepted.is_ok() && connected.is_ok());
}

/// What a host on Windows meets: the same services, mutual TLS and end as over a Unix socket.
#[tokio::test]
async fn plugin_serves_its_host_over_tcp_with_mutual_tls() {
    let identity = host::Identity::new();
    let tls = ServerTls::new(&identity.pem).unwrap();
    let known = connector(tls.certificate.clone(), Some(&identity));
    let stranger = connector(tls.certificate.clone(), Some(&host::Identity::new()));
    let listener = Listener::bind(&environment()).await.unwrap();
    let address = listener.address.clone();

    let shutdown = CancellationToken::new();
    let routes = services::add(Routes::default(), &shutdown).await;
    let host = async {
        let check = async |connector| {
            let stream = TcpStream::connect(&*address).await?;
            let channel = Channel::over(stream, Some(connector)).await?;
            let request = HealthCheckRequest { service: "plugin".into() };
            let reply = HealthClient::new(channel).check(request).await?;
            Ok::<_, host::ConnectError>(reply.into_inner().status())
        };
        assert_eq!(check(known.clone()).await.unwrap(), ServingStatus::Serving);
        assert!(check(stranger).await.is_err(), "another certificate is refused");

        let stream = TcpStream::connect(&*address).await.unwrap();
        let channel = Channel::over(stream, Some(known)).await.unwrap();
        GrpcControllerClient::new(channel).shutdown(Empty {}).await.unwrap();
    };
    let (served, ()) = tokio::join!(run::serve_on(listener, Some(tls), routes, &shutdown), host);
    served.unwrap();
    assert!(TcpStream::connect(&*address).await.is_err(), "the port is closed");
}
