//! A client that runs: it opens connections and keeps them, as `apps/python/session.py` describes.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::client::{CLIENTS, Client, installed_clients};
use crate::clients::certificates;
use crate::clients::server::HOST;
use crate::support::terraform::skipped;

/// Longest wait for an answer, which takes seconds at most on an idle machine.
const DEADLINE: Duration = Duration::from_secs(300);

/// A running session of one client.
pub struct Session {
    pub client: &'static Client,
    child: Child,
    requests: Option<ChildStdin>,
    answers: mpsc::Receiver<String>,
    place: TempDir,
}

/// Runs this with a session of each installed client, at the same time. Says which clients are not installed.
pub fn for_each_client(act: impl Fn(&mut Session) + Sync) {
    let installed = installed_clients();
    std::thread::scope(|scope| {
        for client in CLIENTS {
            match client.command(&installed) {
                Ok(command) => {
                    let act = &act;
                    scope.spawn(move || act(&mut Session::start(client, command)));
                }
                Err(reason) => skipped(client.name, &reason),
            }
        }
    });
}

impl Session {
    fn start(client: &'static Client, mut command: Command) -> Self {
        let place = tempfile::tempdir().unwrap();
        let authority = place.path().join("authority.pem");
        std::fs::write(&authority, certificates::authority()).unwrap();
        let mut child = command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", place.path())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("NODE_EXTRA_CA_CERTS", &authority)
            .env("SSL_CERT_FILE", &authority)
            .current_dir(place.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(place.path().join("stderr")).unwrap())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, answers) = mpsc::channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self { client, requests: child.stdin.take(), child, answers, place }
    }

    /// Opens a connection with a URL, and uses it. Returns the user whom the server names, or the error.
    pub fn open(&mut self, name: &str, mode: &str, url: &str) -> Result<String, String> {
        self.request(&["open", name, mode, url])
    }

    /// Opens a connection with the values of a connection secret, at this port, and uses it.
    pub fn open_secret(
        &mut self,
        name: &str,
        mode: &str,
        secret: &Value,
        port: u16,
    ) -> Result<String, String> {
        let text = |key: &str| secret[key].as_str().unwrap_or_default().to_owned();
        let (port, tls) = (port.to_string(), secret["ssl"].to_string());
        self.request(&["secret", name, mode, HOST, &port, &tls, &text("username"), &text("auth_token")])
    }

    /// Uses an open connection again.
    pub fn reuse(&mut self, name: &str) -> Result<String, String> {
        self.request(&["use", name])
    }

    /// Uses an open connection until that succeeds, as an application does that repeats what fails.
    pub fn reuse_until_it_works(&mut self, name: &str) -> String {
        let started = Instant::now();
        loop {
            match self.reuse(name) {
                Ok(user) => return user,
                Err(error) => assert!(started.elapsed() < DEADLINE, "{}: {error}", self.client.name),
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    pub fn close(&mut self, name: &str) {
        let closed = self.request(&["close", name]);
        assert!(closed.is_ok(), "{}: {closed:?}", self.client.name);
    }

    fn request(&mut self, words: &[&str]) -> Result<String, String> {
        let name = self.client.name;
        let sent = writeln!(self.requests.as_ref().unwrap(), "{}", words.join("\t"));
        match self.answers.recv_timeout(DEADLINE).ok().filter(|_| sent.is_ok()) {
            Some(answer) => match answer.split_once('\t').unwrap_or((&answer, "")) {
                ("ok", user) => Ok(user.to_owned()),
                ("error", text) => Err(text.to_owned()),
                _ => panic!("{name} answers {answer:?}"),
            },
            None => {
                let errors = std::fs::read_to_string(self.place.path().join("stderr")).unwrap_or_default();
                panic!("{name} does not answer {words:?}: {errors}")
            }
        }
    }
}

/// The end of its requests ends a session.
impl Drop for Session {
    fn drop(&mut self) {
        drop(self.requests.take());
        let started = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if started.elapsed() > Duration::from_secs(20) {
                let _ = self.child.kill();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
