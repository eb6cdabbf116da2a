//! Rules over several arguments of a configuration, and warnings for a plan.

use super::attributes::UserModel;
use crate::aws::Secret;
use crate::diag::Diagnostics;
use crate::services::elasticache::access_string::mentions_on_or_off;
use crate::services::elasticache::authentication::NO_PASSWORD;
use crate::services::elasticache::identifier::stored_id;
use crate::value::{Field, Path, SetOf};

/// Checks the arguments against each other.
pub(super) fn validate(config: &UserModel, diags: &mut Diagnostics) {
    check_authentication(config, diags);
    check_mode(config, diags);
    let valkey = config.engine.known().is_some_and(|engine| engine.eq_ignore_ascii_case("valkey"));
    let by_mode = config.mode().is_some_and(|mode| mode.r#type.text() == Some(NO_PASSWORD));
    if valkey && (config.no_password_required.is_true() || by_mode) {
        diags.error_at(
            Path::attribute(if by_mode { "authentication_mode" } else { "no_password_required" }),
            "Valkey user requires a password or IAM",
            "The user has engine valkey and no password, which AWS does not accept, even for a disabled user. Set `passwords` \
             or `password_secret_arn`, or `authentication_mode` with type = \"iam\". A user group with engine valkey \
             requires no user named default.",
        );
    }
    if config.access_string.text().is_some_and(|access| !mentions_on_or_off(access)) {
        diags.warning_at(
            Path::attribute("access_string"),
            "User cannot log in",
            "`access_string` has neither on nor off, and AWS then uses off. Add on to allow the user to log in, or off to \
             confirm that it cannot.",
        );
    }
}

/// Whether an argument is set: not if it is known to be empty; `None` if that is unknown.
fn is_set<T>(field: &Field<T>, is_empty: impl Fn(&T) -> bool) -> Option<bool> {
    match field {
        Field::Null => Some(false),
        Field::Unknown => None,
        Field::Known(value) => Some(!is_empty(value)),
    }
}

/// Exactly one argument sets how the user authenticates.
fn check_authentication(config: &UserModel, diags: &mut Diagnostics) {
    let no_password = match &config.no_password_required {
        Field::Unknown => None,
        field => Some(field.is_true()),
    };
    let arguments = [
        ("passwords", is_set(&config.passwords, |set| set.0.is_empty())),
        ("passwords_wo", is_set(&config.passwords_wo, Vec::is_empty)),
        ("password_secret_arn", is_set(&config.password_secret_arn, String::is_empty)),
        ("authentication_mode", is_set(&config.authentication_mode, Vec::is_empty)),
        ("no_password_required", no_password),
    ];
    if arguments.iter().all(|(_, set)| *set == Some(false)) {
        diags.error_at(
            Path::attribute("user_id"),
            "Missing authentication",
            "No argument sets how the user authenticates. Set one of `passwords`, `passwords_wo`, `password_secret_arn` and \
             `authentication_mode`, or `no_password_required = true`.",
        );
    }
    // The schema checks the other pairs.
    let other = arguments[..4].iter().find(|(_, set)| *set == Some(true));
    if let (Some(true), Some((other, _))) = (no_password, other) {
        diags.error_at(
            Path::attribute("no_password_required"),
            "Conflicting arguments",
            format!(
                "`no_password_required = true` and `{other}` cannot be set together. Remove one of them."
            ),
        );
    }
}

/// Checks the block `authentication_mode`.
fn check_mode(config: &UserModel, diags: &mut Diagnostics) {
    let Some(mode) = config.mode() else { return };
    let at = |name: &str| Path::attribute("authentication_mode").index(0).then(name);
    let has_passwords = is_set(&mode.passwords, |set| set.0.is_empty());
    match (mode.r#type.text(), has_passwords) {
        (Some("password"), Some(false)) => diags.error_at(
            at("passwords"),
            "Missing passwords",
            "`authentication_mode` with type = \"password\" requires one or two passwords. Set `passwords`. To keep them out \
             of the state, replace the block by `passwords_wo`.",
        ),
        (Some(kind @ ("iam" | NO_PASSWORD)), Some(true)) => diags.error_at(
            at("passwords"),
            "Conflicting arguments",
            format!("`authentication_mode` with type = {kind:?} does not accept `passwords`. Remove them."),
        ),
        _ => {}
    }
    if let (Some("iam"), Some(id), Some(name)) =
        (mode.r#type.text(), config.user_id.text(), config.user_name.text())
        && stored_id(id) != name
    {
        // "the user-id and user-name must be identical" (user guide, Authenticating with IAM).
        diags.error_at(
            Path::attribute("user_name"),
            "IAM requires user_name to equal user_id",
            format!(
                "`user_name` is {name:?}. With `authentication_mode` of type = \"iam\", it must be {:?}, the `user_id` in \
                 lower case. Change `user_name`.",
                stored_id(id)
            ),
        );
    }
}

/// Warns if no password remains valid: AWS refuses clients until they use a new one.
pub(super) fn warn_of_abrupt_rotation(prior: &UserModel, planned: &UserModel, diags: &mut Diagnostics) {
    fn stored(model: &UserModel) -> Option<(&'static str, &Vec<Secret>)> {
        let by_mode = model.mode().and_then(|mode| mode.passwords.known()).map(|set| &set.0);
        let plain = model.passwords.known().map(|set| ("passwords", &set.0));
        plain.or(by_mode.map(|passwords| ("authentication_mode", passwords)))
    }
    let rotated = prior.reference().is_certain()
        && planned.reference().differs(&prior.reference())
        && !planned.retains_previous();
    if rotated {
        diags.warning_at(
            Path::attribute("retain_previous_password"),
            "Current password becomes invalid in this apply",
            "`retain_previous_password` is false while the password changes: AWS refuses clients that still use the current \
             password. Remove `retain_previous_password` to keep it valid until the next rotation.",
        );
    }
    let (Some((_, old)), Some((name, new))) = (stored(prior), stored(planned)) else { return };
    if !old.is_empty() && !new.is_empty() && !old.iter().any(|password| new.contains(password)) {
        diags.warning_at(
            Path::attribute(name),
            "All passwords change in one apply",
            "The apply replaces every password of the user, and AWS then refuses clients that still use an old one. To rotate \
             without this, add the new password beside the old one, and remove the old one in a later apply.",
        );
    }
}

/// Warns that the first apply after an import sends the passwords.
pub(super) fn warn_of_sent_passwords(prior: &UserModel, planned: &UserModel, diags: &mut Diagnostics) {
    fn argument(model: &UserModel) -> Option<&'static str> {
        let some =
            |set: &Field<SetOf<Secret>>| set.is_unknown() || set.known().is_some_and(|set| !set.0.is_empty());
        if some(&model.passwords) {
            return Some("passwords");
        }
        if model.mode().is_some_and(|mode| some(&mode.passwords)) {
            return Some("authentication_mode");
        }
        (!model.passwords_wo_version.is_null()).then_some("passwords_wo")
    }
    let (None, Some(name)) = (argument(prior), argument(planned)) else { return };
    diags.warning_at(
        Path::attribute(name),
        "Passwords of the imported user are sent",
        "AWS does not return passwords, so the provider cannot compare those of the imported user with the configuration. The \
         apply sends the configured passwords once; other passwords of the user become invalid.",
    );
}
