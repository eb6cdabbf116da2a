//! How long a listing answers reads.

use std::time::Duration;

use super::super::{STALE, Writes};
use super::{Account, ask, batcher, names};

/// A request may wait longer behind the rate limit than a listing is valid.
#[tokio::test(start_paused = true)]
async fn a_page_that_took_long_answers_later_reads() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(names("own", 50), 100));
    account.0.lock().unwrap().delay = STALE * 2;
    assert_eq!(ask(&batcher, &account, &names("own", 10)).await, vec![Some(1); 10]);
    assert_eq!(ask(&batcher, &account, &names("own", 50)).await, vec![Some(1); 50]);
    assert_eq!(account.calls(), ["page"]);
}

#[tokio::test(start_paused = true)]
async fn a_write_makes_what_was_listed_void() {
    let writes = Writes::default();
    let (batcher, account) = (batcher(&writes), Account::<0>::of(names("own", 50), 100));
    ask(&batcher, &account, &names("own", 10)).await;
    writes.one_more();
    account.0.lock().unwrap().objects.values_mut().for_each(|value| *value = 2);
    assert_eq!(ask(&batcher, &account, &names("own", 10)).await, vec![Some(2); 10]);
    assert_eq!(account.calls(), ["page", "page"]);
}

/// A listing taken while something was written answers those who asked before, and is
/// not kept for those who ask after.
#[tokio::test(start_paused = true)]
async fn a_write_during_a_listing_makes_it_void() {
    let writes = Writes::default();
    let (batcher, account) = (batcher(&writes), Account::<0>::of(names("own", 50), 100));
    let writer = async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        writes.one_more();
    };
    let own = names("own", 10);
    let (first, ()) = tokio::join!(ask(&batcher, &account, &own), writer);
    assert_eq!(first, vec![Some(1); 10]);
    ask(&batcher, &account, &own).await;
    assert_eq!(account.calls(), ["page", "page"]);
}

#[tokio::test(start_paused = true)]
async fn a_listing_grows_old() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(names("own", 50), 100));
    ask(&batcher, &account, &names("own", 10)).await;
    tokio::time::advance(STALE + Duration::from_secs(1)).await;
    ask(&batcher, &account, &names("own", 10)).await;
    assert_eq!(account.calls(), ["page", "page"]);
}
