//! The provider block, what it takes to reach AWS, and the messages of wrong configurations.

mod configuration;
mod messages;
mod throttling;
