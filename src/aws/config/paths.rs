//! The paths in the provider block.
//!
//! As in hashicorp/aws (aws-sdk-go-base, `internal/expand/filepath.go`: `homedir.Expand(os.ExpandEnv(path))`), so that a
//! provider block is valid on the machines of a whole team. Paths in variables such as `AWS_CA_BUNDLE` are the SDK's.

use crate::aws::{Environment, Settings};

impl Settings {
    /// The settings with every path expanded; see [`expand`].
    pub(crate) fn with_expanded_paths(&self, environment: &Environment) -> Self {
        let mut settings = self.clone();
        let identity = settings.assume_role_with_web_identity.as_mut();
        let token_file = identity.and_then(|identity| identity.web_identity_token_file.as_mut());
        settings
            .shared_config_files
            .iter_mut()
            .chain(&mut settings.shared_credentials_files)
            .chain(&mut settings.custom_ca_bundle)
            .chain(token_file)
            .for_each(|path| *path = expand(path, environment));
        settings
    }
}

/// The path with the values of `$NAME` and `${NAME}`, empty for a variable that is not set, and then with the home
/// directory for a first component `~`. Anything else stays as it is, such as `~name` and a `$` before no name.
fn expand(path: &str, environment: &Environment) -> String {
    let path = with_variables(path, environment);
    match path.strip_prefix('~') {
        Some("") => home(environment).unwrap_or(path),
        Some(rest) if rest.starts_with(std::path::is_separator) => match home(environment) {
            Some(home) => format!("{}{rest}", home.trim_end_matches(std::path::is_separator)),
            None => path,
        },
        _ => path,
    }
}

fn with_variables(path: &str, environment: &Environment) -> String {
    let (mut expanded, mut rest) = (String::new(), path);
    while let Some((before, after)) = rest.split_once('$') {
        expanded.push_str(before);
        rest = match variable(after) {
            Some((name, after)) => {
                expanded.push_str(environment.get(name).unwrap_or_default());
                after
            }
            None => {
                expanded.push('$');
                after
            }
        };
    }
    expanded + rest
}

/// The name that follows a `$`, with or without braces, and the text behind it.
fn variable(text: &str) -> Option<(&str, &str)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let (name, rest) = match text.strip_prefix('{') {
        Some(text) => text.split_once('}')?,
        None => text.split_at(text.find(|c| !is_name(c)).unwrap_or(text.len())),
    };
    (!name.is_empty() && name.chars().all(is_name)).then_some((name, rest))
}

/// The home directory, from the same variables as in the SDK (`aws_runtime::fs_util`).
fn home(environment: &Environment) -> Option<String> {
    let of = |name| environment.get(name).map(str::to_owned);
    let of_windows = || of("USERPROFILE").or_else(|| Some(of("HOMEDRIVE")? + &of("HOMEPATH")?));
    of("HOME").or_else(|| if cfg!(windows) { of_windows() } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment() -> Environment {
        [("HOME", "/home/me"), ("DIR", "/etc/aws"), ("A_1", "x"), ("ROOT", "~/r"), ("EMPTY", "")]
            .into_iter()
            .collect()
    }

    #[test]
    fn expands_the_home_directory_and_variables() {
        for (path, expanded) in [
            ("~", "/home/me"),
            ("~/.aws/credentials", "/home/me/.aws/credentials"),
            ("$HOME/.aws/config", "/home/me/.aws/config"),
            ("${HOME}/.aws/config", "/home/me/.aws/config"),
            ("${DIR}/$A_1.pem", "/etc/aws/x.pem"),
            ("$DIR$A_1", "/etc/awsx"),
            ("$ROOT/ca.pem", "/home/me/r/ca.pem"),
            ("$UNSET/ca.pem", "/ca.pem"),
            ("$EMPTY/ca.pem", "/ca.pem"),
        ] {
            assert_eq!(expand(path, &environment()), expanded, "{path}");
        }
        let of_root: Environment = [("HOME", "/")].into_iter().collect();
        assert_eq!(expand("~/ca.pem", &of_root), "/ca.pem");
        assert_eq!(expand("~", &of_root), "/");
    }

    #[test]
    fn leaves_other_text_as_it_is() {
        for path in [
            "",
            "/etc/ca.pem",
            "ca.pem",
            "~other/ca.pem",
            "/a/~",
            "a~",
            "$",
            "a$",
            "$/a",
            "${}",
            "${a",
            "${a b}",
        ] {
            assert_eq!(expand(path, &environment()), path);
        }
        for path in ["~", "~/.aws/config"] {
            assert_eq!(expand(path, &Environment::default()), path, "without a home directory");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_path_without_special_characters_stays(path in "[^$~]*") {
            assert_eq!(expand(&path, &environment()), path);
        }

        #[test]
        fn no_path_panics(path in r"[~$/{}a-zA-Z_é\\]*") {
            expand(&path, &environment());
        }
    }
}
