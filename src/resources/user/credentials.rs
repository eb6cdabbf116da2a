//! How a user logs in: what the arguments say, and what AWS shows.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::{Authentication, User};

use super::model::{AuthenticationModeModel, UserModel};
use crate::aws::Secret;
use crate::resources::access::{Login, NO_PASSWORD};
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
    if said(prior) == said(planned) { None } else { wanted(config, planned) }
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
        Said::WriteOnly(_) => {
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
        model.passwords = Field::Null;
        model.passwords_wo_version = Field::Null;
        model.no_password_required = Field::Known(kind == NO_PASSWORD);
        if kind == "iam" {
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

/// The passwords AWS knows of. It tells their number for users that have some.
fn count(authentication: &Authentication, kind: &str) -> Option<i64> {
    match kind {
        "password" => authentication.password_count().map(i64::from),
        _ => Some(0),
    }
}
