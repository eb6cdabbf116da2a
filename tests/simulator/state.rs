//! All services of the simulated AWS.

use super::answer::Answer;
use super::cloudwatch::CloudWatch;
use super::ec2::Ec2;
use super::elasticache::{Config, ElastiCache};
use super::logs::Logs;
use super::protocol::{Millis, Params, Place, QueryService, ServiceError, Xml};
use super::route::{Payload, Protocol, Request};
use super::secretsmanager::SecretsManager;
use super::ssm::Ssm;
use super::sts::Sts;
use super::{clock, cloudwatch, tagging};
use serde_json::Value;
use std::fmt;

/// The simulated AWS.
pub struct AwsState {
    /// ElastiCache.
    pub elasticache: ElastiCache,
    pub(super) ssm: Ssm,
    pub(super) secrets: SecretsManager,
    pub(super) cloudwatch: CloudWatch,
    pub(super) logs: Logs,
    pub(super) ec2: Ec2,
    pub(super) sts: Sts,
}

impl fmt::Debug for AwsState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsState").finish_non_exhaustive()
    }
}

impl Default for AwsState {
    fn default() -> Self {
        Self {
            elasticache: ElastiCache::new(Config { start: clock::EPOCH, ..Config::default() }),
            ssm: Ssm::default(),
            secrets: SecretsManager::default(),
            cloudwatch: CloudWatch::default(),
            logs: Logs::default(),
            ec2: Ec2::default(),
            sts: Sts::default(),
        }
    }
}

impl AwsState {
    /// A call by another client, to a service that is asked with a document.
    pub fn ask(
        &mut self,
        place: &Place,
        service: &str,
        action: &str,
        input: &Value,
        now: Millis,
    ) -> Result<Value, ServiceError> {
        match service {
            "ssm" => self.ssm.call(place, action, input, now),
            "secretsmanager" => self.secrets.call(place, action, input, now),
            "cloudwatch" => self.cloudwatch.call(place, action, input, now),
            "logs" => self.logs.call(place, action, input, now),
            _ => Err(unknown(service, action)),
        }
    }

    /// A call by another client, to a service of the query protocol.
    pub fn query(
        &mut self,
        place: &Place,
        service: &str,
        action: &str,
        params: &Params,
        now: Millis,
    ) -> Result<Vec<Xml>, ServiceError> {
        match service {
            "elasticache" => self.elasticache.call(place, action, params, now),
            "ec2" => {
                let interfaces = self.elasticache.interfaces(place, now);
                self.ec2.call(place, action, params, &interfaces)
            }
            _ => Err(unknown(service, action)),
        }
    }

    /// The ID of the security group of that name.
    pub fn security_group(&mut self, place: &Place, name: &str) -> Option<String> {
        self.ec2.id_of(place, name)
    }

    /// The rules of a security group as `direction protocol from-to peer description`.
    pub fn rules(&mut self, place: &Place, group: &str) -> Vec<String> {
        self.ec2.rules(place, group)
    }

    /// Carries a request out.
    pub(super) fn carry_out(&mut self, request: &Request, now: Millis) -> Result<Answer, ServiceError> {
        let (place, action) = (&request.place, request.action.as_str());
        match (&request.payload, request.service) {
            (Payload::Form(params), "elasticache") => {
                self.elasticache.call(place, action, params, now).map(Answer::Elements)
            }
            (Payload::Form(params), "sts") => {
                self.sts.call(&request.caller, place, action, params, now).map(Answer::Elements)
            }
            (Payload::Form(params), "ec2") => {
                self.query(place, "ec2", action, params, now).map(Answer::Elements)
            }
            (Payload::Form(params), "cloudwatch") if request.protocol == Protocol::Query => {
                let document = cloudwatch::wire::document(params);
                self.cloudwatch.call(place, action, &document, now).map(Answer::Document)
            }
            (Payload::Document(input), service) => match service {
                "ssm" => self.ssm.call(place, action, input, now),
                "secretsmanager" => self.secrets.call(place, action, input, now),
                "cloudwatch" => self.cloudwatch.call(place, action, input, now),
                "logs" => self.logs.call(place, action, input, now),
                "tagging" => tagging::call(self, place, action, input, now),
                _ => Err(unknown(service, action)),
            }
            .map(Answer::Document),
            (_, service) => Err(unknown(service, action)),
        }
    }
}

/// An action that a service does not have, or that is not simulated.
pub(super) fn unknown(service: &str, action: &str) -> ServiceError {
    let message = format!("The simulated {service} does not know the action {action}");
    match service {
        "elasticache" | "sts" | "cloudwatch" | "ec2" => ServiceError::new("InvalidAction", message),
        _ => ServiceError::new("UnknownOperationException", message),
    }
}
