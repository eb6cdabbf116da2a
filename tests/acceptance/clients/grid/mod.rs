//! Every client that applications use × every kind of cache: it connects with what the provider stores, as it is, and
//! stays in use through a rotation of the token and a failover. The table is in `docs/RELIABILITY.md`.

mod changes;
mod client;
mod connect;
mod session;
mod stored;
mod table;
