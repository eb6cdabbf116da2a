//! HTTP/2 by hand (RFC 9113): frames that no client library would send.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::support::plugin_client::DEADLINE;

pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Types of frames.
pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const PRIORITY: u8 = 2;
pub const RESET: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PING: u8 = 6;
pub const GOAWAY: u8 = 7;
pub const WINDOW: u8 = 8;
pub const CONTINUATION: u8 = 9;

pub const END_STREAM: u8 = 1;
pub const END_HEADERS: u8 = 4;

/// Error codes.
pub const FLOW_CONTROL_ERROR: u32 = 3;
pub const FRAME_SIZE_ERROR: u32 = 6;
pub const REFUSED_STREAM: u32 = 7;
pub const ENHANCE_YOUR_CALM: u32 = 11;

/// How long a write waits for a server that does not read: it holds back a flood.
const HELD_BACK: Duration = Duration::from_millis(300);

pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let head = [&length[1..], &[kind, flags], &stream.to_be_bytes()].concat();
    [head.as_slice(), payload].concat()
}

/// A length of HPACK (RFC 7541, 5.1) with a prefix of seven bits.
fn length(mut value: usize, out: &mut Vec<u8>) {
    if value < 127 {
        out.push(u8::try_from(value).unwrap());
        return;
    }
    out.push(127);
    value -= 127;
    while value >= 128 {
        out.push(u8::try_from(value % 128).unwrap() | 128);
        value /= 128;
    }
    out.push(u8::try_from(value).unwrap());
}

/// A header as a literal without indexing and without Huffman coding.
pub fn header(name: &str, value: &str) -> Vec<u8> {
    let mut out = vec![0];
    for text in [name, value] {
        length(text.len(), &mut out);
        out.extend(text.bytes());
    }
    out
}

/// The header block of a call of this RPC.
pub fn call(rpc: &str) -> Vec<u8> {
    [
        header(":method", "POST"),
        header(":scheme", "http"),
        header(":path", &format!("/tfplugin6.Provider/{rpc}")),
        header(":authority", "localhost"),
        header("content-type", "application/grpc"),
        header("te", "trailers"),
    ]
    .concat()
}

/// Stream of this number, from zero.
pub fn stream(number: u32) -> u32 {
    number * 2 + 1
}

/// What came from the server, by kind, and how the connection ended.
#[derive(Debug, Default)]
pub struct Received {
    /// Streams that were reset, by the code.
    pub resets: BTreeMap<u32, usize>,
    pub goaway: Option<u32>,
    pub replies: usize,
}

/// A client without manners.
pub struct Raw {
    stream: UnixStream,
    received: Vec<u8>,
}

impl Raw {
    /// A connection on which nothing has been sent.
    pub fn silent(socket: &Path) -> Self {
        let stream = UnixStream::connect(socket).unwrap();
        stream.set_write_timeout(Some(HELD_BACK)).unwrap();
        Self { stream, received: Vec::new() }
    }

    /// A connection that has begun as HTTP/2 does, with these settings.
    pub fn open(socket: &Path, settings: &[(u16, u32)]) -> Self {
        let mut raw = Self::silent(socket);
        let settings: Vec<u8> = settings
            .iter()
            .flat_map(|(id, value)| [&id.to_be_bytes()[..], &value.to_be_bytes()].concat())
            .collect();
        assert!(raw.send(&[PREFACE, &frame(SETTINGS, 0, 0, &settings)].concat()));
        raw
    }

    /// Whether the server has taken all of it.
    pub fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    /// Sends as often as told, reading what comes meanwhile if `reads`; whether the server has taken all of it.
    pub fn flood(&mut self, reads: bool, all: impl Iterator<Item = Vec<u8>>) -> bool {
        let mut batch = Vec::new();
        for bytes in all {
            batch.extend(bytes);
            if batch.len() > 64 * 1024 {
                if !self.send(&batch) {
                    return false;
                }
                batch.clear();
                if reads {
                    self.receive(Some(Duration::from_millis(1)));
                }
            }
        }
        self.send(&batch)
    }

    /// Half closed: nothing more will be sent.
    pub fn finish(&mut self) {
        let _ = self.stream.shutdown(std::net::Shutdown::Write);
    }

    /// Reads what is there; true at the end of the connection.
    fn receive(&mut self, patience: Option<Duration>) -> bool {
        self.stream.set_read_timeout(patience).unwrap();
        let mut buffer = vec![0; 256 * 1024];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => return true,
                Ok(read) => self.received.extend(&buffer[..read]),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    return false;
                }
                // Reset: the server has closed while more was being sent.
                Err(_) => return true,
            }
        }
    }

    /// What the server sends until it closes the connection.
    pub fn until_closed(mut self) -> Received {
        let started = Instant::now();
        while !self.receive(Some(Duration::from_millis(100))) {
            assert!(started.elapsed() < DEADLINE, "the server keeps the connection: {:?}", self.parsed());
        }
        self.parsed()
    }

    /// What the server has sent as soon as this is so; it may take long as long as something comes.
    pub fn until(&mut self, enough: impl Fn(&Received) -> bool) -> Received {
        let mut newest = (0, Instant::now());
        loop {
            let closed = self.receive(Some(Duration::from_millis(5)));
            let received = self.parsed();
            if self.received.len() > newest.0 {
                newest = (self.received.len(), Instant::now());
            }
            if enough(&received) {
                return received;
            }
            let waited = newest.1.elapsed();
            assert!(!closed && waited < DEADLINE, "only {received:?}; closed: {closed}");
        }
    }

    fn parsed(&self) -> Received {
        let mut received = Received::default();
        let mut rest = self.received.as_slice();
        while let Some((head, after)) = rest.split_at_checked(9) {
            let len = (usize::from(head[0]) << 16) | (usize::from(head[1]) << 8) | usize::from(head[2]);
            let Some((payload, after)) = after.split_at_checked(len) else { break };
            let code = |at: usize| {
                let bytes = payload.get(at..at + 4).unwrap_or(&[0; 4]);
                u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
            };
            match head[3] {
                RESET => *received.resets.entry(code(0)).or_default() += 1,
                GOAWAY => received.goaway = Some(code(4)).filter(|_| code(4) != 0).or(received.goaway),
                HEADERS => received.replies += 1,
                _ => {}
            }
            rest = after;
        }
        received
    }
}
