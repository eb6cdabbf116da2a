//! Runs the applications in `apps/`, and command lines for Redis and Valkey.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::clients::server::Server;
use crate::fixture::Fixture;
use crate::support::lifeline;

/// Longest run; on an idle machine each takes a second or two.
const DEADLINE: Duration = Duration::from_secs(180);

/// What one run gave.
#[derive(Debug)]
pub struct Ran {
    pub success: bool,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// The JSON it printed in its last line.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert!(self.success, "{self:#?}");
        serde_json::from_str(self.stdout.lines().last().unwrap_or_default()).unwrap()
    }
}

/// Runs one of the applications with these variables.
pub fn python(server: &Server, application: &str, variables: &[(&str, &str)]) -> Ran {
    self::application(server, application, &[], variables)
}

fn application(server: &Server, name: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/acceptance/clients/apps").join(name);
    let mut python = Command::new(lifeline::in_venv("bin/python"));
    run(python.args(["-W", "ignore"]).arg(file).args(arguments), server, variables)
}

/// Runs Python code, such as a snippet of a document and what looks at its results.
pub fn python_code(server: &Server, code: &str, variables: &[(&str, &str)]) -> Ran {
    let mut command = Command::new(lifeline::in_venv("bin/python"));
    run(command.arg("-W").arg("ignore").arg("-c").arg(code), server, variables)
}

/// Runs another program in a place of its own, with the authority of the server for those that
/// read it from other variables than `SSL_CERT_FILE`.
pub fn program(server: &Server, command: &mut Command, variables: &[(&str, &str)]) -> Ran {
    let authority = server.authority();
    let variables: Vec<(&str, &str)> =
        variables.iter().copied().chain([("NODE_EXTRA_CA_CERTS", authority.to_str().unwrap())]).collect();
    run(command, server, &variables)
}

/// A program that runs one command for a person at a shell: `PROGRAM -u URL COMMAND`.
#[derive(Debug)]
pub enum CommandLine {
    /// `apps/command_line.py`, which comes with the tests.
    Coredis,
    /// A redis-cli or valkey-cli with TLS that is on the PATH.
    Installed(PathBuf),
}

impl CommandLine {
    /// Ours, and the installed one if there is one.
    pub fn all() -> Vec<Self> {
        let mut installed = ["redis-cli", "valkey-cli"].into_iter().filter_map(lifeline::on_path);
        [Self::Coredis].into_iter().chain(installed.find(|cli| has_tls(cli)).map(Self::Installed)).collect()
    }

    /// Every command line prints its line for a command with each URL.
    #[track_caller]
    pub fn assert_prints(server: &Server, urls: &[(&str, &str)], command: &[&str]) {
        for this in Self::all() {
            let urls_only: Vec<&str> = urls.iter().map(|(url, _)| *url).collect();
            let ran = this.run(server, &urls_only, command);
            let lines: Vec<&str> = ran.iter().flat_map(|ran| ran.stdout.lines()).collect();
            assert!(ran.iter().all(|ran| ran.success), "{this:?}: {ran:#?}");
            assert_eq!(lines, urls.iter().map(|(_, line)| *line).collect::<Vec<_>>(), "{this:?}: {ran:#?}");
        }
    }

    /// The server refuses the URL's user or token, whichever command line it is given to.
    #[track_caller]
    pub fn assert_refused(server: &Server, url: &str) {
        for this in Self::all() {
            let ran = this.run(server, &[url], &["PING"]);
            let refused = |ran: &Ran| match this {
                Self::Coredis => !ran.success && ran.stderr.contains("invalid username-password pair"),
                Self::Installed(_) => ran.stdout.starts_with("NOAUTH"),
            };
            assert!(ran.iter().all(refused), "{this:?}: {ran:#?}");
        }
    }

    fn run(&self, server: &Server, urls: &[&str], command: &[&str]) -> Vec<Ran> {
        match self {
            // One process for all URLs: most of its time is the import of the library.
            Self::Coredis => {
                let urls = urls.iter().flat_map(|url| ["-u", *url]);
                let arguments: Vec<&str> = urls.chain(command.iter().copied()).collect();
                vec![application(server, "command_line.py", &arguments, &[])]
            }
            Self::Installed(program) => {
                urls.iter().map(|url| redis_cli(program, server, url, command)).collect()
            }
        }
    }
}

/// Builds of redis-cli without TLS exist; their help lacks the option.
fn has_tls(cli: &Path) -> bool {
    let help = Command::new(cli).arg("--help").output().unwrap();
    [help.stdout, help.stderr].iter().any(|text| String::from_utf8_lossy(text).contains("--tls"))
}

/// Runs redis-cli or valkey-cli, which take the same arguments.
///
/// From 6.2 on redis-cli, and with it valkey-cli, takes the empty user of
/// `rediss://:token@host` for one named "" (redis/redis#9186; redis/redis#15255 mends it).
/// We have seen it in redis-cli 7.0.15 and valkey-cli 8.1.8. A URL with a token alone is
/// therefore given in the way redis-cli documents for passwords: the token in REDISCLI_AUTH,
/// and the URL without it. A URL with a user is given as it is.
fn redis_cli(program: &Path, server: &Server, url: &str, command: &[&str]) -> Ran {
    let mut url = url::Url::parse(url).unwrap();
    let mut variables = Vec::new();
    let token = url.password().map(|token| percent_decode_str(token).decode_utf8().unwrap().into_owned());
    if let Some(token) = token.as_deref().filter(|_| url.username().is_empty()) {
        url.set_password(None).unwrap();
        variables.push(("REDISCLI_AUTH", token));
    }
    let mut cli = Command::new(program);
    cli.args(["-u", url.as_str(), "--no-auth-warning", "--raw"]).args(command);
    run(&mut cli, server, &variables)
}

fn run(command: &mut Command, server: &Server, variables: &[(&str, &str)]) -> Ran {
    let place = tempfile::tempdir().unwrap();
    let file = |name: &str| place.path().join(name);
    let mut child = command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", place.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SSL_CERT_FILE", server.authority())
        .envs(variables.iter().copied())
        .current_dir(place.path())
        .stdin(std::process::Stdio::null())
        .stdout(std::fs::File::create(file("stdout")).unwrap())
        .stderr(std::fs::File::create(file("stderr")).unwrap())
        .spawn()
        .unwrap();
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break Some(status);
        }
        if started.elapsed() > DEADLINE {
            child.kill().unwrap();
            child.wait().unwrap();
            break None;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let text = |name: &str| String::from_utf8(std::fs::read(file(name)).unwrap()).unwrap();
    Ran {
        success: status.is_some_and(|status| status.success()),
        stdout: text("stdout"),
        stderr: text("stderr"),
    }
}

/// The value of a parameter, as a task or a function is given it.
pub fn parameter(fixture: &Fixture, name: &str) -> String {
    let client = aws_sdk_ssm::Client::from_conf(
        aws_sdk_ssm::Config::builder()
            .behavior_version(aws_config::BehaviorVersion::latest())
            .region(aws_types::region::Region::new("eu-west-1"))
            .endpoint_url(fixture.aws.endpoint())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .credentials_provider(aws_credential_types::Credentials::new(
                "123456789012",
                "simulated",
                None,
                None,
                "test",
            ))
            .build(),
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answer = runtime.block_on(client.get_parameter().name(name).with_decryption(true).send()).unwrap();
    answer.parameter.unwrap().value.unwrap()
}
