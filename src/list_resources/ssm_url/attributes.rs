//! Attributes of the list resource `elasticache_ssm_url`.

use crate::object;
use crate::schema::{Check, common, required};
use crate::value::{Field, Value};

object! {
    /// Lists the SSM parameters below a path. SSM does not return what a parameter holds without its value: choose a path with
    /// connection URLs only.
    pub struct SsmUrlsModel {
        /// Path of the parameters, such as `/booking/cache`. Case is significant. Parameters at any depth below it
        /// are listed.
        path: Field<String> = required().check(Check::By(check_path)),
        region: Field<String> = common::region_to_list(),
    }
}

fn check_path(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(path) if !path.starts_with('/') => {
            Err(format!("must be a path that begins with \"/\", such as \"/booking/cache\", but is {path:?}"))
        }
        _ => Ok(()),
    }
}
