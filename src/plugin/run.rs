//! The life of a plugin process.

use std::convert::Infallible;
use std::process::ExitCode;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::service::Routes;
use tonic::transport::Server;

use super::activity::Activity;
use super::command::{self, Command};
use super::environment::Environment;
use super::error::RunError;
use super::handshake::Handshake;
use super::listener::{Listen, Listener};
use super::parent::Parent;
use super::signals::Signals;
use super::tls::ServerTls;
use super::tool::Tool;
use super::{Identity, accept, log, output, panic, reattach, services};

/// Calls wait for AWS, not for the processor: a plan of a thousand resources needs half a second of it. With a second
/// thread each message wakes the other one, which costs an eighth of the CPU time.
const WORKER_THREADS: usize = 1;

/// Calls of one connection at a time; a host waits with further ones. It makes as many as its `-parallelism`, 10 by
/// default, and a few more, among them the one that stops the others.
const MAX_STREAMS: u32 = 1_000;

/// How long running calls may delay the end. The host kills us two seconds after it asked.
const GRACE: Duration = Duration::from_secs(1);

/// After a signal that asks for the end, such as `SIGTERM`, the process ends once no call has been running for so long: a
/// host that received the signal as well still saves its state, and may call us for that.
const IDLE: Duration = Duration::from_secs(5);

/// What the services of a provider know of the process.
#[derive(Debug, Clone, Default)]
pub struct Process {
    /// Cancelled when the process is about to end: by the host's `Shutdown`, by its death, or by a
    /// signal. From then on calls have a second to return. In debug mode also cancelled when the
    /// connection of these services ends. `StopProvider` does not cancel it; that is for the
    /// provider service.
    pub shutdown: CancellationToken,
    /// Each call is counted here while it runs.
    pub activity: Activity,
}

/// Who is on the other side.
#[derive(Debug, Clone, Copy)]
enum Mode {
    /// The host that started us, which we do not outlive.
    Plugin(Parent),
    /// Any host that knows the address, until we are interrupted.
    Debug,
}

/// Runs the program: to be called by `fn main` and nothing else.
///
/// `routes` makes the services of the provider, on the runtime: once, and in debug mode for each connection.
/// `tools` are run by hand, and each decides its own exit code.
///
/// The exit code is 0 after an orderly end, 1 when the program is not run by a host or cannot start,
/// 2 for an unknown argument.
pub fn main(identity: Identity, tools: &[Tool], routes: impl Fn(Process) -> Routes) -> ExitCode {
    panic::install_hook();
    let parent = Parent::current();
    let environment = Environment::of_process(&identity);
    let answer = match Command::parse(std::env::args_os().skip(1), tools) {
        Command::Version => output::stdout(&command::version(&identity)),
        Command::Help => output::stdout(&command::help(&identity, tools)),
        Command::Unknown(argument) => {
            output::stderr(&format!("unknown argument {argument:?}; see --help\n"));
            return ExitCode::from(2);
        }
        Command::Tool(index, arguments) => {
            let answer = (tools[index].run)(&arguments);
            output::stderr(&answer.stderr);
            let printed = output::stdout(&answer.stdout);
            return if printed.is_ok() { ExitCode::from(answer.code) } else { ExitCode::FAILURE };
        }
        Command::Serve if !environment.started_by_host => {
            output::stderr(&command::not_a_tool(&identity));
            return ExitCode::FAILURE;
        }
        Command::Serve => return run(identity, &environment, Mode::Plugin(parent), routes),
        Command::Debug => return run(identity, &environment, Mode::Debug, routes),
    };
    if answer.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run(
    identity: Identity,
    environment: &Environment,
    mode: Mode,
    routes: impl Fn(Process) -> Routes,
) -> ExitCode {
    log::start(environment);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKER_THREADS)
        .enable_all()
        .build()
        .map_err(RunError::Runtime);
    let result = runtime.and_then(|runtime| {
        let result = runtime.block_on(serve(identity, environment, mode, routes));
        // Calls that did not end in time are left where they are.
        runtime.shutdown_background();
        result
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The host logs a line of this form at its level, and a person can read it.
            output::stderr(&format!("[ERROR] terraform-provider-{}: {error}\n", identity.name()));
            ExitCode::FAILURE
        }
    }
}

