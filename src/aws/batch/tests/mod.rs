//! Reads and waits that share listings, on an account that the tests hold.

mod cancellation;
mod listings;
mod refusals;
mod sources;
mod validity;
mod waits;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_like::all;
use tokio::time::Instant;

use super::Writes;
use super::batcher::{ActivityCounter, BatchSource, Batcher, Page};
use crate::aws::{AwsError, ErrorKind, Service};

/// Running futures together without a crate for it.
mod futures_like {
    pub(super) async fn all<T: Send + 'static>(
        futures: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
    ) -> Vec<T> {
        let tasks: Vec<_> = futures.into_iter().map(tokio::spawn).collect();
        let mut done = Vec::new();
        for task in tasks {
            done.push(task.await.unwrap());
        }
        done
    }
}

/// An account with these objects, and a record of what was asked.
#[derive(Debug, Clone, Default)]
struct Account<const AT_ONCE: usize, const ABSENT_IS_EMPTY: bool = false>(Arc<Mutex<Book>>);

#[derive(Debug, Default)]
struct Book {
    objects: BTreeMap<String, u32>,
    page_size: usize,
    refusal: Option<AwsError>,
    /// How much every object grows from one listing to the next.
    ages: u32,
    listed: u32,
    /// When objects become [`CHANGED`].
    changes: BTreeMap<String, Instant>,
    calls: Vec<String>,
    /// How long a page takes beyond the usual.
    delay: Duration,
    /// True for a defect: the next page panics.
    panics: bool,
}

/// The value of an object that has changed.
const CHANGED: u32 = 1_000;

impl Book {
    fn value(&self, key: &str, value: u32) -> u32 {
        match self.changes.get(key) {
            Some(change) if *change <= Instant::now() => CHANGED,
            _ => value + self.listed,
        }
    }
}

impl<const N: usize, const E: bool> Account<N, E> {
    fn of(names: impl IntoIterator<Item = String>, page_size: usize) -> Self {
        let objects = names.into_iter().map(|name| (name, 1)).collect();
        Self(Arc::new(Mutex::new(Book { objects, page_size, ..Book::default() })))
    }

    fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().calls)
    }

    fn refuse(&self, refusal: Option<AwsError>) {
        self.0.lock().unwrap().refusal = refusal;
    }

    /// One object, by a call of its own.
    async fn describe(&self, key: &str) -> u32 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let mut book = self.0.lock().unwrap();
        book.calls.push("describe".to_owned());
        book.value(key, 1)
    }
}

impl<const N: usize, const E: bool> BatchSource for Account<N, E> {
    type Item = u32;
    const LISTS: bool = true;
    const AT_ONCE: usize = N;
    const ONE_PERMISSION: bool = E;

    async fn page(&self, marker: Option<String>) -> Result<Page<u32>, AwsError> {
        let delay = self.0.lock().unwrap().delay;
        tokio::time::sleep(Duration::from_millis(50) + delay).await;
        let mut book = self.0.lock().unwrap();
        book.calls.push("page".to_owned());
        if std::mem::take(&mut book.panics) {
            drop(book);
            panic!("at a page");
        }
        if let Some(refusal) = &book.refusal {
            return Err(refusal.clone());
        }
        let begin = marker.map_or(0, |marker| marker.parse().unwrap());
        let end = (begin + book.page_size).min(book.objects.len());
        let items = book.objects.iter().skip(begin).take(end - begin);
        let items = items.map(|(key, value)| (key.clone(), book.value(key, *value))).collect();
        book.listed += if begin == 0 { book.ages } else { 0 };
        Ok(Page { items, next: (end < book.objects.len()).then(|| end.to_string()) })
    }

    async fn some(&self, keys: Vec<String>) -> Result<Vec<(String, u32)>, AwsError> {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let mut book = self.0.lock().unwrap();
        book.calls.push(format!("some {}", keys.len()));
        if let Some(refusal) = &book.refusal {
            return Err(refusal.clone());
        }
        Ok(keys.into_iter().filter_map(|key| Some((key.clone(), *book.objects.get(&key)?))).collect())
    }

    fn absent() -> Option<u32> {
        E.then_some(0)
    }
}

/// An error that AWS returns.
fn refusal(code: &str, http_status: u16) -> AwsError {
    let kind =
        ErrorKind::Service { code: code.to_owned(), message: String::new(), request_id: None, http_status };
    AwsError::new(Service::ElastiCache, "DescribeReplicationGroups", kind)
}

fn denied() -> AwsError {
    refusal("AccessDenied", 403)
}

fn names(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|i| format!("{prefix}-{i:04}")).collect()
}

fn batcher(writes: &Writes) -> Arc<Batcher<u32>> {
    Batcher::new(writes, &ActivityCounter::default())
}

/// Asks for all keys at the same time.
async fn ask<const N: usize, const E: bool>(
    batcher: &Arc<Batcher<u32>>,
    account: &Account<N, E>,
    keys: &[String],
) -> Vec<Option<u32>> {
    all(keys.iter().cloned().map(|key| {
        let (batcher, account) = (Arc::clone(batcher), account.clone());
        async move { batcher.find(&key, None, || account).await }
    }))
    .await
}
