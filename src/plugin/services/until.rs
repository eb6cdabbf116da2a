//! A stream that says nothing.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio_stream::Stream;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::Status;
use tonic::codegen::BoxStream;

/// Yields nothing and ends when `shutdown` is cancelled; `held` is dropped with it.
///
/// A stream left open would keep a graceful stop of the server from ever completing.
pub(super) fn silent<T: Send + 'static>(
    shutdown: CancellationToken,
    held: impl Send + Unpin + 'static,
) -> BoxStream<T> {
    Box::pin(Silent {
        shutdown: Box::pin(shutdown.cancelled_owned()),
        _held: held,
        item: std::marker::PhantomData::<fn() -> T>,
    })
}

struct Silent<T, H> {
    shutdown: Pin<Box<WaitForCancellationFutureOwned>>,
    _held: H,
    item: std::marker::PhantomData<fn() -> T>,
}

impl<T, H: Unpin> Stream for Silent<T, H> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.shutdown.as_mut().poll(cx).map(|()| None)
    }
}
