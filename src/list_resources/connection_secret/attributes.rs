//! Attributes of the list resource `elasticache_connection_secret`.

use crate::list_resources::secrets::name_prefix;
use crate::object;
use crate::schema::common;
use crate::value::Field;

object! {
    /// Lists the secrets in Secrets Manager with a prefix. Secrets Manager does not return what a secret holds without its
    /// value: choose the prefix of secrets that hold connections. Secrets of AWS services and replicas are omitted.
    pub struct ConnectionSecretsModel {
        name_prefix: Field<String> = name_prefix(),
        region: Field<String> = common::region_to_list(),
    }
}
