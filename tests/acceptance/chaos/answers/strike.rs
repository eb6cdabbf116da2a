//! Changes answers while an operation runs, and remembers which.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::answer::{Answer, Corpus};
use super::kinds::{KINDS, mutate};
use crate::chaos::cells::Law;
use crate::simulator::{Framing, Rewrite};

/// An answer that was changed.
#[derive(Debug, Clone)]
pub struct Mutated {
    pub service: String,
    pub action: String,
    /// Its number in [`KINDS`].
    pub kind: usize,
    pub law: Law,
}

/// What was changed so far; copies share it.
#[derive(Debug, Clone, Default)]
pub struct Log(Arc<Mutex<Vec<Mutated>>>);

impl Log {
    fn lock(&self) -> MutexGuard<'_, Vec<Mutated>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn all(&self) -> Vec<Mutated> {
        self.lock().clone()
    }

    /// The law for everything that was changed; none where nothing was.
    pub fn law(&self) -> Option<Law> {
        self.lock().iter().map(|it| it.law).max()
    }

    /// Whether all that was changed is what AWS may add.
    pub fn is_addition(&self) -> bool {
        self.lock().iter().all(|it| KINDS[it.kind].is_addition)
    }
}

/// A seed of its own for each number of each name.
pub fn seed_of(seed: u64, number: u64, name: &str) -> u64 {
    // FNV-1a.
    let bytes = number.to_le_bytes().into_iter().chain(name.bytes());
    bytes.fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Which answers are changed, and how.
#[derive(Debug, Clone)]
pub struct Strike {
    pub seed: u64,
    /// Of a hundred answers that come by.
    pub share: u32,
    /// The kind of all of them; each has its own otherwise.
    pub kind: Option<usize>,
    /// How the object is named.
    pub name: String,
    pub recorded: Arc<Corpus>,
}

impl Strike {
    /// Changes answers, and writes each into the log.
    pub fn rewrite(&self, log: &Log) -> Rewrite {
        let (strike, log) = (self.clone(), log.clone());
        let rng = Mutex::new(fastrand::Rng::with_seed(self.seed));
        let other: String = self.name.chars().rev().collect();
        Rewrite::new(move |service, action, encoded| {
            let mut rng = rng.lock().unwrap_or_else(PoisonError::into_inner);
            if rng.u32(..100) >= strike.share {
                return (encoded, Framing::Whole);
            }
            let names = (strike.name.as_str(), other.as_str());
            let mut answer = Answer::new((service, action), encoded, names, &strike.recorded);
            let first = strike.kind.unwrap_or_else(|| rng.usize(..KINDS.len()));
            let (kind, law) = mutate(first, &mut answer, &mut rng);
            let (service, action) = (service.to_owned(), action.to_owned());
            log.lock().push(Mutated { service, action, kind, law });
            (answer.encoded, answer.framing)
        })
    }
}
