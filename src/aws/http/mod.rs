//! The HTTP client beneath every AWS client: TLS, proxies, connections, rate limits, and limits of size.

pub(super) mod client;
pub(super) mod complete_response;
pub(super) mod connect_retry;
pub(super) mod insecure;
pub(super) mod no_proxy;
pub(super) mod proxy;
pub(super) mod rate_limit;
pub(super) mod response_limit;
pub(super) mod response_log;
mod sent_secrets;
pub(super) mod tls;
pub(super) mod user_agent;
mod well_formed;
