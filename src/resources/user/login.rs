//! How a user logs in: what the arguments say, and what AWS shows.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::{Authentication, User};

use super::model::{AuthenticationModeModel, UserModel};
use super::validate::password_problems;
use crate::aws::Secret;
use crate::diag::Diagnostic;
use crate::engine::Context;
use crate::services::elasticache::authentication::{Login, NO_PASSWORD};
use crate::value::Field;

/// How the user is to log in; `None` when the arguments do not say.
pub(super) fn wanted(config: &UserModel, planned: &UserModel) -> Option<Login> {
    if let Some(passwords) = config.passwords_wo.known().filter(|passwords| !passwords.is_empty()) {
        return Some(Login::Passwords(passwords.clone()));
    }
    let passwords = |set: &Field<crate::value::SetOf<Secret>>| {
        set.known().filter(|set| !set.0.is_empty()).map(|set| Login::Passwords(set.0.clone()))
    };
    if let Some(mode) = planned.mode() {
        return match mode.r#type.text()? {
            "iam" => Some(Login::Iam),
            NO_PASSWORD => Some(Login::NoPassword),
            _ => passwords(&mode.passwords),
        };
    }
    passwords(&planned.passwords)
        .or_else(|| planned.no_password_required.is_true().then_some(Login::NoPassword))
}

/// What a state or plan says of the login, without regard to the argument that says it.
#[derive(PartialEq, Eq)]
enum Said {
    /// These passwords.
    Passwords(BTreeSet<String>),
    /// Passwords of this version, which the state does not have.
    WriteOnly(Option<i64>),
    /// The password in this version of this secret.
    Reference(String, String),
    /// None needed.
    NoPassword,
    /// IAM.
    Iam,
    /// Nothing, or passwords that are not known.
    Nothing,
}

fn said(model: &UserModel) -> Said {
    if let Field::Known(version) = model.passwords_wo_version {
        return Said::WriteOnly(Some(version));
    }
    if let (Some(arn), Some(version)) =
        (model.password_secret_arn.text(), model.password_secret_version_id.text())
    {
        return Said::Reference(arn.to_owned(), version.to_owned());
    }
    match wanted(&UserModel::default(), model) {
        Some(Login::Passwords(passwords)) => {
            Said::Passwords(passwords.iter().map(|password| password.expose().to_owned()).collect())
        }
        Some(Login::NoPassword) => Said::NoPassword,
        Some(Login::Iam) => Said::Iam,
        None => Said::Nothing,
    }
}

/// How the user is to log in from now on; `None` when that stays as it is.
pub(super) fn change(config: &UserModel, prior: &UserModel, planned: &UserModel) -> Option<Login> {
    let same = said(prior) == said(planned) && !drops_previous(prior, planned);
    if same { None } else { wanted(config, planned) }
}

/// True when the password that the last rotation kept is to go.
fn drops_previous(prior: &UserModel, planned: &UserModel) -> bool {
    planned.reference().is_certain() && prior.retains_previous() && !planned.retains_previous()
}

/// The configuration with the password that is given by reference, as if it were given by
/// `passwords_wo`; with the one of the version before, which a rotation keeps valid. The
/// secret is read only where the password is to be sent.
///
/// # Errors
/// A diagnostic at the reference that leads to no password.
pub(super) async fn with_password(
    cx: &Context<'_>,
    mut config: UserModel,
    prior: Option<&UserModel>,
    planned: &UserModel,
) -> Result<UserModel, Diagnostic> {
    let reference = planned.reference();
    let sent = prior.is_none_or(|prior| said(prior) != said(planned) || drops_previous(prior, planned));
    if !sent {
        return Ok(config);
    }
    let Some(password) = reference.read(cx, password_problems).await? else { return Ok(config) };
    let before =
        prior.map(UserModel::reference).filter(|before| before.is_certain() && reference.differs(before));
    let mut passwords = vec![password];
    if let Some(before) = before.filter(|_| planned.retains_previous()) {
        match before.read(cx, password_problems).await {
            Ok(old) => {
                let other = old.filter(|old| !passwords.contains(old));
                passwords.extend(other);
            }
            Err(error) => cx.warn(Diagnostic::warning(
                "The previous password could not be kept valid",
                format!(
                    "User {:?} has only the new password, because the version before cannot be read: {}",
                    planned.aws_id(),
                    error.detail
                ),
            )),
        }
    }
    config.passwords_wo = Field::Known(passwords);
    Ok(config)
}

