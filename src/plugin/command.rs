//! The command line, and what a person is told who runs the program by hand.

use std::ffi::OsString;

use super::Identity;

/// What the program was asked to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Serve the host that started us.
    Serve,
    /// Serve any host that is told how to attach, until interrupted.
    Debug,
    /// Print the version.
    Version,
    /// Print how the program is used.
    Help,
    /// Something else was asked for.
    Unknown(String),
}

impl Command {
    /// Understands one or two leading dashes, as Go programs do.
    pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Self {
        let Some(argument) = arguments.into_iter().next() else { return Self::Serve };
        let argument = argument.to_string_lossy();
        match argument.strip_prefix("--").or_else(|| argument.strip_prefix('-')) {
            Some("debug") => Self::Debug,
            Some("version" | "V") => Self::Version,
            Some("help" | "h") => Self::Help,
            _ => Self::Unknown(argument.into_owned()),
        }
    }
}

/// Answer to `--version`.
pub(super) fn version(identity: &Identity) -> String {
    format!("terraform-provider-{} {}\n", identity.name(), identity.version)
}

/// Answer to `--help`.
pub(super) fn help(identity: &Identity) -> String {
    let Identity { source, version } = identity;
    format!(
        "terraform-provider-{name} {version}: the {source} provider for Terraform and OpenTofu

Terraform and OpenTofu start this program by themselves. To use it, name it in a configuration:

  terraform {{
    required_providers {{
      {name} = {{
        source = \"{source}\"
      }}
    }}
  }}

and run `terraform init` or `tofu init`.

Options:
  --version  print the version and exit
  --help     print this text and exit
  --debug    serve until interrupted, and print the TF_REATTACH_PROVIDERS value
             with which Terraform runs attach to this process

Logs go to standard error; TF_LOG_PROVIDER_{upper}, TF_LOG_PROVIDER or TF_LOG set their level.
",
        name = identity.name(),
        upper = identity.name().to_uppercase().replace('-', "_"),
    )
}

/// What a person sees who starts the program as if it were a tool.
pub(super) fn not_a_tool(identity: &Identity) -> String {
    format!(
        "This program is the {source} provider, a plugin of Terraform and OpenTofu.
They start it by themselves; it does nothing when run by hand.
To use it, name \"{source}\" in the required_providers block of a configuration and run
`terraform init`. Run this program with --help to see more.
",
        source = identity.source,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Command {
        Command::parse(arguments.iter().map(OsString::from))
    }

    #[test]
    fn arguments() {
        assert_eq!(parse(&[]), Command::Serve);
        assert_eq!(parse(&["-debug"]), Command::Debug);
        assert_eq!(parse(&["--debug"]), Command::Debug);
        assert_eq!(parse(&["--version"]), Command::Version);
        assert_eq!(parse(&["-h"]), Command::Help);
        assert_eq!(parse(&["apply"]), Command::Unknown("apply".into()));
        assert_eq!(parse(&["---debug"]), Command::Unknown("---debug".into()));
    }
}
