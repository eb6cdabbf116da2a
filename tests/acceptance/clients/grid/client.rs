//! The clients of the grid, and what each of them supports.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::lifeline;

/// How a client treats a cache in cluster mode.
#[derive(Clone, Copy)]
pub enum ClusterMode {
    Supported,
    /// It connects to the endpoint only, and its error has this text as soon as a key is on another node.
    Refused(&'static str),
}

/// What runs the session of a client.
#[derive(Clone, Copy)]
enum Program {
    /// A module in `apps/python`, and its argument.
    Python(&'static [&'static str]),
    /// A folder in `apps`, which `make more-clients` installs.
    Installed(&'static str),
}

pub struct Client {
    pub name: &'static str,
    program: Program,
    /// The file that has its version, and the text before the version.
    version: (&'static str, &'static str),
    /// Query parameters that it requires in a URL with TLS, as an argument of a resource.
    pub parameters: &'static str,
    /// Whether it is also configured by host, port, user and password.
    pub accepts_secret: bool,
    pub cluster_mode: ClusterMode,
    /// The mode of a session with a serverless cache.
    pub serverless: &'static str,
}

const LOCAL_AWS: &str = "tests/local_aws/requirements.txt";
const PYTHON: &str = "tests/acceptance/clients/requirements.txt";
const APPS: &str = "tests/acceptance/clients/apps";

/// A client that connects with a bare URL, and follows the nodes of a cluster.
const COMPLETE: Client = Client {
    name: "",
    program: Program::Installed(""),
    version: ("", ""),
    parameters: "",
    accepts_secret: true,
    cluster_mode: ClusterMode::Supported,
    serverless: "cluster",
};

pub const CLIENTS: &[Client] = &[
    Client {
        name: "redis-py",
        program: Program::Python(&["direct", "redis"]),
        version: (LOCAL_AWS, "\nredis=="),
        ..COMPLETE
    },
    Client {
        name: "valkey-py",
        program: Program::Python(&["direct", "valkey"]),
        version: (LOCAL_AWS, "\nvalkey=="),
        ..COMPLETE
    },
    Client {
        name: "Celery",
        program: Program::Python(&["tasks_of_celery"]),
        version: (PYTHON, "\ncelery=="),
        parameters: r#"parameters = { ssl_cert_reqs = "required" }"#,
        accepts_secret: false,
        cluster_mode: ClusterMode::Refused("of pipeline caused error"),
        serverless: "one-slot",
    },
    Client {
        name: "Dramatiq",
        program: Program::Python(&["messages_of_dramatiq"]),
        version: (PYTHON, "\ndramatiq=="),
        cluster_mode: ClusterMode::Refused("non local key"),
        serverless: "one-slot",
        ..COMPLETE
    },
    Client {
        name: "Django",
        program: Program::Python(&["cache_of_django", "django"]),
        version: (PYTHON, "\nDjango=="),
        accepts_secret: false,
        cluster_mode: ClusterMode::Refused("MovedError"),
        serverless: "single",
        ..COMPLETE
    },
    Client {
        name: "django-redis",
        program: Program::Python(&["cache_of_django", "django-redis"]),
        version: (PYTHON, "\ndjango-redis=="),
        accepts_secret: false,
        cluster_mode: ClusterMode::Refused("MovedError"),
        serverless: "single",
        ..COMPLETE
    },
    Client {
        name: "ioredis",
        program: Program::Installed("ioredis"),
        version: ("tests/acceptance/clients/apps/ioredis/package.json", r#""ioredis": ""#),
        ..COMPLETE
    },
    Client {
        name: "go-redis",
        program: Program::Installed("go_redis"),
        version: ("tests/acceptance/clients/apps/go_redis/go.mod", "github.com/redis/go-redis/v9 v"),
        ..COMPLETE
    },
    Client {
        name: "Lettuce",
        program: Program::Installed("lettuce"),
        version: (
            "tests/acceptance/clients/apps/lettuce/pom.xml",
            "<artifactId>lettuce-core</artifactId>\n      <version>",
        ),
        ..COMPLETE
    },
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where the clients are that are not written in Python: the folder that `MORE_CLIENTS` names, or where
/// `make more-clients` installs them.
pub fn installed_clients() -> PathBuf {
    let named = std::env::var_os("MORE_CLIENTS").filter(|path| !path.is_empty()).map(PathBuf::from);
    if let Some(path) = &named {
        assert!(path.is_dir(), "MORE_CLIENTS names {}, which is no folder", path.display());
    }
    named.unwrap_or_else(|| lifeline::in_venv("bin").join("../../more-clients"))
}

impl Client {
    /// Whether it opens sessions in a mode.
    pub fn supports(&self, mode: &str) -> bool {
        mode != "cluster" || matches!(self.cluster_mode, ClusterMode::Supported)
    }

    /// The version that the tests use.
    #[track_caller]
    pub fn version(&self) -> String {
        let (file, before) = self.version;
        let text = std::fs::read_to_string(root().join(file)).unwrap();
        let (_, rest) =
            text.split_once(before).unwrap_or_else(|| panic!("{file} has no version of {}", self.name));
        rest.chars()
            .take_while(|c| c.is_ascii_digit() || *c == '.')
            .collect::<String>()
            .trim_matches('.')
            .to_owned()
    }

    /// The command of its session, with the clients that are installed in this folder; or why it has none.
    pub fn command(&self, installed: &Path) -> Result<Command, String> {
        let folder = match self.program {
            Program::Python(arguments) => {
                let mut python = Command::new(lifeline::in_venv("bin/python"));
                let script = root().join(APPS).join("python/session.py");
                python.args(["-W", "ignore"]).arg(script).args(arguments);
                return Ok(python);
            }
            Program::Installed(folder) => folder,
        };
        let place = installed.join(folder);
        if !place.join(".installed").is_file() {
            let how = "make more-clients installs it, MORE_CLIENTS names another folder";
            return Err(format!("it is not installed; {how}"));
        }
        for entry in std::fs::read_dir(root().join(APPS).join(folder)).unwrap() {
            let source = entry.unwrap();
            let copy = std::fs::read(place.join(source.file_name())).unwrap_or_default();
            if copy != std::fs::read(source.path()).unwrap() {
                return Err(
                    "an earlier version of its session is installed; run make more-clients".to_owned()
                );
            }
        }
        let file = |name: &str| place.join(name).into_os_string();
        Ok(match folder {
            "ioredis" => with_arguments("node", [file("session.js")]),
            "go_redis" => Command::new(place.join("session")),
            _ => {
                let mut classes = place.clone().into_os_string();
                classes.push(":");
                classes.push(file("lib"));
                classes.push("/*");
                // It runs for seconds: optimized code would come too late.
                let options = ["-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"];
                let mut java = with_arguments("java", options);
                java.arg(classes).arg("Session");
                java
            }
        })
    }
}

fn with_arguments<A: AsRef<std::ffi::OsStr>>(
    program: &str,
    arguments: impl IntoIterator<Item = A>,
) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}
