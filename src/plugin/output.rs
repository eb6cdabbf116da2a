//! The only place that writes to the standard streams of the process.
//!
//! Standard output belongs to the handshake: the host reads its first line and takes anything else
//! for a broken plugin.

use std::io::{self, Write};

/// Writes `text` to standard output at once.
///
/// # Errors
/// When the reader is gone.
pub(super) fn stdout(text: &str) -> io::Result<()> {
    let mut stream = io::stdout().lock();
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

/// Writes `text` to standard error in one call, so that lines of several threads do not mix.
///
/// Failure is ignored: when nobody reads standard error there is nobody to tell.
pub(super) fn stderr(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
