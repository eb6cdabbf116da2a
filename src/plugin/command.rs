//! The command line, and the help for a person who runs the program by hand.

use std::ffi::OsString;

use super::Identity;
use super::tool::Tool;

/// What the program was asked to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Serve the host that started us.
    Serve,
    /// Serve any host that knows how to attach, until interrupted.
    Debug,
    /// Print the version.
    Version,
    /// Print how the program is used.
    Help,
    /// Run a command, by its place in the list, with the arguments that follow its name.
    Tool(usize, Vec<OsString>),
    /// Something else was asked for.
    Unknown(String),
}

impl Command {
    /// Understands one or two leading dashes, as Go programs do.
    pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>, tools: &[Tool]) -> Self {
        let mut arguments = arguments.into_iter();
        let Some(argument) = arguments.next() else { return Self::Serve };
        let argument = argument.to_string_lossy();
        if let Some(tool) = tools.iter().position(|tool| tool.name == argument) {
            return Self::Tool(tool, arguments.collect());
        }
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
pub(super) fn help(identity: &Identity, tools: &[Tool]) -> String {
    let Identity { source, version } = identity;
    let tools: String = tools
        .iter()
        .map(|Tool { name, summary: (arguments, summary), .. }| {
            format!("  {name} {arguments}\n             {summary}\n")
        })
        .collect();
    let tools = if tools.is_empty() { tools } else { format!("Commands:\n{tools}\n") };
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

{tools}Options:
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
    use crate::plugin::Answer;

    fn parse(arguments: &[&str]) -> Command {
        Command::parse(arguments.iter().map(OsString::from), &TOOLS)
    }

    const TOOLS: [Tool; 1] =
        [Tool { name: "move", summary: ("DIR", "moves what is in a folder"), run: |_| Answer::default() }];

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

    #[test]
    fn a_command_gets_the_arguments_that_follow_its_name() {
        assert_eq!(parse(&["move", "a", "--b"]), Command::Tool(0, vec!["a".into(), "--b".into()]));
        assert_eq!(parse(&["--move"]), Command::Unknown("--move".into()));
    }

    #[test]
    fn help_lists_the_commands() {
        let identity = Identity { source: "acme/cloud", version: "1.2.3" };
        let help = help(&identity, &TOOLS);
        assert!(
            help.contains("\nCommands:\n  move DIR\n             moves what is in a folder\n\nOptions:\n"),
            "{help}"
        );
        assert!(!super::help(&identity, &[]).contains("Commands:"));
    }
}
