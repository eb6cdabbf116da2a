//! The shared configuration and credentials files.

use crate::aws::{AwsError, Environment, Settings};
use aws_config::profile::{ProfileFileLoadError, ProfileSet};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::Fs;

/// The shared files that are read, and those of the settings that cannot be.
#[derive(Debug)]
pub(in crate::aws) struct SharedFiles {
    /// The files of the settings, else those the SDK would read (`AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE`,
    /// `~/.aws`).
    pub(in crate::aws) readable: EnvConfigFiles,
    /// Those of the settings that count as empty.
    pub(in crate::aws) unreadable: Unreadable,
}

impl SharedFiles {
    /// Tries to read the files of the settings. One that cannot be read counts as empty, as in the SDK for Go
    /// (`loadIniFiles`), so that a provider block with the files of a workstation also works in a pipeline that has its
    /// credentials elsewhere. The SDK for Rust would refuse it.
    pub(in crate::aws) async fn of(settings: &Settings) -> Self {
        let mut unreadable = Unreadable::default();
        let mut files = EnvConfigFiles::builder();
        for (kind, paths) in [
            (EnvConfigFileKind::Config, &settings.shared_config_files),
            (EnvConfigFileKind::Credentials, &settings.shared_credentials_files),
        ] {
            for path in paths {
                files = match tokio::fs::read(path).await {
                    Ok(_) => files.with_file(kind, path),
                    Err(error) => {
                        unreadable.0.push((path.clone(), error.to_string()));
                        // The SDK panics without any file.
                        files.with_contents(kind, "")
                    }
                };
            }
        }
        let readable = files
            .include_default_config_file(settings.shared_config_files.is_empty())
            .include_default_credentials_file(settings.shared_credentials_files.is_empty())
            .build();
        Self { readable, unreadable }
    }
}

/// Shared files of the settings that cannot be read, each with the reason.
#[derive(Debug, Clone, Default)]
pub(in crate::aws) struct Unreadable(Vec<(String, String)>);

impl Unreadable {
    /// Logs a warning for each.
    pub(in crate::aws) fn warn(&self) {
        for (path, error) in &self.0 {
            tracing::warn!(path, error, "shared file of the provider block ignored: it cannot be read");
        }
    }

    /// This advice about what was not found anywhere, with the files that may have it.
    pub(in crate::aws) fn added_to(&self, advice: &str) -> String {
        if self.is_empty() {
            return advice.to_owned();
        }
        let files: Vec<String> = self.0.iter().map(|(path, error)| format!("\"{path}\" ({error})")).collect();
        format!("{advice} Shared files of the provider block cannot be read: {}.", files.join(", "))
    }

    /// True if every file can be read.
    pub(in crate::aws) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Reads the shared files and checks that a profile asked for by name exists.
///
/// # Errors
/// A file that does not parse, a profile that does not exist.
pub(in crate::aws) async fn load(
    settings: &Settings,
    environment: &Environment,
    files: &SharedFiles,
) -> Result<ProfileSet, AwsError> {
    let profiles = aws_config::profile::load(&Fs::real(), &environment.to_sdk(), &files.readable, None)
        .await
        .map_err(|error: ProfileFileLoadError| {
            let detail = crate::aws::call::error_chain::sentence(&error);
            AwsError::config(
                format!("The shared AWS configuration cannot be read: {detail}."),
                "Check `shared_config_files` and `shared_credentials_files`, or the files in ~/.aws.",
            )
        })?;
    let (requested, by) = match &settings.profile {
        Some(name) => (Some(name.as_str()), "the provider's profile"),
        None => (environment.get("AWS_PROFILE"), "AWS_PROFILE"),
    };
    match requested {
        Some(name) if profiles.get_profile(name).is_none() => {
            let mut known: Vec<&str> = profiles.profiles().collect();
            known.sort_unstable();
            let known = if known.is_empty() {
                "there are none".to_owned()
            } else {
                format!("there are: {}", known.join(", "))
            };
            Err(AwsError::config(
                format!("The AWS profile \"{name}\" ({by}) does not exist; in the shared files {known}."),
                files.unreadable.added_to("Name one of these, or add it with \"aws configure\"."),
            ))
        }
        _ => Ok(profiles),
    }
}

/// The region of the selected profile, or of the profile it takes its
/// credentials from, as the SDK does it.
pub(in crate::aws) fn region(profiles: &ProfileSet) -> Option<String> {
    let mut visited = Vec::new();
    let mut name = profiles.selected_profile();
    while !visited.contains(&name) {
        visited.push(name);
        let profile = profiles.get_profile(name)?;
        if let Some(region) = profile.get("region").filter(|region| !region.trim().is_empty()) {
            return Some(region.to_owned());
        }
        name = profile.get("source_profile")?;
    }
    None
}
