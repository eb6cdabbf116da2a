//! How a user authenticates: by the arguments, and as AWS returns it.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::{Authentication, User};

use super::attributes::{AuthenticationModeModel, UserModel};
use super::rules::password_problems;
use crate::aws::Secret;
use crate::diag::Diagnostic;
use crate::engine::Context;
use crate::services::elasticache::authentication::{NO_PASSWORD, UserAuthentication};
use crate::value::Field;

/// The authentication that the arguments set; `None` if they set none.
pub(super) fn desired(config: &UserModel, planned: &UserModel) -> Option<UserAuthentication> {
    if let Some(passwords) = config.passwords_wo.known().filter(|passwords| !passwords.is_empty()) {
        return Some(UserAuthentication::Passwords(passwords.clone()));
    }
    let passwords = |set: &Field<crate::value::SetOf<Secret>>| {
        set.known().filter(|set| !set.0.is_empty()).map(|set| UserAuthentication::Passwords(set.0.clone()))
    };
    if let Some(mode) = planned.mode() {
        return match mode.r#type.text()? {
            "iam" => Some(UserAuthentication::Iam),
            NO_PASSWORD => Some(UserAuthentication::NoPassword),
            _ => passwords(&mode.passwords),
        };
    }
    passwords(&planned.passwords)
        .or_else(|| planned.no_password_required.is_true().then_some(UserAuthentication::NoPassword))
}

/// The authentication in a state or plan, whichever argument sets it.
#[derive(PartialEq, Eq)]
enum StatedAuthentication {
    /// These passwords.
    Passwords(BTreeSet<String>),
    /// Write-only passwords of this version.
    WriteOnly(Option<i64>),
    /// The password in this version of this secret.
    Reference(String, String),
    /// No password.
    NoPassword,
    /// IAM.
    Iam,
    /// None, or unknown passwords.
    None,
}

fn stated(model: &UserModel) -> StatedAuthentication {
    if let Field::Known(version) = model.passwords_wo_version {
        return StatedAuthentication::WriteOnly(Some(version));
    }
    if let (Some(arn), Some(version)) =
        (model.password_secret_arn.text(), model.password_secret_version_id.text())
    {
        return StatedAuthentication::Reference(arn.to_owned(), version.to_owned());
    }
    match desired(&UserModel::default(), model) {
        Some(UserAuthentication::Passwords(passwords)) => StatedAuthentication::Passwords(
            passwords.iter().map(|password| password.expose().to_owned()).collect(),
        ),
        Some(UserAuthentication::NoPassword) => StatedAuthentication::NoPassword,
        Some(UserAuthentication::Iam) => StatedAuthentication::Iam,
        None => StatedAuthentication::None,
    }
}

/// The new authentication; `None` if it does not change.
pub(super) fn change(
    config: &UserModel,
    prior: &UserModel,
    planned: &UserModel,
) -> Option<UserAuthentication> {
    is_sent(prior, planned).then(|| desired(config, planned)).flatten()
}

/// True if the change from `prior` to `planned` sends the authentication.
fn is_sent(prior: &UserModel, planned: &UserModel) -> bool {
    stated(prior) != stated(planned) || drops_previous(prior, planned)
}

/// True if the password that the last rotation retained is removed.
fn drops_previous(prior: &UserModel, planned: &UserModel) -> bool {
    planned.reference().is_certain() && prior.retains_previous() && !planned.retains_previous()
}

/// The configuration with the password of the referenced secret in `passwords_wo`, and with the previous one if the
/// rotation retains it. The secret is read only if its password is sent.
///
/// # Errors
/// A diagnostic at the reference if the secret has no valid password.
pub(super) async fn with_password(
    cx: &Context<'_>,
    mut config: UserModel,
    prior: Option<&UserModel>,
    planned: &UserModel,
) -> Result<UserModel, Diagnostic> {
    let reference = planned.reference();
    if prior.is_some_and(|prior| !is_sent(prior, planned)) {
        return Ok(config);
    }
    let Some(password) = reference.read(cx, password_problems).await? else { return Ok(config) };
    let before =
        prior.map(UserModel::reference).filter(|before| before.is_certain() && reference.differs(before));
    let mut passwords = vec![password];
    if let Some(before) = before.filter(|_| planned.retains_previous()) {
        match before.read(cx, password_problems).await {
            Ok(previous) => {
                let other = previous.filter(|previous| !passwords.contains(previous));
                passwords.extend(other);
            }
            Err(error) => cx.warn(Diagnostic::warning(
                "Previous password is not retained",
                format!(
                    "User {:?} has only the new password, because the previous version cannot be read: {}",
                    planned.aws_id(),
                    error.detail
                ),
            )),
        }
    }
    config.passwords_wo = Field::Known(passwords);
    Ok(config)
}

