//! Calls that are held, so that a test acts at a known moment of an operation.

use super::faults::On;
use super::lock;
use super::route::Request;
use std::sync::{Arc, Mutex, mpsc};
use tokio::sync::oneshot;

/// The moment of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// The request has arrived, and nothing is carried out. A client that goes away now has called in vain.
    Received,
    /// Carried out, but not answered.
    CarriedOut,
    /// The answer is leaving; such a call is not held.
    Answered,
}

/// The test's end of a call that is held. The call continues when this is dropped.
#[derive(Debug)]
pub struct Held {
    reached: mpsc::Receiver<()>,
    _release: oneshot::Sender<()>,
}

impl Held {
    /// True once the call has reached its moment; tells so only once.
    pub fn is_reached(&self) -> bool {
        self.reached.try_recv().is_ok()
    }

    /// Lets the call continue.
    pub fn release(self) {}
}

/// The server's end.
#[derive(Debug)]
pub(super) struct Pause {
    reached: mpsc::Sender<()>,
    released: oneshot::Receiver<()>,
}

impl Pause {
    /// Tells the test that the call has reached its moment.
    pub(super) fn announce(&self) {
        // The test may no longer be interested.
        let _ = self.reached.send(());
    }

    /// The same, and waits for the test.
    pub(super) async fn until_released(self) {
        self.announce();
        // The end of the test's side is the release.
        let _ = self.released.await;
    }
}

/// All calls that are to be held; copies share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Holds(Arc<Mutex<Vec<(On, Moment, Pause)>>>);

impl Holds {
    pub(super) fn add(&self, on: On, moment: Moment) -> Held {
        let (reached, is_reached) = mpsc::channel();
        let (release, released) = oneshot::channel();
        lock(&self.0).push((on, moment, Pause { reached, released }));
        Held { reached: is_reached, _release: release }
    }

    /// What holds this call.
    pub(super) fn take(&self, request: &Request) -> Option<(Moment, Pause)> {
        let mut all = lock(&self.0);
        let at = all.iter_mut().position(|(on, ..)| on.hits(request))?;
        let (_, moment, pause) = all.swap_remove(at);
        Some((moment, pause))
    }
}
