//! The data sources. Deleting a module and its line below removes the data source.

use crate::engine::AnyDataSource;

/// Every data source of the provider, by name. Server, docs and tests walk this list.
pub static DATA_SOURCES: &[&dyn AnyDataSource] = &[];
