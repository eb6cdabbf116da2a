//! Real clients decide: what the provider writes for applications is taken, as it is, by
//! the clients that applications use, against a real server with TLS, tokens and users.
//!
//! The clients trust the server's authority as they trust Amazon's: it is among the
//! system's, here by `SSL_CERT_FILE`. Nothing else is told to them but the stored text.

mod apps;
mod certificates;
mod connection_check;
mod documents;
mod door;
mod endpoints;
mod grid;
mod secrets;
mod server;
mod urls;
