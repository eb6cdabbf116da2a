//! What happens when our own code panics.
//!
//! A panic that ends the process is printed as a line starting `panic: ` and a trace: the host looks
//! for that form and shows it to the user as a crash of the plugin. A panic that is caught, by
//! [`catch`] or by the runtime around a task of its own, ends nothing, so it is logged as an error.

use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::thread::{self, ThreadId};

use super::output;

thread_local! {
    /// How many calls of [`catch`] are being polled on this thread.
    static GUARDS: Cell<usize> = const { Cell::new(0) };
    /// Where the last guarded panic of this thread happened.
    static LOCATION: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A panic that was caught.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Panic {
    message: String,
    location: Option<String>,
}

impl Panic {
    /// What the panic said, without place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.location {
            Some(location) => write!(f, "{} (at {location})", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// Runs `future` and turns a panic inside it into an error.
///
/// The panic is logged with its trace and with the fields of the current span. Whatever the future
/// shares with others must be fit for use after a panic: a lock that was held is poisoned.
///
/// # Errors
/// When the future panicked.
pub async fn catch<F: Future>(future: F) -> Result<F::Output, Panic> {
    let mut future = pin!(future);
    std::future::poll_fn(|cx| {
        let guard = Guard::enter();
        // The future is not polled again after a panic, so nobody sees its broken inside.
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx)));
        drop(guard);
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(payload) => Poll::Ready(Err(Panic {
                message: message(payload.as_ref()).to_owned(),
                location: LOCATION.take(),
            })),
        }
    })
    .await
}

/// Marks the current thread as one whose panics are caught.
struct Guard;

impl Guard {
    fn enter() -> Self {
        GUARDS.set(GUARDS.get() + 1);
        Self
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        GUARDS.set(GUARDS.get() - 1);
    }
}

/// Installs the hook. To be called on the thread whose panic ends the process.
pub(super) fn install_hook() {
    let main = thread::current().id();
    std::panic::set_hook(Box::new(move |info| report(info, main)));
}

fn report(info: &PanicHookInfo<'_>, main: ThreadId) {
    let message = message(info.payload());
    let location = info.location().map(ToString::to_string);
    let trace = Backtrace::force_capture();
    if GUARDS.get() == 0 && thread::current().id() == main {
        let location = location.as_deref().unwrap_or("an unknown place");
        output::stderr(&format!("panic: {message}\n\nat {location}\n{trace}\n"));
        return;
    }
    tracing::error!(panic = message, location, %trace, "caught a panic; this is a bug in the provider");
    LOCATION.set(location);
}

fn message(payload: &(dyn Any + Send)) -> &str {
    match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "a panic without a message",
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[tokio::test]
    async fn catch_returns_output_or_panic() {
        assert_eq!(catch(async { 1 }).await, Ok(1));
        let panicked = catch(async {
            tokio::task::yield_now().await;
            panic!("no {}", "way")
        });
        assert_eq!(panicked.await.map_err(|panic| panic.message().to_owned()), Err::<(), _>("no way".into()));
        assert_eq!(GUARDS.get(), 0);
    }

    /// Set in the processes that [`stderr_of`] starts.
    const CHILD: &str = "PLUGIN_PANIC_TEST";

    fn in_child() -> bool {
        std::env::var_os(CHILD).is_some()
    }

    /// Runs a test in a process of its own, since a hook is for a whole process, and returns what it
    /// wrote to standard error.
    fn stderr_of(test: &str) -> String {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("{}::{test}", module_path!().split_once("::").unwrap().1)])
            .arg("--nocapture")
            .env(CHILD, "1")
            .output()
            .unwrap();
        String::from_utf8(output.stderr).unwrap()
    }

    #[test]
    fn process_ending_panics_have_the_form_the_host_shows() {
        if in_child() {
            install_hook();
            panic!("out of {}", "luck");
        }
        let stderr = stderr_of("process_ending_panics_have_the_form_the_host_shows");
        assert!(stderr.starts_with("panic: out of luck\n\nat src/plugin/panic.rs:"), "{stderr}");
        assert!(stderr.contains("\n   0: "), "{stderr}");
    }

    #[test]
    fn caught_panics_are_logged() {
        if in_child() {
            let identity = crate::plugin::Identity { source: "n/t", version: "0" };
            crate::plugin::log::start(&crate::plugin::environment::Environment::of_process(&identity));
            install_hook();
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let caught = runtime.block_on(catch(async { panic!("hold on") }));
            let text = caught.map_or_else(|panic| panic.to_string(), |()| String::new());
            assert!(text.starts_with("hold on (at src/plugin/panic.rs:"), "{text}");
            return;
        }
        let stderr = stderr_of("caught_panics_are_logged");
        assert!(!stderr.contains("panic: "), "{stderr}");
        let line: serde_json::Value = serde_json::from_str(stderr.lines().next().unwrap()).unwrap();
        assert_eq!(line["@level"], "error");
        assert_eq!(line["panic"], "hold on");
    }
}
