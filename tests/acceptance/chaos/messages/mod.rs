//! Hostile bytes from the client: every RPC with mutated messages, and the connection with bytes that are none.
//!
//! In process, the gRPC service answers mutants of valid requests for every type of the registry, beside a simulated
//! AWS. A mutant that is answered in a way not seen before joins the requests that are mutated. Over the socket of the
//! built binary come the storms on TLS and HTTP/2. docs/RELIABILITY.md says what is promised.

mod corpus;
mod fields;
mod frames;
mod hostile;
mod http2;
mod large;
mod laws;
mod mutate;
mod node;
mod process;
mod rpcs;
mod samples;
mod storm;
mod target;
mod tls;
mod unknown;
mod world;
