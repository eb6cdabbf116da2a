//! Several resources that follow each other: tokens and what holds them, killed applies, whole stacks.

pub mod chain;
mod guide;
pub mod held;
mod killed;
mod rotation;
mod whole;
