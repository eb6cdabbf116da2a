//! ARNs as import IDs.

use crate::diag::Diagnostic;

/// The ARNs of one type of object: `arn:PARTITION:SERVICE:REGION:ACCOUNT:` and a prefix that
/// the ID follows.
#[derive(Debug, Clone, Copy)]
pub struct ArnForm {
    /// The service, as ARNs name it.
    pub service: &'static str,
    /// What precedes the ID, such as `replicationgroup:`.
    pub prefix: &'static str,
    /// The ID of an object as import accepts it, from what follows the prefix.
    pub id: fn(&str) -> String,
    /// Whether an ID may itself have the form of an ARN, as the name of an alarm may.
    pub any_id: bool,
}

impl ArnForm {
    /// ARNs that end with the ID.
    pub const fn new(service: &'static str, prefix: &'static str) -> Self {
        Self { service, prefix, id: str::to_owned, any_id: false }
    }

    /// The same, for IDs that may themselves have the form of an ARN.
    #[must_use]
    pub const fn of_any_id(self) -> Self {
        Self { any_id: true, ..self }
    }

    /// ID and Region of an object, from its ARN.
    ///
    /// # Errors
    /// A diagnostic that shows the form, when it is the ARN of something else.
    pub(in crate::engine) fn read(&self, type_name: &str, arn: &str) -> Result<(String, String), Diagnostic> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        if let ["arn", _, service, region, _, resource] = parts[..]
            && service == self.service
            && let Some(id) = resource.strip_prefix(self.prefix).filter(|id| !id.is_empty())
        {
            return Ok(((self.id)(id), region.to_owned()));
        }
        let of_any_id = match self.any_id {
            true => " An object with this name is imported by its own ARN, or by an `identity`.",
            false => "",
        };
        Err(Diagnostic::error(
            "Invalid import ID",
            format!(
                "{arn:?} is not the ARN of an object that {type_name} manages. Such an ARN has the form \
                 arn:aws:{}:REGION:ACCOUNT:{}ID; the ID alone is accepted as well.{of_any_id}",
                self.service, self.prefix
            ),
        ))
    }
}
