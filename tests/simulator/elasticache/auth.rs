//! Tokens, encryption in transit and access control, which depend on each other.

use super::faults;
use super::group::{Group, Tls};
use super::input;
use super::pending::TokenChange;
use super::protocol::{Params, ServiceError};
use super::region::Region;
use super::versions::{Release, Version};

/// Checks a token: 16–128 printable characters, of the special ones only `!&#$^<>-` (user guide
/// "Authenticating with the AUTH command"). AWS's words as in magenx/Magento-2 #43.
pub(super) fn check_token(token: &str) -> Result<(), ServiceError> {
    let fits = token.chars().all(|c| c.is_ascii_alphanumeric() || "!&#$^<>-".contains(c));
    if fits && (16..=128).contains(&token.len()) {
        return Ok(());
    }
    Err(faults::value("Invalid AuthToken provided."))
}

/// TLS and token of a new group.
pub(super) fn first(params: &Params, release: Release) -> Result<(Tls, Option<String>), ServiceError> {
    let version = release.full;
    let enabled = match input::flag(params, "TransitEncryptionEnabled")? {
        Some(enabled) => enabled,
        // Valkey has no default (go-to-k/cdk-real-drift `elasticache-valkey-min`, 2026;
        // aws-cloudformation/cfn-lint#4152, rule E3704). AWS's words are not public; these are ours.
        None if release.engine == "valkey" => {
            return Err(faults::combination(
                "TransitEncryptionEnabled must be specified for the valkey engine.",
            ));
        }
        None => false,
    };
    let mode = input::text(params, "TransitEncryptionMode");
    let tls = match (enabled, mode) {
        (false, None) => Tls::Off,
        (true, None) => Tls::Required,
        (false, Some(_)) => {
            return Err(faults::combination(
                "To modify transit encryption mode, set encryption-in-transit as enabled.",
            ));
        }
        (true, Some(mode)) => {
            check_mode_version(version)?;
            self::mode(mode)?
        }
    };
    if tls.enabled() && (version < Version(3, 2, 6) || version == Version(3, 2, 10)) {
        return Err(faults::combination(format!(
            "Encryption features are not supported for engine version {version}."
        )));
    }
    let token = input::text(params, "AuthToken").map(str::to_owned);
    if let Some(token) = &token {
        check_token(token)?;
    }
    check_access(tls, token.is_some(), params.list("UserGroupIds").len())?;
    Ok((tls, token))
}

fn mode(text: &str) -> Result<Tls, ServiceError> {
    match text {
        "preferred" => Ok(Tls::Preferred),
        "required" => Ok(Tls::Required),
        _ => Err(faults::value(format!("Invalid transit encryption mode: {text}"))),
    }
}

/// The words are those seen in cloudposse/terraform-aws-elasticache-redis PR #231.
fn check_mode_version(version: Version) -> Result<(), ServiceError> {
    if version < Version(7, 0, 5) {
        return Err(faults::combination(format!(
            "Transit encryption mode is not supported for engine version {version}. Please use engine \
             version 7.0.5 \
             or higher."
        )));
    }
    Ok(())
}

/// What may go together. The words about `preferred` are those of cloudposse #239, which was about
/// a token; that user groups are refused likewise is a belief, as hashicorp/aws #42966 says.
pub(super) fn check_access(tls: Tls, token: bool, user_groups: usize) -> Result<(), ServiceError> {
    if token && user_groups > 0 {
        return Err(faults::combination(
            "Auth tokens can't be enabled with a user group already associated.",
        ));
    }
    if user_groups > 1 {
        return Err(faults::combination(
            "At most one user group can be associated with a replication group.",
        ));
    }
    match tls {
        Tls::Off if token => Err(faults::value(
            "The AUTH token modification is only supported when \
                                                encryption-in-transit is enabled.",
        )),
        Tls::Off if user_groups > 0 => Err(faults::combination(
            "User group based access control requires encryption-in-transit to be enabled on the \
             replication group.",
        )),
        Tls::Preferred if token || user_groups > 0 => Err(faults::combination(
            "Transit encryption preferred is not supported with redis access control.",
        )),
        _ => Ok(()),
    }
}

