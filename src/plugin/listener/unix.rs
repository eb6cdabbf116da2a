//! A Unix socket in a directory of its own.
//!
//! The directory is created without any right for others and belongs to us alone, so there is no
//! moment in which another user could connect, whatever the umask is.

use std::borrow::Cow;
use std::fs::{self, DirBuilder, Permissions};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

use super::Listen;
use crate::plugin::environment::{Environment, SocketDirectory};
use crate::plugin::error::ListenError;

/// Bytes a socket path may have, without the closing zero of `sun_path`.
const PATH_LIMIT: usize = if cfg!(any(target_os = "linux", target_os = "android")) { 107 } else { 103 };

/// Names to try before giving up; they are random, so one is enough unless another process takes them on purpose.
const ATTEMPTS: u32 = 16;

/// A socket that is deleted when dropped.
pub(in crate::plugin) struct Listener {
    listener: UnixListener,
    path: SocketPath,
}

/// The socket and its directory on disk.
struct SocketPath(PathBuf);

impl Listener {
    /// Makes a socket that only our user may use, or our user and the group the host names.
    ///
    /// # Errors
    /// When the path is too long for the system, the group is unknown, or a file cannot be made.
    // Async because the TCP listener must be.
    pub(in crate::plugin) async fn bind(environment: &Environment) -> Result<Self, ListenError> {
        let group = environment.socket_group.as_deref().map(Group::find).transpose()?;
        let path = SocketPath::create(&environment.socket_directories)?;
        let failed = |source| ListenError::Socket { path: path.0.clone(), source };
        let listener = UnixListener::bind(&path.0).map_err(failed)?;
        fs::set_permissions(&path.0, Permissions::from_mode(0o600)).map_err(failed)?;
        if let Some(group) = group {
            group.admit(&path.0)?;
        }
        Ok(Self { listener, path })
    }
}

impl Listen for Listener {
    type Stream = UnixStream;

    fn network(&self) -> &'static str {
        "unix"
    }

    fn address(&self) -> Cow<'_, str> {
        self.path.0.to_string_lossy()
    }

    async fn accept(&self) -> io::Result<UnixStream> {
        self.listener.accept().await.map(|(stream, _)| stream)
    }
}

impl SocketPath {
    /// Creates a private directory in the first of these that can be used; the socket itself does
    /// not exist yet.
    ///
    /// # Errors
    /// What is wrong with the first one, when none can be used.
    fn create(directories: &[SocketDirectory]) -> Result<Self, ListenError> {
        let mut first_error = None;
        for directory in directories {
            match Self::create_in(directory) {
                Ok(path) => return Ok(path),
                Err(error) => {
                    tracing::debug!(%error, "directory for sockets cannot be used");
                    first_error.get_or_insert(error);
                }
            }
        }
        Err(first_error.unwrap_or(ListenError::NoDirectory))
    }

    fn create_in(&SocketDirectory { ref path, variable }: &SocketDirectory) -> Result<Self, ListenError> {
        let mut attempt = 1;
        loop {
            // Keys of a `RandomState` are random: all the randomness needed here, without a crate.
            let name = RandomState::new().hash_one(attempt) >> 32;
            let directory = path.join(format!("tfp-{name:08x}"));
            let path = directory.join("sock");
            // The handshake is one line of text with bars between its fields.
            if path.to_str().is_none_or(|text| text.contains(|c: char| c.is_control() || c == '|')) {
                return Err(ListenError::PathNotPlain { path, variable });
            }
            let length = path.as_os_str().as_bytes().len();
            if length > PATH_LIMIT {
                return Err(ListenError::PathTooLong { path, length, limit: PATH_LIMIT, variable });
            }
            let failed = |source| ListenError::Directory { path: directory.clone(), source, variable };
            match DirBuilder::new().mode(0o700).create(&directory) {
                Ok(()) => {
                    let created = Self(path);
                    // The umask may have taken rights away from ourselves.
                    fs::set_permissions(&directory, Permissions::from_mode(0o700)).map_err(failed)?;
                    return Ok(created);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < ATTEMPTS => {
                    attempt += 1;
                }
                Err(source) => return Err(failed(source)),
            }
        }
    }
}

impl Drop for SocketPath {
    fn drop(&mut self) {
        // Best effort: a file left behind in the temporary directory harms nobody.
        let _ = fs::remove_file(&self.0);
        if let Some(directory) = self.0.parent() {
            let _ = fs::remove_dir(directory);
        }
    }
}

/// The group that `PLUGIN_UNIX_SOCKET_GROUP` names.
struct Group<'a> {
    name: &'a str,
    id: u32,
}

impl<'a> Group<'a> {
    fn find(name: &'a str) -> Result<Self, ListenError> {
        // The system's own look-up is a C function that needs unsafe code; this covers local groups,
        // and others can be given by number.
        let groups = fs::read_to_string("/etc/group").unwrap_or_default();
        match group_id(name, &groups) {
            Some(id) => Ok(Self { name, id }),
            None => Err(ListenError::UnknownGroup(name.to_owned())),
        }
    }

