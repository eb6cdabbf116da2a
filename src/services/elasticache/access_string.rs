//! Access strings: what they may hold, and when two of them mean the same.
//!
//! The grammar is that of `ACL SETUSER` without passwords, which AWS takes as
//! arguments of their own ("You can't specify passwords in an access string", user
//! guide, Role-Based Access Control). AWS normalizes a string: it puts `-@all`
//! before the first rule about commands where there is none about all, and sorts
//! rules by kind. So strings are compared by what they allow.

use std::collections::{BTreeMap, BTreeSet};

/// Why AWS would refuse an access string. A password is not repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// It has no rule.
    Empty,
    /// `reset`, which AWS does not permit.
    Reset,
    /// A rule about whether a password is needed: `nopass` or `resetpass`.
    PasswordRule(String),
    /// A password.
    Password,
    /// This selector is not closed, or has something other than keys, channels, and commands.
    Selector(String),
    /// This is not a rule.
    Unknown(String),
}

/// What a user may do.
#[derive(Debug, Default, PartialEq, Eq)]
struct Access {
    /// "If neither is specified in the access string, the user is assigned off" (user guide).
    on: bool,
    root: Selector,
    more: Vec<Selector>,
}

/// Keys, channels and commands that go together.
#[derive(Debug, Default, PartialEq, Eq)]
struct Selector {
    /// Whether a pattern may be read and written; `*` is all keys.
    keys: BTreeMap<String, (bool, bool)>,
    /// `None` when nothing is said, which means other things to other engine versions.
    channels: Option<BTreeSet<String>>,
    /// Whether all commands are allowed before the rules below.
    all_commands: bool,
    commands: Vec<Command>,
}

/// One rule about a command, a subcommand (`config|get`) or a category (`@read`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Command {
    name: String,
    allowed: bool,
}

impl Command {
    /// True when the order of the two makes a difference, as far as can be told
    /// without knowing which commands a category has.
    fn conflicts(&self, other: &Self) -> bool {
        let category = |rule: &Self| rule.name.starts_with('@');
        self.allowed != other.allowed
            && (category(self) || category(other) || self.covers(&other.name) || other.covers(&self.name))
    }

    /// True for the command itself and for its subcommands.
    fn covers(&self, name: &str) -> bool {
        name.strip_prefix(self.name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('|'))
    }
}

impl Selector {
    /// Takes one word up; `false` when it is none of keys, channels or commands.
    fn take(&mut self, word: &str) -> bool {
        let lower = word.to_ascii_lowercase();
        match lower.as_str() {
            "allkeys" => self.key("*", (true, true)),
            "resetkeys" => self.keys.clear(),
            "allchannels" => self.channel("*"),
            "resetchannels" => self.channels = Some(BTreeSet::new()),
            "allcommands" => self.all(true),
            "nocommands" => self.all(false),
            _ => match lower.as_bytes() {
                [b'~', ..] => self.key(&word[1..], (true, true)),
                [b'&', ..] => self.channel(&word[1..]),
                [b'%', ..] => {
                    let Some((flags, pattern)) = word[1..].split_once('~') else { return false };
                    let flags = flags.to_ascii_lowercase();
                    if flags.is_empty() || !flags.chars().all(|flag| "rw".contains(flag)) {
                        return false;
                    }
                    self.key(pattern, (flags.contains('r'), flags.contains('w')));
                }
                [sign @ (b'+' | b'-'), ..] => return self.command(&lower[1..], *sign == b'+'),
                _ => return false,
            },
        }
        true
    }

    /// Rights to one pattern add up, and those to all keys swallow the others.
    fn key(&mut self, pattern: &str, (read, write): (bool, bool)) {
        let rights = self.keys.entry(pattern.to_owned()).or_default();
        *rights = (rights.0 || read, rights.1 || write);
        if self.keys.get("*") == Some(&(true, true)) {
            self.keys.retain(|pattern, _| pattern == "*");
        }
    }

    fn channel(&mut self, pattern: &str) {
        let channels = self.channels.get_or_insert_default();
        channels.insert(pattern.to_owned());
        if channels.contains("*") {
            channels.retain(|pattern| pattern == "*");
        }
    }

    fn all(&mut self, allowed: bool) {
        self.all_commands = allowed;
        self.commands.clear();
    }

