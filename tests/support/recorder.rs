//! Stands between Terraform and a provider, and records the calls of Terraform.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use http_body_util::{BodyExt, Collected, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

/// What Terraform has written to one connection.
type Written = Arc<Mutex<Vec<u8>>>;

/// Takes connections in place of the provider and passes them on.
pub struct Recorder {
    /// Where Terraform connects.
    pub socket: PathBuf,
    connections: Arc<Mutex<Vec<Written>>>,
    _end: DropGuard,
}

/// A call: its path, and its message.
pub type Call = (String, Bytes);

impl Recorder {
    /// Listens on `socket` until it is dropped.
    pub fn start(socket: PathBuf, provider: PathBuf) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        let listener = runtime.block_on(async { UnixListener::bind(&socket).unwrap() });
        let connections: Arc<Mutex<Vec<Written>>> = Arc::default();
        let end = CancellationToken::new();
        let (all, ended) = (Arc::clone(&connections), end.clone());
        let accept = async move {
            loop {
                let (host, _) = listener.accept().await.unwrap();
                let written = Written::default();
                lock(&all).push(Arc::clone(&written));
                let provider = provider.clone();
                // An error is the end of either side, and the other one sees it.
                tokio::spawn(async move { drop(relay(host, &provider, &written).await) });
            }
        };
        std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = ended.cancelled() => {}
                    () = accept => {}
                }
            });
        });
        Self { socket, connections, _end: end.drop_guard() }
    }

    /// Forgets what was recorded.
    pub fn clear(&self) {
        lock(&self.connections).clear();
    }

    /// The calls since the last [`Recorder::clear`], by connection.
    pub async fn calls(&self) -> Vec<Vec<Call>> {
        let connections: Vec<Vec<u8>> =
            lock(&self.connections).iter().map(|written| lock(written).clone()).collect();
        let mut all = Vec::new();
        for written in connections {
            all.push(calls(&written).await);
        }
        all
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn relay(host: UnixStream, provider: &Path, written: &Mutex<Vec<u8>>) -> std::io::Result<()> {
    let (mut from_host, mut to_host) = host.into_split();
    let (mut from_provider, mut to_provider) = UnixStream::connect(provider).await?.into_split();
    let requests = async {
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let length = from_host.read(&mut buffer).await?;
            if length == 0 {
                return to_provider.shutdown().await;
            }
            lock(written).extend_from_slice(&buffer[..length]);
            to_provider.write_all(&buffer[..length]).await?;
        }
    };
    let responses = async {
        tokio::io::copy(&mut from_provider, &mut to_host).await?;
        to_host.shutdown().await
    };
    tokio::try_join!(requests, responses).map(drop)
}

/// Reads the calls from what a client wrote: gives it to a server of HTTP/2 once more.
async fn calls(written: &[u8]) -> Vec<Call> {
    let (requests, count) = whole_requests(written);
    let (client, server) = tokio::io::duplex(64 * 1024);
    let (mut answers, mut to_server) = tokio::io::split(client);
    let (found, mut calls) = mpsc::unbounded_channel();
    let service = service_fn(move |request: http::Request<Incoming>| {
        let found = found.clone();
        async move {
            let path = request.uri().path().to_owned();
            let body = request.into_body().collect().await.map(Collected::to_bytes).unwrap_or_default();
            // A byte and the length, in four, stand before the message.
            let _ = found.send((path, body.slice(5.min(body.len())..)));
            Ok::<_, Infallible>(http::Response::new(Empty::<Bytes>::new()))
        }
    });
    let serving = http2::Builder::new(TokioExecutor::new())
        .max_concurrent_streams(None)
        .initial_stream_window_size(1 << 30)
        .initial_connection_window_size(1 << 30)
        .serve_connection(TokioIo::new(server), service);
    let collecting = async {
        let mut all = Vec::new();
        while all.len() < count {
            let Some(call) = calls.recv().await else { break };
            all.push(call);
        }
        all
    };
    // An end of the connection would make an error of each request that was not read by then.
    let feeding = async {
        let _ = to_server.write_all(&requests).await;
        let _ = tokio::io::copy(&mut answers, &mut tokio::io::sink()).await;
    };
    tokio::select! {
        all = collecting => all,
        _ = serving => Vec::new(),
        () = feeding => Vec::new(),
    }
}

/// The frames without those that end a request early, and the number of requests that are whole.
fn whole_requests(written: &[u8]) -> (Vec<u8>, usize) {
    const PREFACE: usize = 24;
    const HEADER: usize = 9;
    const DATA: u8 = 0;
    const HEADERS: u8 = 1;
    const RESET: u8 = 3;
    const GO_AWAY: u8 = 7;
    const END_STREAM: u8 = 1;
    let (preface, mut rest) = written.split_at(PREFACE.min(written.len()));
    let (mut requests, mut count) = (preface.to_vec(), 0);
    while rest.len() >= HEADER {
        let length = HEADER + usize::try_from(u32::from_be_bytes([0, rest[0], rest[1], rest[2]])).unwrap();
        if rest.len() < length {
            break;
        }
        let (frame, after) = rest.split_at(length);
        let (ty, flags) = (frame[3], frame[4]);
        if ty != RESET && ty != GO_AWAY {
            requests.extend_from_slice(frame);
        }
        count += usize::from((ty == DATA || ty == HEADERS) && flags & END_STREAM != 0);
        rest = after;
    }
    (requests, count)
}