    /// Lets the group through the directory and use the socket.
    fn admit(&self, socket: &Path) -> Result<(), ListenError> {
        let give = |path: &Path, mode| {
            std::os::unix::fs::chown(path, None, Some(self.id))
                .and_then(|()| fs::set_permissions(path, Permissions::from_mode(mode)))
                .map_err(|source| ListenError::Group {
                    path: path.to_owned(),
                    group: self.name.to_owned(),
                    source,
                })
        };
        give(socket, 0o660)?;
        socket.parent().map_or(Ok(()), |directory| give(directory, 0o710))
    }
}

/// Number of a group given by number or by its name in `/etc/group`.
fn group_id(group: &str, groups: &str) -> Option<u32> {
    group.parse().ok().or_else(|| {
        groups.lines().find_map(|line| {
            let mut fields = line.split(':');
            (fields.next() == Some(group)).then(|| fields.nth(1)?.parse().ok()).flatten()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugin::Identity;

    fn environment(directory: &Path) -> Environment {
        let mut environment = Environment::of_process(&Identity { source: "n/t", version: "0" });
        environment.socket_directories =
            vec![SocketDirectory { path: directory.to_owned(), variable: "TMPDIR" }];
        environment.socket_group = None;
        environment
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[tokio::test]
    async fn only_the_owner_may_connect_and_nothing_is_left() {
        let parent = tempfile::tempdir().unwrap();
        let listener = Listener::bind(&environment(parent.path())).await.unwrap();
        let path = PathBuf::from(listener.address().into_owned());
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        let (accepted, connected) = tokio::join!(listener.accept(), UnixStream::connect(&path));
        assert!(accepted.is_ok() && connected.is_ok());

        drop(listener);
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_group_may_connect_when_the_host_says_so() {
        use std::os::unix::fs::MetadataExt;
        let parent = tempfile::tempdir().unwrap();
        let own = fs::metadata(parent.path()).unwrap().gid();
        let mut environment = environment(parent.path());
        environment.socket_group = Some(own.to_string());
        let listener = Listener::bind(&environment).await.unwrap();
        let path = PathBuf::from(listener.address().into_owned());
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o660, 0o710));

        environment.socket_group = Some("no such group".into());
        let error = Listener::bind(&environment).await.err().map(|e| e.to_string());
        let expected =
            "PLUGIN_UNIX_SOCKET_GROUP names the group \"no such group\", which this system does not know";
        assert_eq!(error.as_deref(), Some(expected));
    }

    #[tokio::test]
    async fn a_path_too_long_is_explained() {
        let long = PathBuf::from(format!("/{}", "d".repeat(100)));
        let error =
            Listener::bind(&environment(&long)).await.err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.contains("is 119 bytes long, but this system allows"), "{error}");
        assert!(error.ends_with("set TMPDIR to a directory with a shorter name"), "{error}");
    }

    #[tokio::test]
    async fn a_directory_that_is_not_there_is_named() {
        let error = Listener::bind(&environment(Path::new("/no/such"))).await.err().map(|e| e.to_string());
        let error = error.unwrap_or_default();
        assert!(error.starts_with("cannot create the socket directory \"/no/such/tfp-"), "{error}");
        assert!(error.ends_with("; set TMPDIR to another directory"), "{error}");
    }

    #[tokio::test]
    async fn the_first_directory_that_can_be_used_is_used() {
        let parent = tempfile::tempdir().unwrap();
        let mut environment = environment(Path::new(&format!("/{}", "d".repeat(120))));
        for path in ["/no/such", "/tmp/line\nbreak", "/tmp/b|r"].map(PathBuf::from) {
            environment.socket_directories.push(SocketDirectory { path, variable: "TMPDIR" });
        }
        let not_utf8 = PathBuf::from(std::ffi::OsStr::from_bytes(b"/tmp/\xff"));
        environment.socket_directories.push(SocketDirectory { path: not_utf8, variable: "TMPDIR" });
        let path = parent.path().to_owned();
        environment.socket_directories.push(SocketDirectory { path, variable: "TMPDIR" });
        let listener = Listener::bind(&environment).await.unwrap();
        assert!(listener.address().starts_with(parent.path().to_str().unwrap()), "{}", listener.address());
    }

    #[tokio::test]
    async fn a_path_that_breaks_the_handshake_is_an_error() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("line\nbreak");
        fs::create_dir(&path).unwrap();
        let error =
            Listener::bind(&environment(&path)).await.err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.contains("because it is not plain text in one line: set TMPDIR"), "{error}");
    }

    #[test]
    fn groups_by_number_and_by_name() {
        let groups = "root:x:0:\nusers:x:100:ann,bob\nbad:x\n";
        assert_eq!(group_id("users", groups), Some(100));
        assert_eq!(group_id("42", groups), Some(42));
        assert_eq!(group_id("bad", groups), None);
        assert_eq!(group_id("user", groups), None);
    }
}
