//! Tokens and what holds them: secrets, groups and URLs that follow each other, by the
//! real Terraform and the built provider against the simulated AWS.

mod auth_token_secret;
mod chain;
mod connection_secret;
mod ephemeral;
mod functions;
mod guide;
mod held;
mod killed;
mod reference;
mod rotation;
mod urls;
mod whole;
