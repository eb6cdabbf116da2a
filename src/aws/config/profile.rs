//! The shared configuration and credentials files.

use crate::aws::{AwsError, Environment, Settings};
use aws_config::profile::{ProfileFileLoadError, ProfileSet};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::Fs;

/// The files to read: those of the settings, else those the SDK would read
/// (`AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE`, `~/.aws`).
pub(in crate::aws) fn files(settings: &Settings) -> EnvConfigFiles {
    let mut files = EnvConfigFiles::builder();
    files = with_files(files, EnvConfigFileKind::Config, &settings.shared_config_files);
    files = with_files(files, EnvConfigFileKind::Credentials, &settings.shared_credentials_files);
    files
        .include_default_config_file(settings.shared_config_files.is_empty())
        .include_default_credentials_file(settings.shared_credentials_files.is_empty())
        .build()
}

fn with_files(
    files: aws_runtime::env_config::file::Builder,
    kind: EnvConfigFileKind,
    paths: &[String],
) -> aws_runtime::env_config::file::Builder {
    paths.iter().fold(files, |files, path| files.with_file(kind, path))
}

/// Reads the shared files and checks that a profile asked for by name exists.
///
/// # Errors
/// A file given in the settings that cannot be read, a file that does not
/// parse, a profile that is not there.
pub(in crate::aws) async fn load(
    settings: &Settings,
    environment: &Environment,
) -> Result<ProfileSet, AwsError> {
    let profiles = aws_config::profile::load(&Fs::real(), &environment.to_sdk(), &files(settings), None)
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
                "Name one of these, or add it with \"aws configure\".",
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
