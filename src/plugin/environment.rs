//! What the host says through the environment, read once at start.

use std::ffi::OsString;
use std::path::PathBuf;

use super::Identity;

/// Value of `TF_PLUGIN_MAGIC_COOKIE`, the same for Terraform and OpenTofu.
const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// Every variable the runtime looks at. A variable set to nothing counts as unset.
///
/// `PLUGIN_PROTOCOL_VERSIONS` is not among them: we speak version 6 only and announce it whatever
/// the host offers, since the host words the mismatch better than we could.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Environment {
    /// The host knows us as a plugin.
    pub(super) started_by_host: bool,
    /// Certificate of the host in PEM form; without it the host wants no TLS.
    pub(super) client_certificate: Option<String>,
    /// Where sockets may go, in order of preference.
    pub(super) socket_directories: Vec<SocketDirectory>,
    /// Name or number of the group that may connect.
    pub(super) socket_group: Option<String>,
    /// TCP ports to try, for systems without Unix sockets.
    pub(super) ports: (u16, u16),
    /// The host asks whether we can multiplex the broker, and wants an answer in the handshake.
    pub(super) asks_multiplex: bool,
    /// Log level as the user wrote it, the most specific variable that is set.
    pub(super) log_level: Option<String>,
}

/// A directory for sockets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SocketDirectory {
    pub(super) path: PathBuf,
    /// The variable to change when the directory cannot be used.
    pub(super) variable: &'static str,
}

/// Directories for temporary files when `TMPDIR` names none that can be used.
const TEMPORARY_DIRECTORIES: &[&str] = if cfg!(unix) { &["/tmp", "/var/tmp"] } else { &[] };

impl Environment {
    /// Reads the variables of this process.
    pub(super) fn of_process(identity: &Identity) -> Self {
        Self::read(identity, |name| std::env::var_os(name))
    }

    fn read(identity: &Identity, lookup: impl Fn(&str) -> Option<OsString>) -> Self {
        let raw = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let text = |name: &str| raw(name).map(|value| value.to_string_lossy().into_owned());
        let port = |name: &str, default| text(name).and_then(|v| v.parse().ok()).unwrap_or(default);
        let own_level = format!("TF_LOG_PROVIDER_{}", identity.name().to_uppercase().replace('-', "_"));
        let directory = |path: PathBuf, variable| SocketDirectory { path, variable };
        let socket_directories = match raw("PLUGIN_UNIX_SOCKET_DIR") {
            // The host shares this one with us, and perhaps no other.
            Some(path) => vec![directory(path.into(), "PLUGIN_UNIX_SOCKET_DIR")],
            None => raw("TMPDIR")
                .map(PathBuf::from)
                .into_iter()
                .chain(TEMPORARY_DIRECTORIES.iter().map(PathBuf::from))
                .map(|path| directory(path, "TMPDIR"))
                .collect(),
        };
        Self {
            started_by_host: text("TF_PLUGIN_MAGIC_COOKIE").as_deref() == Some(COOKIE),
            client_certificate: text("PLUGIN_CLIENT_CERT"),
            socket_directories,
            socket_group: text("PLUGIN_UNIX_SOCKET_GROUP"),
            ports: (port("PLUGIN_MIN_PORT", 10_000), port("PLUGIN_MAX_PORT", 25_000)),
            asks_multiplex: raw("PLUGIN_MULTIPLEX_GRPC").is_some(),
            log_level: [own_level.as_str(), "TF_LOG_PROVIDER", "TF_LOG"].into_iter().find_map(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Environment {
        let identity = Identity { source: "acme/my-cloud", version: "0" };
        let lookup = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| v.into());
        Environment::read(&identity, lookup)
    }

    #[cfg(unix)]
    fn socket_directories(variables: &[(&str, &str)]) -> Vec<(String, &'static str)> {
        let directories = read(variables).socket_directories.into_iter();
        directories.map(|it| (it.path.to_str().unwrap().to_owned(), it.variable)).collect()
    }

    #[test]
    fn nothing_set() {
        assert_eq!(
            read(&[]),
            Environment {
                started_by_host: false,
                client_certificate: None,
                socket_directories: TEMPORARY_DIRECTORIES
                    .iter()
                    .map(|path| SocketDirectory { path: path.into(), variable: "TMPDIR" })
                    .collect(),
                socket_group: None,
                ports: (10_000, 25_000),
                asks_multiplex: false,
                log_level: None,
            }
        );
    }

    #[test]
    fn only_the_exact_cookie_counts() {
        assert!(read(&[("TF_PLUGIN_MAGIC_COOKIE", COOKIE)]).started_by_host);
        assert!(!read(&[("TF_PLUGIN_MAGIC_COOKIE", "d602")]).started_by_host);
        assert!(!read(&[("TF_PLUGIN_MAGIC_COOKIE", "")]).started_by_host);
    }

    #[test]
    fn the_most_specific_log_level_wins() {
        let all = [("TF_LOG", "info"), ("TF_LOG_PROVIDER", "debug"), ("TF_LOG_PROVIDER_MY_CLOUD", "trace")];
        assert_eq!(read(&all).log_level.as_deref(), Some("trace"));
        assert_eq!(read(&all[..2]).log_level.as_deref(), Some("debug"));
        assert_eq!(read(&all[..1]).log_level.as_deref(), Some("info"));
        assert_eq!(read(&[("TF_LOG", "info"), ("TF_LOG_PROVIDER", "")]).log_level.as_deref(), Some("info"));
    }

    #[test]
    #[cfg(unix)]
    fn tmpdir_falls_back_to_the_systems_directories_and_the_hosts_does_not() {
        let system = [("/tmp".to_owned(), "TMPDIR"), ("/var/tmp".to_owned(), "TMPDIR")];
        assert_eq!(socket_directories(&[("TMPDIR", "")]), system);
        let own = socket_directories(&[("TMPDIR", "/scratch")]);
        assert_eq!((own[0].0.as_str(), &own[1..]), ("/scratch", &system[..]));
        let hosts = socket_directories(&[("PLUGIN_UNIX_SOCKET_DIR", "/run/plugins"), ("TMPDIR", "/scratch")]);
        assert_eq!(hosts, [("/run/plugins".to_owned(), "PLUGIN_UNIX_SOCKET_DIR")]);
    }

    #[test]
    fn ports_and_socket_group() {
        let environment = read(&[
            ("PLUGIN_MIN_PORT", "1000"),
            ("PLUGIN_MAX_PORT", "many"),
            ("PLUGIN_UNIX_SOCKET_GROUP", "users"),
            ("PLUGIN_MULTIPLEX_GRPC", "true"),
        ]);
        assert_eq!(environment.ports, (1000, 25_000));
        assert_eq!(environment.socket_group.as_deref(), Some("users"));
        assert!(environment.asks_multiplex);
    }
}
