//! What holds for every resource, shown on one configuration that has one of each.

mod creates;
mod deletes;
mod kept;
mod listings;
mod needed_calls;
mod private_data;
mod quoted;
pub mod stack;
mod tagging;
mod unreadable;