/// The TLS that a modification asks for, if it differs: on only by way of `preferred`, and off
/// only from there, on engine versions from 7.0.5 (API model, `TransitEncryptionMode`; user guide
/// "Enabling in-transit encryption on an existing cluster").
pub(super) fn tls_change(
    params: &Params,
    existing: Tls,
    version: Version,
) -> Result<Option<Tls>, ServiceError> {
    let enabled = input::flag(params, "TransitEncryptionEnabled")?;
    let mode = input::text(params, "TransitEncryptionMode").map(mode).transpose()?;
    let target = match (enabled, mode) {
        (None, None) => return Ok(None),
        (Some(false), None) => Tls::Off,
        (Some(true), None) if existing == Tls::Off => {
            return Err(faults::combination(
                "To enable encryption-in-transit, set the transit encryption mode to preferred.",
            ));
        }
        (Some(true), None) => existing,
        (None, Some(mode)) if existing.enabled() => mode,
        (Some(true), Some(mode)) => mode,
        (Some(false) | None, Some(_)) => {
            return Err(faults::combination(
                "To modify transit encryption mode, set encryption-in-transit as enabled.",
            ));
        }
    };
    if target == existing {
        return Ok(None);
    }
    check_mode_version(version)?;
    match (existing, target) {
        (Tls::Off, Tls::Required) => Err(faults::combination(
            "Transit encryption mode can be set to required only after it was set to preferred.",
        )),
        (Tls::Required, Tls::Off) => Err(faults::combination(
            "Encryption-in-transit can be disabled only while the transit encryption mode is preferred.",
        )),
        _ => Ok(Some(target)),
    }
}

/// What a modification asks for the token. `leaving` and `joining` say whether the call has `RemoveUserGroups`, and
/// whether it adds user groups.
pub(super) fn token_change(
    params: &Params,
    group: &Group,
    (leaving, joining): (bool, bool),
) -> Result<Option<TokenChange>, ServiceError> {
    let token = input::text(params, "AuthToken");
    let strategy = input::text(params, "AuthTokenUpdateStrategy");
    let change = match (token, strategy) {
        (None, None) => return Ok(None),
        (None, Some("DELETE")) => {
            // Words of crossplane-contrib/provider-upjet-aws #1370: alone it is refused.
            if !joining {
                return Err(faults::value("Auth token update strategy delete is not supported currently"));
            }
            return Ok(group.token_enabled().then_some(TokenChange::Delete));
        }
        (Some(_), Some("DELETE")) => {
            return Err(faults::combination("AuthToken must not be specified with the strategy DELETE."));
        }
        (None, Some(_)) => {
            return Err(faults::combination("AuthToken must be specified with AuthTokenUpdateStrategy."));
        }
        (Some(token), None | Some("ROTATE")) => TokenChange::Rotate(token.to_owned()),
        (Some(token), Some("SET")) => TokenChange::Set(token.to_owned()),
        (Some(_), Some(other)) => {
            return Err(faults::value(format!("Invalid AuthTokenUpdateStrategy: {other}")));
        }
    };
    // "if the engine version is 5.0.5 or higher" (user guide, as above).
    if group.version < Version(5, 0, 5) {
        return Err(faults::combination("The AUTH token can be modified from engine version 5.0.5 on."));
    }
    if !group.user_groups.is_empty() && !leaving {
        // The words of hashicorp/aws #42372. That `UserGroupIdsToRemove` is not enough follows from them.
        return Err(faults::combination(
            "Auth tokens can't be enabled with a user group already associated. Pass RemoveUserGroups to proceed.",
        ));
    }
    match &change {
        TokenChange::Rotate(token) => check_token(token)?,
        TokenChange::Set(token) => {
            check_token(token)?;
            // "SET - allowed only after ROTATE" (API model), with "the same value as the last AUTH
            // token rotated" (user guide); and where there is no token yet.
            let newest = group.tokens.last().cloned().flatten();
            if newest.as_ref().is_some_and(|newest| newest != token) {
                return Err(faults::value(
                    "The AUTH token to set must be the last one rotated. Use the strategy ROTATE first.",
                ));
            }
        }
        TokenChange::Delete => {}
    }
    Ok(Some(change))
}

