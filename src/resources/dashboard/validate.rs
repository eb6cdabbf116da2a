//! Rules over the values of a dashboard.

use std::sync::LazyLock;

use regex_lite::Regex;
use serde_json::Value as Json;

use crate::schema::{Equivalence, pattern};
use crate::value::Value;

/// API reference of PutDashboard, `DashboardName`.
pub(super) static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Za-z0-9_-]+$"));

/// JSON texts of the same meaning.
pub(super) const SAME_JSON: Equivalence = Equivalence::By(same_json);

/// The periods that CloudWatch has data for (API reference of GetMetricData, `Period`).
pub(super) fn period(value: &Value) -> Result<(), String> {
    let Value::Number(number) = value else { return Ok(()) };
    match number.as_i64() {
        Some(1 | 5 | 10 | 30) => Ok(()),
        Some(seconds) if (60..=86_400).contains(&seconds) && seconds % 60 == 0 => Ok(()),
        _ => Err(format!("must be 1, 5, 10, 30, or a multiple of 60 up to 86400, but is {number}")),
    }
}

/// A list of objects that have a type, as the dashboard body structure has it.
pub(super) fn widgets(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    let widgets: Json =
        serde_json::from_str(text).map_err(|error| format!("must be valid JSON, but is not: {error}"))?;
    let Json::Array(widgets) = widgets else {
        return Err("must be a JSON list of widgets, as in jsonencode([{ type = \"text\", … }])".to_owned());
    };
    match widgets.iter().position(|widget| !widget.get("type").is_some_and(Json::is_string)) {
        Some(at) => Err(format!("must have a type in each widget, but widget {at} has none")),
        None => Ok(()),
    }
}

fn same_json(a: &Value, b: &Value) -> bool {
    a.as_str().zip(b.as_str()).is_some_and(|(a, b)| same_text(a, b))
}

/// True for JSON texts of the same meaning. Numbers are compared by value: CloudWatch keeps the
/// body as it was written, a person in the console may write `300.0`.
pub(super) fn same_text(a: &str, b: &str) -> bool {
    let parse = |text| serde_json::from_str::<Json>(text);
    a == b || matches!((parse(a), parse(b)), (Ok(a), Ok(b)) if same(&a, &b))
}

fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}