    fn command(&mut self, name: &str, allowed: bool) -> bool {
        if name == "@all" {
            self.all(allowed);
            return true;
        }
        let plain = name.strip_prefix('@').unwrap_or(name);
        if plain.is_empty() || !plain.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.|".contains(&b)) {
            return false;
        }
        let rule = Command { name: name.to_owned(), allowed };
        // The last word about a command decides, for its subcommands as well.
        self.commands.retain(|earlier| !rule.covers(&earlier.name));
        let says_nothing_new =
            allowed == self.all_commands && !self.commands.iter().any(|earlier| earlier.conflicts(&rule));
        if !says_nothing_new {
            self.commands.push(rule);
        }
        true
    }

    /// The commands in the one order that stands for all orders of the same meaning:
    /// ever the least of those that no earlier one must precede.
    fn normalize(&mut self) {
        let mut rest = std::mem::take(&mut self.commands);
        while !rest.is_empty() {
            let free = |at: &usize| !rest[..*at].iter().any(|earlier| earlier.conflicts(&rest[*at]));
            let next = (0..rest.len()).filter(free).min_by_key(|at| &rest[*at]).unwrap_or(0);
            self.commands.push(rest.remove(next));
        }
    }
}

impl Access {
    /// Reads an access string.
    ///
    /// # Errors
    /// Why AWS would refuse it.
    fn read(text: &str) -> Result<Self, Problem> {
        let mut access = Self::default();
        for word in words(text) {
            match word.to_ascii_lowercase().as_str() {
                "on" => access.on = true,
                "off" => access.on = false,
                "reset" => return Err(Problem::Reset),
                "nopass" | "resetpass" => return Err(Problem::PasswordRule(word)),
                "clearselectors" => access.more.clear(),
                lower if lower.starts_with(['>', '<', '#', '!']) => return Err(Problem::Password),
                lower if lower.starts_with('(') => {
                    let inner = word.trim_start_matches('(').trim_end_matches(')');
                    let mut selector = Selector::default();
                    if !word.ends_with(')') || !inner.split_whitespace().all(|word| selector.take(word)) {
                        return Err(Problem::Selector(word));
                    }
                    selector.normalize();
                    access.more.push(selector);
                }
                _ if access.root.take(&word) => {}
                _ => return Err(Problem::Unknown(word)),
            }
        }
        access.root.normalize();
        Ok(access)
    }
}

/// The words of an access string; a selector in parentheses is one.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut inside = false;
    for word in text.split_whitespace() {
        match words.last_mut().filter(|_| inside) {
            Some(selector) => {
                selector.push(' ');
                selector.push_str(word);
            }
            None => words.push(word.to_owned()),
        }
        inside = (inside || word.starts_with('(')) && !word.ends_with(')');
    }
    words
}

/// Checks an access string.
///
/// # Errors
/// Why AWS would refuse it.
pub(crate) fn check(text: &str) -> Result<(), Problem> {
    if text.trim().is_empty() { Err(Problem::Empty) } else { Access::read(text).map(|_| ()) }
}