async fn serve(
    identity: Identity,
    environment: &Environment,
    mode: Mode,
    routes: impl Fn(Process) -> Routes,
) -> Result<(), RunError> {
    // Before anybody knows of us, so that no interrupt finds us unprepared.
    let signals = Signals::handle().map_err(RunError::Signals)?;
    let process = Process::default();
    let shutdown = process.shutdown.clone();
    let tls = match (mode, &environment.client_certificate) {
        (Mode::Plugin(_), Some(certificate)) => Some(ServerTls::new(certificate)?),
        _ => None,
    };
    let listener = Listener::bind(environment).await?;
    let line = announcement(identity, environment, mode, &listener, tls.as_ref());
    output::stdout(&line).map_err(RunError::Output)?;

    let out_of_time = async {
        end(mode, signals, &process).await;
        shutdown.cancel();
        tokio::time::sleep(GRACE).await;
    };
    let serving = async {
        match mode {
            Mode::Plugin(_) => {
                let routes = services::add(routes(process.clone()), &shutdown).await;
                serve_on(listener, tls, routes, &shutdown).await
            }
            Mode::Debug => {
                serve_each(listener, routes, &process).await;
                Ok(())
            }
        }
    };
    // All on this thread, whose panic ends the process: without any of these it would be of no use.
    tokio::select! {
        served = serving => served?,
        () = out_of_time => tracing::debug!("calls still run; ending without them"),
    }
    Ok(())
}

/// A server with the limits of one connection. Without a number tonic sets no limit to the streams.
fn server() -> Server {
    Server::builder().max_concurrent_streams(MAX_STREAMS)
}

/// Serves `routes` on a bound listener until `shutdown` and the end of all calls.
///
/// # Errors
/// When the server cannot go on.
pub(super) async fn serve_on(
    listener: impl Listen,
    tls: Option<ServerTls>,
    routes: Routes,
    shutdown: &CancellationToken,
) -> Result<(), RunError> {
    let (connections, accepted) = mpsc::channel(16);
    let accepting = accept::run(listener, tls.map(|tls| tls.acceptor), connections, shutdown.clone());
    let serving = server()
        .add_routes(routes)
        .serve_with_incoming_shutdown(ReceiverStream::new(accepted), shutdown.clone().cancelled_owned());
    let (served, ()) = tokio::join!(serving, accepting);
    Ok(served?)
}

/// Serves each connection with services of its own until the shutdown of `process` and the end of all calls.
///
/// A host opens one connection for each provider configuration of each run, where it would otherwise start a
/// process. With services in common, configurations with two Regions would overwrite each other.
async fn serve_each(listener: impl Listen, routes: impl Fn(Process) -> Routes, process: &Process) {
    let (connections, mut accepted) = mpsc::channel(16);
    let accepting = accept::run(listener, None, connections, process.shutdown.clone());
    let serving = async {
        let servers = TaskTracker::new();
        while let Some(Ok(connection)) = accepted.recv().await {
            let closed = process.shutdown.child_token();
            let own = Process { shutdown: closed.clone(), activity: process.activity.clone() };
            let routes = services::add(routes(own), &process.shutdown).await;
            let connection = connection.with_guard(closed.clone().drop_guard());
            // A server without another connection to wait for would close this one.
            let incoming = tokio_stream::once(Ok::<_, Infallible>(connection)).chain(tokio_stream::pending());
            servers.spawn(
                server().add_routes(routes).serve_with_incoming_shutdown(incoming, closed.cancelled_owned()),
            );
        }
        servers.close();
        servers.wait().await;
    };
    tokio::join!(serving, accepting);
}

/// Tells the host, or the person in front of the terminal, where to connect.
fn announcement(
    identity: Identity,
    environment: &Environment,
    mode: Mode,
    listener: &impl Listen,
    tls: Option<&ServerTls>,
) -> String {
    let (network, address) = (listener.network(), &*listener.address());
    match mode {
        Mode::Debug => reattach::text(&identity, std::process::id(), network, address),
        Mode::Plugin(_) => Handshake {
            network,
            address,
            certificate: tls.map(|tls| tls.certificate.as_ref()),
            answer_multiplex: environment.asks_multiplex,
        }
        .line(),
    }
}

/// Completes when there is a reason to end.
async fn end(mode: Mode, mut signals: Signals, process: &Process) {
    let shutdown = process.shutdown.cancelled();
    match mode {
        Mode::Debug => tokio::select! {
            () = shutdown => {}
            _ = signals.next() => {}
        },
        Mode::Plugin(parent) => {
            let idle_after_signal = async {
                loop {
                    let signal = signals.next().await;
                    if signal.asks_to_end() {
                        break;
                    }
                    tracing::debug!(?signal, "signal ignored; the host decides when to stop");
                }
                tracing::debug!("asked to end; the process ends when it is idle");
                process.activity.idle_for(IDLE).await;
            };
            tokio::select! {
                () = shutdown => {}
                () = parent.gone() => tracing::warn!("the host is gone"),
                () = idle_after_signal => tracing::info!("ending as asked; no call is running"),
            }
        }
    }
}
