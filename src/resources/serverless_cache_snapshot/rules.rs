//! Rules for values of a snapshot of a serverless cache.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::schema::pattern;

/// User guide of S3, "General purpose bucket naming rules".
pub(super) static BUCKET: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[a-z0-9][a-z0-9.-]*[a-z0-9]$"));