/// How many passwords the user will have, as far as the plan knows.
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
    let open = planned.passwords_wo_version.is_unknown()
        || config.passwords_wo.is_unknown()
        || planned.passwords.is_unknown()
        || planned.authentication_mode.is_unknown()
        || planned.no_password_required.is_unknown()
        || planned.mode().is_some_and(|mode| mode.passwords.is_unknown() || mode.r#type.is_unknown());
    if open {
        return None;
    }
    match wanted(config, planned)? {
        Login::Passwords(passwords) => i64::try_from(passwords.len()).ok(),
        Login::NoPassword | Login::Iam => Some(0),
    }
}

/// The kind of authentication, in the spelling of `authentication_mode`; `None` while the
/// arguments do not say.
pub(super) fn kind(model: &UserModel) -> Option<&'static str> {
    match said(model) {
        Said::Passwords(_) | Said::WriteOnly(_) | Said::Reference(..) => Some("password"),
        Said::NoPassword => Some(NO_PASSWORD),
        Said::Iam => Some("iam"),
        Said::Nothing => None,
    }
}

/// The model with how AWS says the user logs in. Where that is as the state says, the
/// state stays; where it is not, the difference shows in the argument the state uses, or
/// takes away what the state believed about passwords, so that they are sent again.
pub(super) fn with_live(mut model: UserModel, user: &User) -> UserModel {
    let Some(authentication) = user.authentication() else { return model };
    let Some(kind) = Login::shown(authentication) else { return model };
    let count = count(authentication, kind);
    let counted = count.map_or(Field::Null, Field::Known);
    let as_said = match said(&model) {
        Said::Passwords(passwords) => {
            kind == "password" && count.is_none_or(|count| i64::try_from(passwords.len()) == Ok(count))
        }
        Said::WriteOnly(_) | Said::Reference(..) => {
            let changed =
                matches!((&model.password_count, count), (Field::Known(old), Some(new)) if *old != new);
            kind == "password" && !changed
        }
        Said::NoPassword => kind == NO_PASSWORD,
        Said::Iam => kind == "iam",
        Said::Nothing => false,
    };
    model.password_count = counted.clone();
    if let Field::Known(blocks) = &mut model.authentication_mode
        && let Some(mode) = blocks.first_mut()
    {
        mode.password_count = counted.clone();
        if !as_said {
            *mode = AuthenticationModeModel {
                r#type: kind.into(),
                passwords: Field::Null,
                password_count: counted,
            };
        }
        return model;
    }
    if !as_said {
        // An import, which alone has no ARN yet, finds how the user logs in, but no password.
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

/// True when a user logs in as a create asked for, as far as AWS shows it.
pub(super) fn agree(login: &Login, user: &User) -> bool {
    let Some(authentication) = user.authentication() else { return false };
    let kind = Login::shown(authentication);
    match login {
        Login::Passwords(passwords) => {
            kind == Some("password")
                && authentication
                    .password_count()
                    .is_none_or(|count| usize::try_from(count) == Ok(passwords.len()))
        }
        Login::NoPassword => kind == Some(NO_PASSWORD),
        Login::Iam => kind == Some("iam"),
    }
}

/// The passwords AWS knows of. It tells their number for users that have some.
fn count(authentication: &Authentication, kind: &str) -> Option<i64> {
    match kind {
        "password" => authentication.password_count().map(i64::from),
        _ => Some(0),
    }
}
