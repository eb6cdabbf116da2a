//! What a configuration must keep to.

use super::model::UserModel;
use crate::aws::Secret;
use crate::diag::Diagnostics;
use crate::services::elasticache::access_string::mentions_on_or_off;
use crate::services::elasticache::authentication::NO_PASSWORD;
use crate::services::elasticache::identifier::kept;
use crate::services::elasticache::user::DEFAULT;
use crate::value::{Field, Path, SetOf, Value};

/// `default` is the id of AWS's own user.
pub(super) fn not_reserved(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(id) if kept(id) == DEFAULT => Err(
            "must not be \"default\", the id of AWS's own user, which cannot be changed; to replace it in a group, make a \
             user with another user_id and user_name = \"default\""
                .to_owned(),
        ),
        _ => Ok(()),
    }
}

/// A name of the ACL has no blanks.
pub(super) fn user_name(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(name) if name.is_empty() || name.contains(char::is_whitespace) => {
            Err(format!("must be a name without blanks, but is {name:?}"))
        }
        _ => Ok(()),
    }
}

/// `redis` or `valkey`, in any case.
pub(super) fn engine(value: &Value) -> Result<(), String> {
    match value.as_str().map(str::to_ascii_lowercase).as_deref() {
        Some("redis" | "valkey") | None => Ok(()),
        Some(other) => Err(format!("must be \"redis\" or \"valkey\", but is {other:?}")),
    }
}

/// API reference of CreateUser: "You can create up to two passwords for each user."
pub(super) fn at_most_two(value: &Value) -> Result<(), String> {
    match value.as_elements().unwrap_or_default().len() {
        0..=2 => Ok(()),
        count => Err(format!("must have at most two passwords, but has {count}")),
    }
}

/// See [`password_problems`].
pub(super) fn password(value: &Value) -> Result<(), String> {
    let problems = value.as_str().map(password_problems).unwrap_or_default();
    problems.into_iter().next().map_or(Ok(()), Err)
}

/// What is wrong with a password, to complete "the password …": 16 to 128 printable
/// characters without blanks. The password is not quoted.
pub(super) fn password_problems(password: &str) -> Vec<String> {
    let length = password.chars().count();
    let wrong_length =
        (!(16..=128).contains(&length)).then(|| format!("must have 16 to 128 characters, but has {length}"));
    let wrong_characters = (!password.bytes().all(|byte| byte.is_ascii_graphic()))
        .then(|| "must consist of printable ASCII characters without blanks".to_owned());
    wrong_length.into_iter().chain(wrong_characters).collect()
}

