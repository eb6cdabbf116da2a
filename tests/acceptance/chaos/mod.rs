//! The fault matrix: every type of the registry, every operation on it, every AWS call of that, every fault, once and
//! for as long as the operation lasts. After the fault one plain apply converges; nothing is duplicated, orphaned,
//! forgotten, replaced or deleted that should not be; errors name the step, the object, AWS's code and the request ID.
//!
//! The matrix finds the calls by itself: it runs each operation without a fault and reads the record of the simulated
//! AWS. docs/RELIABILITY.md says what of that is promised.

mod answers;
pub mod cells;
mod crowd;
mod death;
pub mod driver;
mod exclusions;
mod faults;
mod lawful;
mod matrix;
mod messages;
pub mod object;
mod secrets;
mod settings;
pub mod subject_cases;
pub mod subjects;
