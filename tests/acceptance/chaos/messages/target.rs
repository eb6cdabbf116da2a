//! The built provider in a storm, and the lawful host beside it.

use std::io::Write as _;
use std::time::{Duration, Instant};

use prost::Message as _;
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;
use tokio::runtime::{Handle, Runtime};

use super::process::{descriptors, forget_most_memory, most_memory};
use crate::support::plugin_client::{DEADLINE, Plugin};

pub struct Target {
    pub plugin: Plugin,
    runtime: Runtime,
    /// What the lawful host is answered.
    answer: Vec<u8>,
    /// Its open files without a client.
    descriptors: usize,
}

/// What a storm came to.
pub struct Watched {
    pub result: String,
    /// The most memory meanwhile, in megabytes.
    pub memory: u64,
}

impl Target {
    pub fn new(plugin: Plugin) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let mut target = Self { plugin, runtime, answer: Vec::new(), descriptors: 0 };
        target.answer = target.ask();
        target.descriptors = descriptors(target.plugin.id());
        target
    }

    /// The answer to a lawful host, over a new connection.
    fn ask(&self) -> Vec<u8> {
        let ask = async {
            let mut client = self.plugin.provider().await;
            let metadata =
                client.get_metadata(pb::get_metadata::Request::default()).await.unwrap().into_inner();
            let wrong =
                pb::validate_resource_config::Request { type_name: "toaster".into(), ..Default::default() };
            let refused = client.validate_resource_config(wrong).await.unwrap().into_inner();
            [metadata.encode_to_vec(), refused.encode_to_vec()].concat()
        };
        self.runtime
            .block_on(async { tokio::time::timeout(DEADLINE, ask).await })
            .expect("a lawful host is answered")
    }

    pub fn block_on<F: Future>(&self, work: F) -> F::Output {
        self.runtime.block_on(work)
    }

    pub fn handle(&self) -> Handle {
        self.runtime.handle().clone()
    }

    /// A lawful host is served now.
    pub fn serves(&self, name: &str) {
        assert_eq!(self.ask(), self.answer, "{name}: a lawful host is answered otherwise");
    }

    /// Runs a storm; the provider survives it, serves the lawful host as before, and keeps no connection.
    pub fn watch(&mut self, name: &str, storm: impl FnOnce() -> String) -> Watched {
        forget_most_memory(self.plugin.id());
        let result = storm();
        assert!(self.plugin.is_running(), "{name}: the provider has ended");
        self.serves(name);
        let started = Instant::now();
        while descriptors(self.plugin.id()) > self.descriptors {
            assert!(started.elapsed() < DEADLINE, "{name}: connections that are closed stay open");
            std::thread::sleep(Duration::from_millis(5));
        }
        let memory = most_memory(self.plugin.id()).unwrap_or_default();
        Watched { result, memory }
    }

    /// A row of the table of docs/RELIABILITY.md. Written past the capture of the test harness.
    pub fn row(&self, name: &str, result: &str, memory: u64) {
        let _ = writeln!(std::io::stdout().lock(), "| {name} | {result} | {memory} MB |");
    }

    /// The provider ends as it does without a storm.
    pub fn end(mut self) {
        let (status, _) = self.runtime.block_on(self.plugin.shutdown());
        assert!(status.success(), "{status}");
    }
}