/// What arguments must keep to together.
pub(super) fn validate(config: &UserModel, diags: &mut Diagnostics) {
    one_way(config, diags);
    mode(config, diags);
    let valkey = config.engine.known().is_some_and(|engine| engine.eq_ignore_ascii_case("valkey"));
    let by_mode = config.mode().is_some_and(|mode| mode.r#type.text() == Some(NO_PASSWORD));
    if valkey && (config.no_password_required.is_true() || by_mode) {
        diags.error_at(
            Path::attribute(if by_mode { "authentication_mode" } else { "no_password_required" }),
            "A valkey user needs a password or IAM",
            "AWS does not accept a user of engine valkey without a way to authenticate. Set passwords or \
             password_secret_arn, or authentication_mode with type = \"iam\". This holds for a disabled user as well; a \
             valkey group needs none named default.",
        );
    }
    if config.access_string.text().is_some_and(|access| !mentions_on_or_off(access)) {
        diags.warning_at(
            Path::attribute("access_string"),
            "The user cannot log in",
            "access_string holds neither on nor off, and AWS takes that for off. Write on for a user who may log in, or \
             off to say that this is meant.",
        );
    }
}

/// A set, list or block counts as given unless it is known to be empty.
fn given<T>(field: &Field<T>, is_empty: impl Fn(&T) -> bool) -> Option<bool> {
    match field {
        Field::Null => Some(false),
        Field::Unknown => None,
        Field::Known(value) => Some(!is_empty(value)),
    }
}

/// Exactly one argument says how the user logs in.
fn one_way(config: &UserModel, diags: &mut Diagnostics) {
    let no_password = match &config.no_password_required {
        Field::Unknown => None,
        field => Some(field.is_true()),
    };
    let ways = [
        ("passwords", given(&config.passwords, |set| set.0.is_empty())),
        ("passwords_wo", given(&config.passwords_wo, Vec::is_empty)),
        ("password_secret_arn", given(&config.password_secret_arn, String::is_empty)),
        ("authentication_mode", given(&config.authentication_mode, Vec::is_empty)),
        ("no_password_required", no_password),
    ];
    if ways.iter().all(|(_, given)| *given == Some(false)) {
        diags.error_at(
            Path::attribute("user_id"),
            "The user has no way to log in",
            "Set passwords, passwords_wo, password_secret_arn, authentication_mode, or no_password_required = true.",
        );
    }
    // The schema checks pairs without no_password_required.
    let other = ways[..4].iter().find(|(_, given)| *given == Some(true));
    if let (Some(true), Some((other, _))) = (no_password, other) {
        diags.error_at(
            Path::attribute("no_password_required"),
            "Conflicting arguments",
            format!("no_password_required = true and {other} cannot be given together; remove one of them."),
        );
    }
}

/// The block `authentication_mode` in itself.
fn mode(config: &UserModel, diags: &mut Diagnostics) {
    let Some(mode) = config.mode() else { return };
    let at = |name: &str| Path::attribute("authentication_mode").index(0).then(name);
    let has_passwords = given(&mode.passwords, |set| set.0.is_empty());
    match (mode.r#type.text(), has_passwords) {
        (Some("password"), Some(false)) => diags.error_at(
            at("passwords"),
            "Missing passwords",
            "authentication_mode of type \"password\" needs one or two passwords. To keep them out of the state, leave the \
             block out and give passwords_wo.",
        ),
        (Some(kind @ ("iam" | NO_PASSWORD)), Some(true)) => diags.error_at(
            at("passwords"),
            "Conflicting arguments",
            format!("authentication_mode of type {kind:?} takes no passwords; remove them."),
        ),
        _ => {}
    }
    if let (Some("iam"), Some(id), Some(name)) =
        (mode.r#type.text(), config.user_id.text(), config.user_name.text())
        && kept(id) != name
    {
        // "the user-id and user-name must be identical" (user guide, Authenticating with IAM).
        diags.error_at(
            Path::attribute("user_name"),
            "IAM needs a user_name that equals user_id",
            format!(
                "With authentication_mode of type \"iam\" user_name must be {:?}, the user_id as AWS keeps it, but is \
                 {name:?}.",
                kept(id)
            ),
        );
    }
}

/// Warns when no password stays: clients would be turned away until they have a new one.
pub(super) fn warn_of_abrupt_rotation(prior: &UserModel, planned: &UserModel, diags: &mut Diagnostics) {
    fn spoken(model: &UserModel) -> Option<(&'static str, &Vec<Secret>)> {
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
            "The current password becomes invalid in this apply",
            "retain_previous_password is false while the password changes: clients that still use the current one are \
             turned away. Remove it to keep the current password valid until the next rotation.",
        );
    }
    let (Some((_, old)), Some((name, new))) = (spoken(prior), spoken(planned)) else { return };
    if !old.is_empty() && !new.is_empty() && !old.iter().any(|password| new.contains(password)) {
        diags.warning_at(
            Path::attribute(name),
            "Every password of the user changes at once",
            "Clients that still have an old password are turned away from the moment this is applied. To rotate without \
             that, give the new password beside the old one, and take the old one out in a later apply.",
        );
    }
}

/// Says why the first apply after an import sends passwords.
pub(super) fn warn_of_sent_passwords(prior: &UserModel, planned: &UserModel, diags: &mut Diagnostics) {
    fn gives(model: &UserModel) -> Option<&'static str> {
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
    let (None, Some(name)) = (gives(prior), gives(planned)) else { return };
    diags.warning_at(
        Path::attribute(name),
        "The passwords of the user will be sent",
        "AWS does not return passwords, so after an import nothing shows whether the user has the configured ones. The apply \
         sends them once; other passwords of the user stop working.",
    );
}
