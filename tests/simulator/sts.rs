//! Security Token Service: who calls, and roles taken on.

use super::clock;
use super::protocol::{Millis, Params, Place, ServiceError, Xml};
use super::route::DEFAULT_ACCOUNT;
use super::state::unknown;
use super::stores::{ALPHANUMERIC, scramble};
use std::collections::BTreeMap;

/// Sessions by access key.
#[derive(Debug, Clone, Default)]
pub(super) struct Sessions(BTreeMap<String, Session>);

#[derive(Debug, Clone)]
struct Session {
    account: String,
    arn: String,
}

impl Sessions {
    /// The account and ARN behind an access key. A key of twelve digits is an account's, as with
    /// other local emulators; AWS's keys do not show their account so.
    pub(super) fn who(&self, key: &str) -> (String, String) {
        if let Some(session) = self.0.get(key) {
            return (session.account.clone(), session.arn.clone());
        }
        let is_account = key.len() == 12 && key.bytes().all(|byte| byte.is_ascii_digit());
        let account = if is_account { key } else { DEFAULT_ACCOUNT };
        (account.to_owned(), format!("arn:aws:iam::{account}:user/simulator"))
    }
}

/// The service.
#[derive(Debug, Default)]
pub(super) struct Sts {
    pub(super) sessions: Sessions,
}

impl Sts {
    pub(super) fn call(
        &mut self,
        caller: &str,
        place: &Place,
        action: &str,
        params: &Params,
        now: Millis,
    ) -> Result<Vec<Xml>, ServiceError> {
        match action {
            "GetCallerIdentity" => Ok(identity(caller, place)),
            "AssumeRole" => self.assume(params, now),
            "AssumeRoleWithWebIdentity" => {
                let token = required(params, "WebIdentityToken")?;
                let mut answer = self.assume(params, now)?;
                let subject = scramble(token, ALPHANUMERIC, 21);
                answer.push(Xml::text("SubjectFromWebIdentityToken", subject));
                answer.push(Xml::text("Audience", "sts.amazonaws.com"));
                answer.push(Xml::text("Provider", "arn:aws:iam::123456789012:oidc-provider/simulator"));
                Ok(answer)
            }
            _ => Err(unknown("sts", action)),
        }
    }

    fn assume(&mut self, params: &Params, now: Millis) -> Result<Vec<Xml>, ServiceError> {
        let role = required(params, "RoleArn")?;
        let session = required(params, "RoleSessionName")?;
        let parts: Vec<&str> = role.splitn(6, ':').collect();
        let [_, _, "iam", "", account, path] = parts.as_slice() else {
            return Err(ServiceError::new("ValidationError", format!("{role} is invalid")));
        };
        let Some(path) = path.strip_prefix("role/") else {
            return Err(ServiceError::new("ValidationError", format!("{role} is invalid")));
        };
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
        if !(2..=64).contains(&session.len()) || !session.chars().all(allowed) {
            let message = format!(
                "1 validation error detected: Value '{session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"
            );
            return Err(ServiceError::new("ValidationError", message));
        }
        let duration = match params.get("DurationSeconds").map(str::parse::<u64>) {
            None => 3600,
            Some(Ok(seconds)) if (900..=43_200).contains(&seconds) => seconds,
            Some(_) => {
                return Err(ServiceError::new("ValidationError", "DurationSeconds is out of its range"));
            }
        };
        let name = path.rsplit('/').next().unwrap_or(path);
        let arn = format!("arn:aws:sts::{account}:assumed-role/{name}/{session}");
        let seed = format!("{arn}#{}", self.sessions.0.len());
        let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let key = format!("ASIA{}", scramble(&seed, upper, 16));
        self.sessions.0.insert(key.clone(), Session { account: (*account).to_owned(), arn: arn.clone() });
        let credentials = vec![
            Xml::text("AccessKeyId", &key),
            Xml::text("SecretAccessKey", scramble(&format!("{seed}secret"), ALPHANUMERIC, 40)),
            Xml::text("SessionToken", scramble(&format!("{seed}token"), ALPHANUMERIC, 128)),
            Xml::text("Expiration", clock::iso(now + duration * 1000)),
        ];
        let role_id = format!("AROA{}:{session}", scramble(role, upper, 17));
        let user = vec![Xml::text("AssumedRoleId", role_id), Xml::text("Arn", arn)];
        Ok(vec![Xml::element("Credentials", credentials), Xml::element("AssumedRoleUser", user)])
    }
}

fn identity(caller: &str, place: &Place) -> Vec<Xml> {
    vec![
        Xml::text("Arn", caller),
        Xml::text("UserId", format!("AIDA{}", scramble(caller, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 17))),
        Xml::text("Account", &place.account),
    ]
}

fn required<'a>(params: &'a Params, name: &str) -> Result<&'a str, ServiceError> {
    params.get(name).filter(|value| !value.is_empty()).ok_or_else(|| {
        let mut letters = name.chars();
        let path: String =
            letters.next().into_iter().flat_map(char::to_lowercase).chain(letters.clone()).collect();
        let message = format!(
            "1 validation error detected: Value null at '{path}' failed to satisfy constraint: Member must not be null"
        );
        ServiceError::new("ValidationError", message)
    })
}
