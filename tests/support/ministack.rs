//! The local AWS of the tests, and clients that ask it what is really there.
//!
//! One ministack per test process; each test has an account of its own in it and
//! so sees nothing of the others.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Child;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use aws_credential_types::Credentials;
use aws_types::region::Region;

use super::lifeline;

pub const REGION: &str = "eu-west-1";

/// The subnets of every account's default VPC.
pub const SUBNETS: [&str; 3] = ["subnet-00000001", "subnet-00000002", "subnet-00000003"];

/// Longest wait for its start, which takes a third of a second on an idle machine.
const START: Duration = Duration::from_secs(30);

static SHARED: LazyLock<Ministack> = LazyLock::new(Ministack::start);

/// A running ministack.
pub struct Ministack {
    endpoint: String,
    /// Held open as long as this process lives, however it ends; see [`lifeline::command`].
    _guard: Child,
}

impl Ministack {
    fn start() -> Self {
        let program = lifeline::in_venv("bin/ministack");
        let started = Instant::now();
        // A port found free may be taken before ministack has it.
        loop {
            let problem = match Self::try_start(&program) {
                Ok(running) => return running,
                Err(problem) => problem,
            };
            assert!(started.elapsed() < START, "ministack does not start: {problem}");
        }
    }

    fn try_start(program: &Path) -> Result<Self, String> {
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let directory = tempfile::Builder::new().prefix("ministack-").tempdir().unwrap().keep();
        let mut guard = lifeline::command(program, [""; 0], &directory)
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            .env("REDIS_HOST", "127.0.0.1")
            .env("REDIS_PORT", "6379")
            .env("STATE_DIR", directory.join("state"))
            .env("S3_DATA_DIR", directory.join("s3"))
            .spawn()
            .unwrap();
        let started = Instant::now();
        while !is_ready(port) {
            let log = std::fs::read_to_string(directory.join(lifeline::LOG)).unwrap_or_default();
            if log.contains("address already in use") || started.elapsed() > START / 3 {
                drop(guard.stdin.take());
                let _ = guard.wait();
                return Err(log);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(Self { endpoint: format!("http://127.0.0.1:{port}"), _guard: guard })
    }
}

fn is_ready(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let mut answer = String::new();
    stream.set_read_timeout(Some(START)).unwrap();
    stream.write_all(b"GET /_ministack/health HTTP/1.0\r\nConnection: close\r\n\r\n").is_ok()
        && stream.read_to_string(&mut answer).is_ok()
        && answer.split(' ').nth(1) == Some("200")
}

/// One AWS account, empty at first but for its default VPC, and a client of each
/// service that is independent of the provider's.
pub struct Account {
    /// Its number, which is also the access key that opens it.
    pub id: String,
    pub endpoint: String,
    pub elasticache: aws_sdk_elasticache::Client,
    pub cloudwatch: aws_sdk_cloudwatch::Client,
    pub ssm: aws_sdk_ssm::Client,
    runtime: tokio::runtime::Runtime,
}

impl Account {
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = format!("{:012}", 100_000 + NEXT.fetch_add(1, Ordering::Relaxed));
        let endpoint = SHARED.endpoint.clone();
        let settings = aws_types::SdkConfig::builder()
            .behavior_version(aws_config::BehaviorVersion::latest())
            .region(Region::from_static(REGION))
            .endpoint_url(&endpoint)
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(
                Credentials::new(&id, "local", None, None, "test"),
            ))
            .build();
        Self {
            elasticache: aws_sdk_elasticache::Client::new(&settings),
            cloudwatch: aws_sdk_cloudwatch::Client::new(&settings),
            ssm: aws_sdk_ssm::Client::new(&settings),
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
            id,
            endpoint,
        }
    }

    /// Runs a call to the end and gives its answer.
    pub fn ask<T, E: std::fmt::Debug>(&self, call: impl Future<Output = Result<T, E>>) -> T {
        self.runtime.block_on(call).unwrap()
    }

    /// Runs a call that AWS must refuse, and gives the error.
    pub fn refused<T: std::fmt::Debug, E>(&self, call: impl Future<Output = Result<T, E>>) -> E {
        match self.runtime.block_on(call) {
            Ok(answer) => panic!("AWS should refuse this, but answers {answer:?}"),
            Err(error) => error,
        }
    }

    /// The tags of the object with that ARN.
    pub fn tags(&self, arn: &str) -> BTreeMap<String, String> {
        let pairs: Vec<(String, String)> = match arn.split(':').nth(2) {
            Some("elasticache") => {
                let answer = self.ask(self.elasticache.list_tags_for_resource().resource_name(arn).send());
                let tags = answer.tag_list().iter();
                tags.map(|t| (t.key().unwrap().to_owned(), t.value().unwrap().to_owned())).collect()
            }
            Some("cloudwatch") => {
                let answer = self.ask(self.cloudwatch.list_tags_for_resource().resource_arn(arn).send());
                let tags = answer.tags().iter();
                tags.map(|t| (t.key().unwrap().to_owned(), t.value().unwrap().to_owned())).collect()
            }
            Some("ssm") => {
                let (_, name) = arn.split_once(":parameter").unwrap();
                let call =
                    self.ssm.list_tags_for_resource().resource_type("Parameter".into()).resource_id(name);
                let answer = self.ask(call.send());
                answer.tag_list().iter().map(|t| (t.key().to_owned(), t.value().to_owned())).collect()
            }
            _ => panic!("no tags are known for {arn}"),
        };
        pairs.into_iter().collect()
    }
}
