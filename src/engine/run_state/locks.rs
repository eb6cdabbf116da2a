//! Changes of one object, one after the other.
//!
//! Terraform changes many objects at a time, and some of them are kept by AWS in one:
//! every member of a user group is a change of the group, which takes one at a time.
//! Here those changes wait for each other, and those that wait go together.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, oneshot};

/// Members to come and to go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberChange {
    /// Who is to be a member.
    pub add: BTreeSet<String>,
    /// Who is not to be one.
    pub remove: BTreeSet<String>,
}

impl MemberChange {
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

/// How a change ended; the error is whole sentences.
pub type MemberResult = Result<(), String>;

/// The turns of one provider. Clones share them.
#[derive(Clone, Default)]
pub struct Turns(Arc<Mutex<BTreeMap<String, Arc<Line>>>>);

impl fmt::Debug for Turns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turns").finish_non_exhaustive()
    }
}

/// What waits for one object.
#[derive(Default)]
struct Line {
    turn: Arc<AsyncMutex<()>>,
    waiting: Mutex<Vec<(MemberChange, oneshot::Sender<MemberResult>)>>,
}

/// The right to change one object, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    _guard: OwnedMutexGuard<()>,
}

impl Turns {
    fn line(&self, key: &str) -> Arc<Line> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(lines.entry(key.to_owned()).or_default())
    }

    /// Waits for the turn to change the object `key`.
    pub async fn take(&self, key: &str) -> Turn {
        let turn = Arc::clone(&self.line(key).turn);
        Turn { _guard: turn.lock_owned().await }
    }

    /// True while somebody has the turn to change the object `key`.
    pub fn is_taken(&self, key: &str) -> bool {
        self.line(key).turn.try_lock().is_err()
    }

    /// Makes this change of the object `key` in its turn. Whoever's turn it is calls
    /// `act` with all changes that wait by then, for one result each, in order.
    /// `None` when `give_up` was ready before the turn came.
    pub async fn join<F>(
        &self,
        key: &str,
        change: MemberChange,
        give_up: impl Future<Output = ()>,
        act: impl FnOnce(Vec<MemberChange>) -> F,
    ) -> Option<MemberResult>
    where
        F: Future<Output = Vec<MemberResult>>,
    {
        let line = self.line(key);
        let (sender, mut receiver) = oneshot::channel();
        line.waiting.lock().unwrap_or_else(PoisonError::into_inner).push((change, sender));
        let _turn = tokio::select! {
            turn = Arc::clone(&line.turn).lock_owned() => turn,
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

    fn adding(name: &str) -> MemberChange {
        MemberChange { add: [name.to_owned()].into(), ..MemberChange::default() }
    }

    #[tokio::test(start_paused = true)]
    async fn those_that_wait_go_together() {
        let turns = Turns::default();
        let batches = Arc::new(Mutex::new(Vec::new()));
        let join = |name: &'static str| {
            let (turns, batches) = (turns.clone(), Arc::clone(&batches));
            tokio::spawn(async move {
                let act = async |changes: Vec<MemberChange>| {
                    tokio::time::sleep(Duration::from_secs(20)).await;
                    let names: Vec<_> = changes.iter().flat_map(|change| change.add.clone()).collect();
                    batches.lock().unwrap().push(names.join(" "));
                    changes
                        .iter()
                        .map(|change| if change.add.contains("bad") { Err("bad".to_owned()) } else { Ok(()) })
                        .collect()
                };
                turns.join("group", adding(name), pending(), act).await
            })
        };
        let first = join("first");
        tokio::time::sleep(Duration::from_secs(1)).await;
        let rest = ["a", "b", "bad", "c"].map(join);
        assert_eq!(first.await.unwrap(), Some(Ok(())));
        let mut results = Vec::new();
        for one in rest {
            results.push(one.await.unwrap().unwrap());
        }
        assert_eq!(results, [Ok(()), Ok(()), Err("bad".to_owned()), Ok(())]);
        assert_eq!(*batches.lock().unwrap(), ["first", "a b bad c"]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_is_left_out_and_objects_do_not_wait_for_each_other() {
        let turns = Turns::default();
        let turn = turns.take("group").await;
        let soon = tokio::time::sleep(Duration::from_secs(1));
        let never = |_: Vec<MemberChange>| async { unreachable!("its turn never came") };
        assert_eq!(turns.join("group", adding("a"), soon, never).await, None);
        let one = |changes: Vec<MemberChange>| async move { vec![Ok(()); changes.len()] };
        assert_eq!(turns.join("other", adding("a"), pending(), one).await, Some(Ok(())));
        assert!(turns.is_taken("group") && !turns.is_taken("other"));
        drop(turn);
        assert!(!turns.is_taken("group"));
        let seen = |changes: Vec<MemberChange>| async move {
            assert_eq!(changes, [adding("b")]);
            vec![Ok(())]
        };
        assert_eq!(turns.join("group", adding("b"), pending(), seen).await, Some(Ok(())));
    }

    #[test]
    fn changes_add_up_unless_they_contradict() {
        let gone = MemberChange { remove: ["a".to_owned()].into(), ..MemberChange::default() };
        assert!(adding("a").contradicts(&gone) && !adding("b").contradicts(&gone));
        let both = adding("b").and(&gone);
        assert_eq!((both.add.len(), both.remove.len()), (1, 1));
    }
}