impl Group {
    /// Whether a token is known.
    pub(super) fn token_enabled(&self) -> bool {
        self.tokens.iter().any(Option::is_some)
    }

    /// Takes up a change of the token. After ROTATE the one before is still good (at first: no
    /// password), after a second ROTATE the oldest is not.
    pub(super) fn change_token(&mut self, change: TokenChange) {
        match change {
            TokenChange::Rotate(token) => {
                self.tokens.retain(|known| known.as_ref() != Some(&token));
                self.tokens.push(Some(token));
                let surplus = self.tokens.len().saturating_sub(2);
                self.tokens.drain(..surplus);
            }
            TokenChange::Set(token) => self.tokens = vec![Some(token)],
            TokenChange::Delete => self.tokens = vec![None],
        }
    }
}

impl Region {
    /// Whether a user group may be associated with a group of this engine and version.
    pub(super) fn check_user_group(
        &self,
        id: &str,
        engine: &str,
        version: Version,
    ) -> Result<(), ServiceError> {
        let user_group = self.user_groups.get(id).ok_or_else(|| faults::no_user_group(id))?;
        if version < Version(6, 0, 0) {
            return Err(faults::combination("User groups are supported from engine version 6.0 on."));
        }
        // A belief: a valkey user group serves valkey only, a redis one both.
        if user_group.engine == "valkey" && engine == "redis" {
            return Err(faults::combination(format!("User group {id} has engine valkey, not {engine}.")));
        }
        user_group.must_be_active()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_of_allowed_characters_and_length() {
        assert!(check_token("This-is-a-sample-token").is_ok());
        assert!(check_token(&"a".repeat(128)).is_ok());
        for bad in
            ["short", "has space 1234567890", "has@1234567890123456", &"a".repeat(129), "käse567890123456"]
        {
            assert_eq!(check_token(bad).unwrap_err().message, "Invalid AuthToken provided.");
        }
    }

    #[test]
    fn tls_goes_by_preferred_both_ways() {
        let ask = |enabled: Option<&str>, mode: Option<&str>, existing, version| {
            let mut params = Params::default();
            if let Some(enabled) = enabled {
                params.0.insert("TransitEncryptionEnabled".to_owned(), enabled.to_owned());
            }
            if let Some(mode) = mode {
                params.0.insert("TransitEncryptionMode".to_owned(), mode.to_owned());
            }
            tls_change(&params, existing, version)
        };
        let new = Version(7, 1, 0);
        assert_eq!(ask(Some("true"), Some("preferred"), Tls::Off, new), Ok(Some(Tls::Preferred)));
        assert_eq!(ask(None, Some("required"), Tls::Preferred, new), Ok(Some(Tls::Required)));
        assert_eq!(ask(Some("true"), Some("preferred"), Tls::Required, new), Ok(Some(Tls::Preferred)));
        assert_eq!(ask(Some("false"), None, Tls::Preferred, new), Ok(Some(Tls::Off)));
        assert_eq!(ask(Some("true"), None, Tls::Required, new), Ok(None));
        for (enabled, mode, existing) in [
            (Some("true"), Some("required"), Tls::Off),
            (Some("true"), None, Tls::Off),
            (Some("false"), None, Tls::Required),
            (None, Some("preferred"), Tls::Off),
            (Some("false"), Some("preferred"), Tls::Preferred),
        ] {
            assert_eq!(ask(enabled, mode, existing, new).unwrap_err().code, "InvalidParameterCombination");
        }
        assert!(ask(Some("true"), Some("preferred"), Tls::Off, Version(6, 2, 6)).is_err());
    }
}