/// True when two access strings allow the same.
pub(crate) fn allow_the_same(a: &str, b: &str) -> bool {
    match (Access::read(a), Access::read(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

/// True for a user who cannot log in.
pub(crate) fn is_disabled(text: &str) -> bool {
    Access::read(text).is_ok_and(|access| !access.on)
}

/// True when the string says whether the user may log in.
pub(crate) fn mentions_on_or_off(text: &str) -> bool {
    text.split_whitespace().any(|word| word.eq_ignore_ascii_case("on") || word.eq_ignore_ascii_case("off"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same(a: &str, b: &str) -> bool {
        let (forth, back) = (allow_the_same(a, b), allow_the_same(b, a));
        assert_eq!(forth, back, "{a} and {b}");
        forth
    }

    #[test]
    fn a_string_that_aws_normalizes_means_the_same() {
        for (given, observed) in [
            ("on ~app::* +@read", "on ~app::* -@all +@read"),
            ("+@read ~app::* on", "on ~app::* -@all +@read"),
            ("on ~* +@all", "on allkeys allcommands"),
            ("off", "off -@all"),
            ("~* +@all", "off ~* +@all"),
            ("ON ~* +GET", "on ~* -@all +get"),
            ("on ~b ~a &c +get +set", "on &c ~a ~b -@all +set +get"),
            ("on %R~a %W~a +get", "on ~a +get"),
            ("on ~a ~* +get", "on ~* +get"),
            ("on ~* +@all -@dangerous -get", "on ~* +@all -get -@dangerous"),
            ("on ~* +get -set +set", "on ~* -@all +get +set"),
            ("on ~* +config|get -flushall", "on ~* -@all -flushall +config|get"),
            ("on ~* +get (~x +set  +del)", "on ~* -@all +get (~x -@all +del +set)"),
        ] {
            assert!(same(given, observed), "{given} and {observed}");
        }
    }

    #[test]
    fn what_allows_other_things_is_not_the_same() {
        for (a, b) in [
            ("on ~* +@all", "off ~* +@all"),
            ("on ~a +@read", "on ~A +@read"),
            ("on ~* +@read -@dangerous", "on ~* -@dangerous +@read"),
            ("on ~* +@read -get", "on ~* -get +@read"),
            ("on ~* +@all -config +config|get", "on ~* +@all +config|get -config"),
            ("on ~* +get", "on ~* &* +get"),
            ("on ~* resetchannels +get", "on ~* +get"),
            ("on %R~a +get", "on ~a +get"),
            ("on ~* +@all -@all +get", "on ~* +@all +get"),
            ("on ~* +get (~x +set)", "on ~* +get"),
        ] {
            assert!(!same(a, b), "{a} and {b}");
        }
    }

    #[test]
    fn refuses_what_aws_refuses_and_never_repeats_a_password() {
        let word = str::to_owned;
        for (text, problem) in [
            ("on >a-secret-that-nobody-sees ~* +@all", Problem::Password),
            ("on nopass ~*", Problem::PasswordRule(word("nopass"))),
            ("reset on", Problem::Reset),
            ("on ~* @all", Problem::Unknown(word("@all"))),
            ("on (~x get)", Problem::Selector(word("(~x get)"))),
            ("  ", Problem::Empty),
        ] {
            assert_eq!(check(text), Err(problem), "{text}");
        }
        assert_eq!(check("on ~app::* -@all +@read"), Ok(()));
    }

    #[test]
    fn knows_who_cannot_log_in() {
        assert!(is_disabled("off ~* -@all") && is_disabled("~* +@all") && !is_disabled("on -@all"));
        assert!(mentions_on_or_off("~* On") && !mentions_on_or_off("~on +get"));
    }

    /// What a command may do after rules, straight from the definition: the last rule
    /// that is about it decides. `read` has `get`, `danger` has `get` and `flushall`.
    fn allowed(words: &[&str], command: &str) -> bool {
        let about = |name: &str| match name {
            "@all" => true,
            "@read" => command == "get",
            "@danger" => ["get", "flushall"].contains(&command),
            name => command == name || command.starts_with(&format!("{name}|")),
        };
        words.iter().rev().find(|word| about(&word[1..])).is_some_and(|word| word.starts_with('+'))
    }

    proptest! {
        /// Strings that are held for the same allow the same.
        #[test]
        fn the_same_is_never_another(
            a in proptest::collection::vec(0_usize..12, 0..6),
            order in any::<proptest::sample::Index>(),
        ) {
            const WORDS: [&str; 12] = [
                "+@all", "-@all", "+@read", "-@read", "+@danger", "-@danger", "+get", "-get", "+config", "-config",
                "+config|get", "-config|get",
            ];
            let first: Vec<&str> = a.iter().map(|at| WORDS[*at]).collect();
            let mut second = first.clone();
            if second.len() > 1 {
                let at = order.index(second.len() - 1);
                second.swap(at, at + 1);
            }
            if same(&first.join(" "), &second.join(" ")) {
                for command in ["get", "set", "flushall", "config", "config|get", "config|set"] {
                    prop_assert_eq!(allowed(&first, command), allowed(&second, command), "{:?} {:?}", first, second);
                }
            }
            // Each string is the same as what AWS makes of it.
            let observed = format!("-@all {}", first.join(" "));
            prop_assert!(same(&first.join(" "), &observed));
        }
    }
}
