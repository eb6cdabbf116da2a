//! A remote backend of Terraform: its type `http`, which stores one state and one lock.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What the backend has.
#[derive(Debug, Default)]
struct Stored {
    state: Option<Vec<u8>>,
    /// The description of the command that holds the lock, as JSON.
    lock: Option<Vec<u8>>,
    /// Whether it refuses to save a state.
    is_read_only: bool,
}

/// The backend, until the test ends.
#[derive(Debug, Clone)]
pub struct Backend {
    address: String,
    stored: Arc<Mutex<Stored>>,
}

impl Backend {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/state", listener.local_addr().unwrap());
        let stored: Arc<Mutex<Stored>> = Arc::default();
        let shared = Arc::clone(&stored);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that is killed sends half a request.
                let _ = serve(&stream, &shared);
            }
        });
        Self { address, stored }
    }

    /// The configuration of the backend. A request that fails is not repeated.
    pub fn configuration(&self) -> String {
        let address = &self.address;
        format!(
            "terraform {{\n  backend \"http\" {{\n    address = {address:?}\n    lock_address = {address:?}\n    \
             unlock_address = {address:?}\n    retry_max = 0\n  }}\n}}\n"
        )
    }

    /// Refuses to save states from here on, or saves them again.
    pub fn set_read_only(&self, is_read_only: bool) {
        self.stored.lock().unwrap().is_read_only = is_read_only;
    }

    /// True while a command holds the lock, or has died with it.
    pub fn is_locked(&self) -> bool {
        self.stored.lock().unwrap().lock.is_some()
    }
}

fn serve(stream: &TcpStream, stored: &Mutex<Stored>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line)?;
    let method = line.split(' ').next().unwrap_or_default().to_owned();
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or_default();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let (status, body) = answer(&method, body, &mut stored.lock().unwrap());
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    let mut stream = stream;
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body)
}

/// Status and body (Terraform documentation, "Backend Type: http").
fn answer(method: &str, body: Vec<u8>, stored: &mut Stored) -> (u16, Vec<u8>) {
    match (method, &stored.state, &stored.lock) {
        ("GET", Some(state), _) => (200, state.clone()),
        ("GET", None, _) => (404, Vec::new()),
        ("POST", ..) if stored.is_read_only => (500, Vec::new()),
        ("POST", ..) => {
            stored.state = Some(body);
            (200, Vec::new())
        }
        ("LOCK", _, Some(holder)) => (423, holder.clone()),
        ("LOCK", _, None) => {
            stored.lock = Some(body);
            (200, Vec::new())
        }
        ("UNLOCK", ..) => {
            stored.lock = None;
            (200, Vec::new())
        }
        _ => (405, Vec::new()),
    }
}
