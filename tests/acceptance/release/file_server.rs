//! The files of a folder over HTTPS, as a web server or bucket has them.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use tempfile::NamedTempFile;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio_rustls::TlsAcceptor;

/// Serves a folder on a port of the loopback address until it is dropped.
pub struct FileServer {
    /// With a slash at its end.
    pub url: String,
    certificate: NamedTempFile,
    _runtime: Runtime,
}

impl FileServer {
    pub fn start(folder: PathBuf) -> Self {
        let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = NamedTempFile::new().unwrap();
        std::fs::write(certificate.path(), signed.cert.pem()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![signed.cert.der().clone()], signed.signing_key.into())
            .unwrap();
        let tls = TlsAcceptor::from(Arc::new(config));

        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, folder) = (tls.clone(), folder.clone());
                tokio::spawn(async move {
                    let Ok(stream) = tls.accept(stream).await else { return };
                    let service = service_fn(|request| {
                        let answer = answer(&folder, &request);
                        async { Ok::<_, Infallible>(answer) }
                    });
                    let http = hyper::server::conn::http1::Builder::new();
                    let _ = http.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { url, certificate, _runtime: runtime }
    }

    /// The certificate in PEM form, for `SSL_CERT_FILE`.
    pub fn certificate_file(&self) -> &str {
        self.certificate.path().to_str().unwrap()
    }
}

fn answer(folder: &Path, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let path = folder.join(request.uri().path().trim_start_matches('/'));
    let json = path.extension().is_some_and(|end| end == "json");
    let response = Response::builder();
    let response = match std::fs::read(path) {
        Ok(content) => response
            .header("content-type", if json { "application/json" } else { "application/zip" })
            .body(Full::from(content)),
        Err(_) => response.status(404).body(Full::default()),
    };
    response.unwrap()
}
