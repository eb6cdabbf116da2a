//! A simulator of AWS, for tests: one HTTP endpoint on loopback that speaks the real wire protocols
//! of ElastiCache and the services around it, with a clock, faults and a record that a test holds.
//!
//! Nothing here was compared with live AWS. What is encoded comes from AWS's API models, user guides
//! and API references; where it is a belief, the comment at that place says so.

// Each test uses a part of it.
#![allow(dead_code, unused_imports, unreachable_pub, missing_docs)]

mod answer;
mod calls;
mod cbor;
pub mod clock;
mod cloudwatch;
mod ec2;
pub mod elasticache;
mod faults;
mod holds;
mod json;
mod limits;
mod logs;
pub mod protocol;
mod query;
mod route;
mod secretsmanager;
mod server;
mod ssm;
mod state;
mod stores;
mod sts;
mod tagging;
mod wire;
mod xml;

pub use answer::Encoded;
pub use calls::{Call, Outcome, Record};
pub use clock::Clock;
pub use elasticache::ElastiCache;
pub use faults::{Echo, EchoedIn, Framing, InjectedFault, On, Rewrite, any, on, on_service};
pub use holds::{Held, Moment};
pub use route::DEFAULT_ACCOUNT;
pub use state::AwsState;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;

/// What the server and the test both hold.
#[derive(Debug)]
struct Shared {
    clock: Clock,
    record: Record,
    script: faults::Script,
    holds: holds::Holds,
    limits: limits::Limits,
    state: Mutex<AwsState>,
}

/// A running simulator; it stops when dropped.
#[derive(Debug)]
pub struct Simulator {
    shared: Arc<Shared>,
    address: SocketAddr,
    server: Server,
}

/// What keeps a server going.
#[derive(Debug)]
enum Server {
    Task(tokio::task::JoinHandle<()>),
    /// Ends when the sender is dropped.
    Thread(Option<tokio::sync::oneshot::Sender<()>>, Option<std::thread::JoinHandle<()>>),
}

impl Simulator {
    /// Starts one on a free port of loopback, served by the current runtime.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        Self::serve(listener).await
    }

    /// Starts one on this listener.
    pub async fn serve(listener: TcpListener) -> io::Result<Self> {
        let (address, shared) = (listener.local_addr()?, Shared::new());
        let task = tokio::spawn(server::serve(listener, Arc::clone(&shared)));
        Ok(Self { shared, address, server: Server::Task(task) })
    }

    /// Starts one on a thread and runtime of its own, for tests that are not async or block.
    pub fn start_thread() -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let (address, shared) = (listener.local_addr()?, Shared::new());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let theirs = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                let Ok(listener) = TcpListener::from_std(listener) else { return };
                tokio::select! {
                    () = server::serve(listener, theirs) => {}
                    _ = stopped => {}
                }
            });
        });
        Ok(Self { shared, address, server: Server::Thread(Some(stop), Some(thread)) })
    }

    /// Where it listens: `http://127.0.0.1:PORT`, for every service.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its clock.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// All calls so far.
    pub fn record(&self) -> &Record {
        &self.shared.record
    }

    /// The calls of one action so far.
    pub fn calls(&self, service: &str, action: &str) -> Vec<Call> {
        self.shared.record.of(service, action)
    }

    /// Adds to the script of faults. Of several that match a call, the one added first hits.
    pub fn fault(&self, on: On, fault: InjectedFault) {
        self.shared.script.add(on, fault);
    }

    /// Forgets the script of faults.
    pub fn clear_faults(&self) {
        self.shared.script.clear();
    }

    /// How many scripted faults have yet to hit; a test that ends with some has missed its point.
    pub fn pending_faults(&self) -> usize {
        self.shared.script.pending()
    }

    /// Holds the next such call at this moment, until the test lets it continue. Other calls are answered meanwhile.
    pub fn hold(&self, on: On, moment: Moment) -> Held {
        self.shared.holds.add(on, moment)
    }

    /// Throttles a service that is called faster than this, by real time, beyond a burst.
    pub fn limit(&self, service: &str, per_second: f64, burst: u32) {
        self.shared.limits.set(service, per_second, burst);
    }

    /// Looks at or changes what is in the simulated AWS, past its API.
    pub fn with_state<T>(&self, act: impl FnOnce(&mut AwsState) -> T) -> T {
        act(&mut lock(&self.shared.state))
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        match &mut self.server {
            Server::Task(task) => task.abort(),
            Server::Thread(stop, thread) => {
                drop(stop.take());
                if let Some(thread) = thread.take() {
                    let _ = thread.join();
                }
            }
        }
    }
}

impl Shared {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            clock: Clock::default(),
            record: Record::default(),
            script: faults::Script::default(),
            holds: holds::Holds::default(),
            limits: limits::Limits::default(),
            state: Mutex::new(AwsState::default()),
        })
    }
}

/// A panic of another test thread does not spoil what it was looking at.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
