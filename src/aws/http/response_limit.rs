//! Bounds the memory that the body of a response takes.
//!
//! The SDK, and the clients in `aws::direct`, read every body whole before they parse it. Here it is bounded as it arrives,
//! below all of them and below the sources of credentials, so that it does not matter whether AWS announces a length or
//! sends chunks. No client decompresses a response: none asks for it, and a compressed body is not one that they can parse.

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};
use aws_smithy_types::body::SdkBody;
use http_body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::aws::call::error_chain;

const MEGABYTE: u64 = 1024 * 1024;

/// Bytes of one body. The largest page that AWS documents has 100 replication groups, each with up to 500 nodes of some
/// 500 bytes: 25 MB. All other pages have less than 10 MB.
pub(super) const MAX_RESPONSE_BYTES: u64 = 64 * MEGABYTE;

/// What a part of a body takes besides its bytes until the body is whole, so that a body in chunks of one byte takes no
/// more memory than one in large chunks.
const PART: u64 = 128;

/// A connector whose responses have at most so many bytes.
#[derive(Debug)]
pub(super) struct LimitedResponses {
    pub(super) connector: SharedHttpConnector,
    pub(super) max: u64,
}

impl HttpConnector for LimitedResponses {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (answer, max) = (self.connector.call(request), self.max);
        HttpConnectorFuture::new(async move {
            let mut response = answer.await?;
            let body = std::mem::replace(response.body_mut(), SdkBody::taken());
            *response.body_mut() = SdkBody::from_body_1_x(LimitedBody { body, left: max, max });
            Ok(response)
        })
    }
}

/// A body that fails once it has more than `max` bytes, or announces more.
struct LimitedBody {
    body: SdkBody,
    left: u64,
    max: u64,
}

impl Body for LimitedBody {
    type Data = <SdkBody as Body>::Data;
    type Error = <SdkBody as Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let too_large = TooLarge(self.max);
        if Body::size_hint(&self.body).lower() > self.left {
            return Poll::Ready(Some(Err(too_large.into())));
        }
        let part = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(part)) = &part {
            let bytes = part.data_ref().map_or(0, |data| data.len() as u64);
            match self.left.checked_sub(bytes.saturating_add(PART)) {
                Some(left) => self.left = left,
                None => return Poll::Ready(Some(Err(too_large.into()))),
            }
        }
        Poll::Ready(part)
    }

    fn is_end_stream(&self) -> bool {
        Body::is_end_stream(&self.body)
    }

    fn size_hint(&self) -> SizeHint {
        Body::size_hint(&self.body)
    }
}

/// A body that has more bytes than this.
#[derive(Debug, thiserror::Error)]
#[error("the body of the response exceeds {} MB", .0 / MEGABYTE)]
struct TooLarge(u64);

/// Makes a response that is too large final. The SDK repeats a call whose response broke off, and each repetition would
/// take as long and as much memory.
#[derive(Debug)]
pub(in crate::aws) struct LargeResponsesArePermanent;

impl ClassifyRetry for LargeResponsesArePermanent {
    fn name(&self) -> &'static str {
        "Large Responses Are Permanent"
    }

    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match context.output_or_error() {
            Some(Err(error)) if error_chain::find::<TooLarge>(error).is_some() => RetryAction::RetryForbidden,
            _ => RetryAction::NoActionIndicated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::tests::http_client::answer_with;
    use futures_util::StreamExt;
    use http_body_util::{BodyExt, StreamBody};
    use hyper::body::Bytes;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// A body of these parts without an announced length, as that of a response in chunks; counts the bytes that are read.
    fn streamed(parts: impl Iterator<Item = usize> + Send + Sync + 'static) -> (SdkBody, Arc<AtomicU64>) {
        let count = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&count);
        let frames = futures_util::stream::iter(parts).map(move |size| {
            counted.fetch_add(size as u64, Ordering::Relaxed);
            Ok::<_, std::io::Error>(Frame::data(Bytes::from(vec![b'x'; size])))
        });
        (SdkBody::from_body_1_x(StreamBody::new(frames)), count)
    }

    /// The bytes of a body behind a connector with this limit.
    async fn read(body: SdkBody, max: u64) -> Result<usize, String> {
        let body = std::sync::Mutex::new(Some(body));
        let connector = answer_with(move |_| {
            let body = body.lock().unwrap().take().unwrap();
            http::Response::builder().header("content-encoding", "gzip").body(body).unwrap()
        });
        let limited = LimitedResponses { connector: SharedHttpConnector::new(connector), max };
        let mut response = limited.call(HttpRequest::new(SdkBody::empty())).await.unwrap();
        let body = std::mem::replace(response.body_mut(), SdkBody::taken());
        match body.collect().await {
            Ok(whole) => Ok(whole.to_bytes().len()),
            Err(error) => Err(error_chain::sentence(&*error)),
        }
    }

    #[tokio::test]
    async fn endless_body_is_refused_at_the_limit() {
        let (body, count) = streamed(std::iter::repeat(10_000));
        let error = read(body, MEGABYTE).await.unwrap_err();
        assert_eq!(error, "the body of the response exceeds 1 MB");
        let count = count.load(Ordering::Relaxed);
        assert!((MEGABYTE - 50_000..MEGABYTE + 50_000).contains(&count), "{count} bytes were read");
    }

    #[tokio::test]
    async fn chunks_of_one_byte_take_no_more_memory() {
        let (body, count) = streamed(std::iter::repeat(1));
        assert!(read(body, MEGABYTE).await.is_err());
        let count = count.load(Ordering::Relaxed);
        assert!(count < MEGABYTE / PART, "{count} chunks were read");
    }

    #[tokio::test]
    async fn body_within_the_limit_arrives_unchanged() {
        assert_eq!(read(streamed([10, 0, 500].into_iter()).0, 1_000).await, Ok(510));
        assert_eq!(read(SdkBody::from("abc"), 1_000).await, Ok(3));
        assert_eq!(read(SdkBody::empty(), 1_000).await, Ok(0));
    }

    #[tokio::test]
    async fn announced_length_is_refused_before_the_body_arrives() {
        let announced = SdkBody::from(vec![0; 2_000]);
        assert_eq!(read(announced, 1_999).await, Err("the body of the response exceeds 0 MB".to_owned()));
    }
}
