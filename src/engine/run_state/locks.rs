//! Serializes changes of one object.
//!
//! Terraform changes many objects at a time, and some of them are parts of one object of AWS: every
//! membership is a change of its user group, which accepts one change at a time. Changes of the same
//! object wait for each other here, and those that wait are sent together.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, oneshot};

/// A change of a set: elements to add and to remove.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetChange {
    /// Elements to add.
    pub add: BTreeSet<String>,
    /// Elements to remove.
    pub remove: BTreeSet<String>,
}

impl SetChange {
    /// Both at once; what they disagree on is in neither.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.add.extend(other.add.iter().cloned());
        self.remove.extend(other.remove.iter().cloned());
        self
    }

    /// True when one adds what the other removes.
    pub fn contradicts(&self, other: &Self) -> bool {
        !self.add.is_disjoint(&other.remove) || !self.remove.is_disjoint(&other.add)
    }
}

/// How a change ended: the elements that it has added, which were not in the set before; the error is whole sentences.
pub type ChangeResult = Result<BTreeSet<String>, String>;

/// The locks of one provider. Clones share them.
#[derive(Clone, Default)]
pub struct Locks(Arc<Mutex<BTreeMap<String, Arc<Line>>>>);

impl fmt::Debug for Locks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Locks").finish_non_exhaustive()
    }
}

/// The lock of one object, and the changes that wait for it.
#[derive(Default)]
struct Line {
    lock: Arc<AsyncMutex<()>>,
    waiting: Mutex<Vec<(SetChange, oneshot::Sender<ChangeResult>)>>,
}

/// The lock on one object, held until it is dropped.
#[derive(Debug)]
pub struct KeyedLock {
    _guard: OwnedMutexGuard<()>,
}

impl Locks {
    fn line(&self, key: &str) -> Arc<Line> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(lines.entry(key.to_owned()).or_default())
    }

    /// Waits for the lock on the object `key`.
    pub async fn lock(&self, key: &str) -> KeyedLock {
        let lock = Arc::clone(&self.line(key).lock);
        KeyedLock { _guard: lock.lock_owned().await }
    }

    /// True while something holds the lock on the object `key`.
    pub fn is_locked(&self, key: &str) -> bool {
        self.line(key).lock.try_lock().is_err()
    }

    /// Changes the object `key` under its lock. The caller that gets the lock calls `act` with all
    /// changes that wait by then, for one result each, in order. `None` when `give_up` was ready
    /// before the lock was free.
    pub async fn coalesce<F>(
        &self,
        key: &str,
        change: SetChange,
        give_up: impl Future<Output = ()>,
        act: impl FnOnce(Vec<SetChange>) -> F,
    ) -> Option<ChangeResult>
    where
        F: Future<Output = Vec<ChangeResult>>,
    {
        let line = self.line(key);
        let (sender, mut receiver) = oneshot::channel();
        line.waiting.lock().unwrap_or_else(PoisonError::into_inner).push((change, sender));
        let _lock = tokio::select! {
            lock = Arc::clone(&line.lock).lock_owned() => lock,
            () = give_up => return None,
        };
        if let Ok(result) = receiver.try_recv() {
            return Some(result);
        }
        let waiting = std::mem::take(&mut *line.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        // Those that have given up wait no more.
        let waiting: Vec<_> = waiting.into_iter().filter(|(_, sender)| !sender.is_closed()).collect();
        let (changes, senders): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
        let results = act(changes).await;
        for (sender, result) in senders.into_iter().zip(results) {
            // Whoever has given up meanwhile does not care any more.
            let _ = sender.send(result);
        }
        Some(receiver.try_recv().unwrap_or_else(|_| Err("The change was not carried out.".to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::time::Duration;

    use super::*;

    fn adding(name: &str) -> SetChange {
        SetChange { add: [name.to_owned()].into(), ..SetChange::default() }
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_changes_are_sent_together() {
        let locks = Locks::default();
        let batches = Arc::new(Mutex::new(Vec::new()));
        let join = |name: &'static str| {
            let (locks, batches) = (locks.clone(), Arc::clone(&batches));
            tokio::spawn(async move {
                let act = async |changes: Vec<SetChange>| {
                    tokio::time::sleep(Duration::from_secs(20)).await;
                    let names: Vec<_> = changes.iter().flat_map(|change| change.add.clone()).collect();
                    batches.lock().unwrap().push(names.join(" "));
                    changes
                        .iter()
                        .map(|change| {
                            if change.add.contains("bad") {
                                Err("bad".to_owned())
                            } else {
                                Ok(BTreeSet::new())
                            }
                        })
                        .collect()
                };
                locks.coalesce("group", adding(name), pending(), act).await
            })
        };
        let first = join("first");
        tokio::time::sleep(Duration::from_secs(1)).await;
        let rest = ["a", "b", "bad", "c"].map(join);
        assert_eq!(first.await.unwrap(), Some(Ok(BTreeSet::new())));
        let mut results = Vec::new();
        for one in rest {
            results.push(one.await.unwrap().unwrap());
        }
        assert_eq!(
            results,
            [Ok(BTreeSet::new()), Ok(BTreeSet::new()), Err("bad".to_owned()), Ok(BTreeSet::new())]
        );
        assert_eq!(*batches.lock().unwrap(), ["first", "a b bad c"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_gives_up_is_omitted_and_objects_do_not_wait_for_each_other() {
        let locks = Locks::default();
        let lock = locks.lock("group").await;
        let soon = tokio::time::sleep(Duration::from_secs(1));
        let never = |_: Vec<SetChange>| async { unreachable!("the lock is never free") };
        assert_eq!(locks.coalesce("group", adding("a"), soon, never).await, None);
        let one = |changes: Vec<SetChange>| async move { vec![Ok(BTreeSet::new()); changes.len()] };
        assert_eq!(locks.coalesce("other", adding("a"), pending(), one).await, Some(Ok(BTreeSet::new())));
        assert!(locks.is_locked("group") && !locks.is_locked("other"));
        drop(lock);
        assert!(!locks.is_locked("group"));
        let visited = |changes: Vec<SetChange>| async move {
            assert_eq!(changes, [adding("b")]);
            vec![Ok(BTreeSet::new())]
        };
        assert_eq!(locks.coalesce("group", adding("b"), pending(), visited).await, Some(Ok(BTreeSet::new())));
    }

    #[test]
    fn changes_add_up_unless_they_contradict() {
        let gone = SetChange { remove: ["a".to_owned()].into(), ..SetChange::default() };
        assert!(adding("a").contradicts(&gone) && !adding("b").contradicts(&gone));
        let both = adding("b").and(&gone);
        assert_eq!((both.add.len(), both.remove.len()), (1, 1));
    }
}
