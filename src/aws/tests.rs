//! Tests of the edge as a whole, against loopback servers and canned answers.

mod calls;
mod configuration;
mod credentials;
mod direct;
pub(super) mod http_client;
mod network;
mod outages;
mod server;

use super::{Aws, Environment, Settings};
use tempfile::TempDir;

/// A home directory and an environment in which the SDK finds nothing it was
/// not given and asks no metadata service.
struct Home {
    directory: TempDir,
    variables: Vec<(String, String)>,
}

impl Home {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join(".aws")).unwrap();
        let home = directory.path().to_str().unwrap().to_owned();
        Self { directory, variables: Vec::new() }
            .with("HOME", &home)
            .with("AWS_EC2_METADATA_DISABLED", "true")
    }

    /// A home with keys and a region in the environment.
    fn with_keys() -> Self {
        Self::new()
            .with("AWS_ACCESS_KEY_ID", "AKIAENV")
            .with("AWS_SECRET_ACCESS_KEY", "secret")
            .with("AWS_REGION", "eu-west-1")
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Writes a file below the home directory and returns its path.
    fn write(&self, name: &str, content: &str) -> String {
        let path = self.directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn config(self, content: &str) -> Self {
        self.write(".aws/config", content);
        self
    }

    fn aws(&self, settings: Settings) -> Aws {
        Aws::with_environment(settings, self.environment())
    }

    fn environment(&self) -> Environment {
        self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}
