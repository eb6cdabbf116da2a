//! The simulated AWS itself: driven by the clients of the AWS SDK, and called without a server.

mod elasticache;
mod smoke;
