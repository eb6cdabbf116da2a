//! Long runs, many resources at once, and configurations that want the same names.
//!
//! What a process uses is read from /proc, which Linux has.

#[cfg(target_os = "linux")]
mod client;
mod duel;
#[cfg(target_os = "linux")]
mod kinds;
#[cfg(target_os = "linux")]
mod many;
mod moments;
mod names;
#[cfg(target_os = "linux")]
mod objects;
mod parents;
#[cfg(target_os = "linux")]
mod process;
#[cfg(target_os = "linux")]
mod soak;
mod two_runs;