/// The number of passwords of the user; `None` if the plan does not know it.
pub(super) fn planned_count(
    config: &UserModel,
    prior: Option<&UserModel>,
    planned: &UserModel,
) -> Option<i64> {
    let reference = planned.reference();
    if reference.is_given() {
        let rotates = prior.is_some_and(|prior| prior.reference().is_given());
        return (reference.is_certain() && !(rotates && planned.retains_previous())).then_some(1);
    }
    let unknown = planned.passwords_wo_version.is_unknown()
        || config.passwords_wo.is_unknown()
        || planned.passwords.is_unknown()
        || planned.authentication_mode.is_unknown()
        || planned.no_password_required.is_unknown()
        || planned.mode().is_some_and(|mode| mode.passwords.is_unknown() || mode.r#type.is_unknown());
    if unknown {
        return None;
    }
    match desired(config, planned)? {
        UserAuthentication::Passwords(passwords) => i64::try_from(passwords.len()).ok(),
        UserAuthentication::NoPassword | UserAuthentication::Iam => Some(0),
    }
}

/// The type of the authentication, as in `authentication_mode`; `None` if the arguments set none.
pub(super) fn kind(model: &UserModel) -> Option<&'static str> {
    match stated(model) {
        StatedAuthentication::Passwords(_)
        | StatedAuthentication::WriteOnly(_)
        | StatedAuthentication::Reference(..) => Some("password"),
        StatedAuthentication::NoPassword => Some(NO_PASSWORD),
        StatedAuthentication::Iam => Some("iam"),
        StatedAuthentication::None => None,
    }
}

/// The model with the authentication that AWS returns. If that differs from the state, the difference is in the argument
/// that the state uses, or the passwords are removed from the state, so that the next apply sends them.
pub(super) fn flatten(mut model: UserModel, user: &User) -> UserModel {
    let Some(authentication) = user.authentication() else { return model };
    let Some(kind) = UserAuthentication::observed(authentication) else { return model };
    let count = count(authentication, kind);
    let counted = count.map_or(Field::Null, Field::Known);
    let is_stated = match stated(&model) {
        StatedAuthentication::Passwords(passwords) => {
            kind == "password" && count.is_none_or(|count| i64::try_from(passwords.len()) == Ok(count))
        }
        StatedAuthentication::WriteOnly(_) | StatedAuthentication::Reference(..) => {
            let changed = matches!((&model.password_count, count), (Field::Known(before), Some(count)) if *before != count);
            kind == "password" && !changed
        }
        StatedAuthentication::NoPassword => kind == NO_PASSWORD,
        StatedAuthentication::Iam => kind == "iam",
        StatedAuthentication::None => false,
    };
    model.password_count = counted.clone();
    if let Field::Known(blocks) = &mut model.authentication_mode
        && let Some(mode) = blocks.first_mut()
    {
        mode.password_count = counted.clone();
        if !is_stated {
            *mode = AuthenticationModeModel {
                r#type: kind.into(),
                passwords: Field::Null,
                password_count: counted,
            };
        }
        return model;
    }
    if !is_stated {
        // Only the state of an import has no ARN. AWS does not return passwords.
        let imported = model.arn.is_null() && kind == "password";
        model.passwords = Field::Null;
        model.passwords_wo_version = Field::Null;
        model.password_secret_version_id = Field::Null;
        model.no_password_required = Field::Known(kind == NO_PASSWORD);
        if kind == "iam" || imported {
            let mode = AuthenticationModeModel {
                r#type: kind.into(),
                password_count: counted,
                ..Default::default()
            };
            model.authentication_mode = Field::Known(vec![mode]);
        }
    }
    model
}

/// True if AWS returns the authentication of a create. Of passwords it returns the number.
pub(super) fn is_satisfied_by(login: &UserAuthentication, user: &User) -> bool {
    let Some(authentication) = user.authentication() else { return false };
    let kind = UserAuthentication::observed(authentication);
    match login {
        UserAuthentication::Passwords(passwords) => {
            kind == Some("password")
                && authentication
                    .password_count()
                    .is_none_or(|count| usize::try_from(count) == Ok(passwords.len()))
        }
        UserAuthentication::NoPassword => kind == Some(NO_PASSWORD),
        UserAuthentication::Iam => kind == Some("iam"),
    }
}

/// The number of passwords. AWS returns it for users with passwords.
fn count(authentication: &Authentication, kind: &str) -> Option<i64> {
    match kind {
        "password" => authentication.password_count().map(i64::from),
        _ => Some(0),
    }
}
