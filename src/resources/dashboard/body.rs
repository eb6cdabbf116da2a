//! The body of a dashboard: pure functions from a replication group or a serverless cache to widgets.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html>

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::attributes::{DashboardModel, GroupModel};
use crate::value::Field;

/// Width and height of a graph on the grid of 24 columns.
const SIZE: (u64, u64) = (6, 6);
/// Graphs in a line.
const COLUMNS: u64 = 4;

/// "Up to 500 widgets per dashboard" and "up to 2500 metrics per dashboard, across all widgets"
/// (CloudWatch service quotas).
const MOST_WIDGETS: usize = 500;
const MOST_METRICS: usize = 2500;

/// A graph: its title, and metrics, each with its statistic. A metric on the right axis ends with `>`.
struct Graph {
    title: &'static str,
    metrics: &'static [(&'static str, &'static str)],
    /// Lowest and highest value of the left axis.
    range: (f64, Option<f64>),
}

/// What people look at first, in the order in which they read: the user guide's "Which Metrics
/// Should I Monitor?", and the commands by type.
const GRAPHS: &[Graph] = &[
    Graph {
        title: "CPU (%)",
        metrics: &[("CPUUtilization", "Average"), ("EngineCPUUtilization", "Average")],
        range: (0.0, Some(100.0)),
    },
    Graph {
        title: "Memory (%)",
        metrics: &[("DatabaseMemoryUsagePercentage", "Average")],
        range: (0.0, Some(100.0)),
    },
    Graph { title: "Evictions", metrics: &[("Evictions", "Sum")], range: (0.0, None) },
    Graph { title: "Connections", metrics: &[("CurrConnections", "Average")], range: (0.0, None) },
    Graph { title: "Hit rate (%)", metrics: &[("CacheHitRate", "Average")], range: (0.0, Some(100.0)) },
    Graph { title: "Replication lag (s)", metrics: &[("ReplicationLag", "Average")], range: (0.0, None) },
    Graph {
        title: "Network (bytes)",
        metrics: &[("NetworkBytesIn", "Sum"), ("NetworkBytesOut", "Sum")],
        range: (0.0, None),
    },
    Graph {
        title: "Commands by type",
        metrics: &[
            ("GetTypeCmds", "Sum"),
            ("SetTypeCmds", "Sum"),
            ("KeyBasedCmds", "Sum"),
            ("HashBasedCmds", "Sum"),
            ("ListBasedCmds", "Sum"),
            ("SetBasedCmds", "Sum"),
            ("SortedSetBasedCmds", "Sum"),
            ("EvalBasedCmds", "Sum"),
        ],
        range: (0.0, None),
    },
];

/// The same of a serverless cache: the metrics of the user guide, "Metrics and events for Valkey and Redis OSS serverless
/// caches".
const SERVERLESS_GRAPHS: &[Graph] = &[
    Graph { title: "ECPUs", metrics: &[("ElastiCacheProcessingUnits", "Sum")], range: (0.0, None) },
    Graph { title: "Data (bytes)", metrics: &[("BytesUsedForCache", "Maximum")], range: (0.0, None) },
    Graph { title: "Throttled commands", metrics: &[("ThrottledCmds", "Sum")], range: (0.0, None) },
    Graph {
        title: "Latency (microseconds)",
        metrics: &[("SuccessfulReadRequestLatency", "Average"), ("SuccessfulWriteRequestLatency", "Average")],
        range: (0.0, None),
    },
    Graph { title: "Evictions", metrics: &[("Evictions", "Sum")], range: (0.0, None) },
    Graph { title: "Connections", metrics: &[("CurrConnections", "Average")], range: (0.0, None) },
    Graph { title: "Hit rate (%)", metrics: &[("CacheHitRate", "Average")], range: (0.0, Some(100.0)) },
    Graph {
        title: "Network (bytes)",
        metrics: &[("NetworkBytesIn", "Sum"), ("NetworkBytesOut", "Sum")],
        range: (0.0, None),
    },
];

/// What a dashboard shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The nodes of a replication group.
    Group,
    /// A serverless cache.
    Serverless,
}

impl Kind {
    /// The title, before the name.
    pub(super) fn title(self) -> &'static str {
        match self {
            Kind::Group => "# Replication group ",
            Kind::Serverless => "# Serverless cache ",
        }
    }

    /// The title of the first graph of each section.
    pub(super) fn first_graph(self) -> &'static str {
        self.graphs().first().map_or("", |graph| graph.title)
    }

    fn graphs(self) -> &'static [Graph] {
        match self {
            Kind::Group => GRAPHS,
            Kind::Serverless => SERVERLESS_GRAPHS,
        }
    }

    /// The dimension of the metrics: that of serverless caches is in recorded listings of CloudWatch
    /// (cdklabs/cdk-monitoring-constructs#766).
    fn dimension(self) -> &'static str {
        match self {
            Kind::Group => "CacheClusterId",
            Kind::Serverless => "clusterId",
        }
    }
}

/// A section of the dashboard: a shard, or the whole group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Section {
    /// ID of the shard; empty for a group that is shown as a whole.
    pub(super) shard: String,
    /// IDs of the nodes.
    pub(super) nodes: Vec<String>,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Picture {
    pub(super) kind: Kind,
    /// ID of the replication group, or name of the serverless cache.
    pub(super) name: String,
    /// Region of its metrics.
    pub(super) region: String,
    pub(super) sections: Vec<Section>,
    /// Seconds of a data point.
    pub(super) period: i64,
    /// Thresholds by metric, each once.
    pub(super) thresholds: BTreeMap<String, Vec<f64>>,
}

/// The body that the model describes: unknown while a part of it is, null without a cache.
///
/// # Errors
/// What CloudWatch does not accept, completing "The dashboard …".
pub(super) fn body(model: &DashboardModel) -> Result<Field<String>, String> {
    match &model.replication_group {
        Field::Known(group) if group.id.is_null() => return Ok(Field::Null),
        Field::Known(_) => {}
        Field::Unknown => return Ok(Field::Unknown),
        Field::Null if model.serverless_cache_name.is_unknown() => return Ok(Field::Unknown),
        Field::Null if model.serverless_cache_name.text().is_none() => return Ok(Field::Null),
        Field::Null => {}
    }
    let Some(picture) = picture(model) else { return Ok(Field::Unknown) };
    let extra = match &model.widgets {
        Field::Unknown => return Ok(Field::Unknown),
        Field::Null => Vec::new(),
        Field::Known(text) => match serde_json::from_str(text) {
            Ok(Json::Array(widgets)) => widgets,
            // Validation refuses it at the argument.
            _ => Vec::new(),
        },
    };
    let widgets: Vec<Json> = widgets(&picture).into_iter().chain(extra).collect();
    let metrics: usize = widgets.iter().map(metrics_of).sum();
    if widgets.len() > MOST_WIDGETS || metrics > MOST_METRICS {
        return Err(format!(
            "would have {} widgets with {metrics} metrics, and CloudWatch accepts {MOST_WIDGETS} widgets and \
             {MOST_METRICS} metrics in a dashboard. Show a part of the group: set `replication_group` to an \
             object with `id` and some of the `node_groups`, and use one dashboard for each part.",
            widgets.len()
        ));
    }
    Ok(Field::Known(json!({ "widgets": widgets }).to_string()))
}

fn metrics_of(widget: &Json) -> usize {
    widget.pointer("/properties/metrics").and_then(Json::as_array).map_or(0, Vec::len)
}

/// The cache that the model shows, with the Region of its metrics; `None` while it is unknown.
pub(super) fn cache(model: &DashboardModel) -> Option<String> {
    let (kind, name, region) = match &model.replication_group {
        Field::Known(group) => ("replication group", group.id.text()?.to_owned(), region(model, group)?),
        Field::Null => {
            ("serverless cache", model.serverless_cache_name.text()?.to_lowercase(), model.region.known()?)
        }
        Field::Unknown => return None,
    };
    Some(format!("{kind} {name:?} in {region}"))
}

/// The Region of the metrics of a replication group.
fn region<'a>(model: &'a DashboardModel, group: &'a GroupModel) -> Option<&'a String> {
    match &group.region {
        Field::Null => model.region.known(),
        given => given.known(),
    }
}

/// What the model describes; `None` while a part of it is unknown.
fn picture(model: &DashboardModel) -> Option<Picture> {
    if model.replication_group.is_null() {
        let name = model.serverless_cache_name.text()?.to_lowercase();
        return Some(Picture {
            kind: Kind::Serverless,
            sections: vec![Section { shard: String::new(), nodes: vec![name.clone()] }],
            name,
            region: model.region.known()?.clone(),
            period: *model.period.known()?,
            thresholds: thresholds(model)?,
        });
    }
    let group = model.replication_group.known()?;
    Some(Picture {
        kind: Kind::Group,
        name: group.id.known()?.clone(),
        region: region(model, group)?.clone(),
        sections: sections(group)?,
        period: *model.period.known()?,
        thresholds: thresholds(model)?,
    })
}

/// The shards, or all nodes in one section where there is one shard or none is given.
fn sections(group: &GroupModel) -> Option<Vec<Section>> {
    let shards = match &group.node_groups {
        Field::Unknown => return None,
        Field::Null => &[][..],
        Field::Known(shards) => shards.as_slice(),
    };
    let mut sections = Vec::new();
    for shard in shards {
        let nodes = match &shard.nodes {
            Field::Unknown => return None,
            Field::Null => continue,
            Field::Known(nodes) => nodes,
        };
        let mut names = Vec::new();
        for node in nodes {
            match &node.cache_cluster_id {
                Field::Unknown => return None,
                Field::Null => {}
                Field::Known(id) => names.push(id.clone()),
            }
        }
        names.sort();
        if shard.node_group_id.is_unknown() {
            return None;
        }
        let shard = shard.node_group_id.text().unwrap_or_default().to_owned();
        sections.push(Section { shard, nodes: names });
    }
    if sections.len() > 1 {
        sections.sort_by(|a, b| a.shard.cmp(&b.shard));
        return Some(sections);
    }
    let mut nodes = match &group.member_clusters {
        Field::Unknown => return None,
        Field::Null => sections.pop().map(|section| section.nodes).unwrap_or_default(),
        Field::Known(members) => members.clone(),
    };
    nodes.sort();
    Some(vec![Section { shard: String::new(), nodes }])
}

/// The thresholds of the alarms, each once for its metric.
fn thresholds(model: &DashboardModel) -> Option<BTreeMap<String, Vec<f64>>> {
    let mut found: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let alarms = match &model.alarm_set {
        Field::Unknown => return None,
        Field::Null => return Some(found),
        Field::Known(set) => &set.alarms,
    };
    let alarms = match alarms {
        Field::Unknown => return None,
        Field::Null => return Some(found),
        Field::Known(alarms) => alarms,
    };
    for alarm in alarms.values() {
        if alarm.metric_name.is_unknown() || alarm.threshold.is_unknown() {
            return None;
        }
        if let (Some(metric), Some(threshold)) = (alarm.metric_name.text(), alarm.threshold.known()) {
            let values = found.entry(metric.to_owned()).or_default();
            if !values.contains(threshold) {
                values.push(*threshold);
            }
        }
    }
    for values in found.values_mut() {
        values.sort_by(f64::total_cmp);
    }
    Some(found)
}

/// The widgets of a picture: a title, then each section with its graphs, four in a line.
pub(super) fn widgets(picture: &Picture) -> Vec<Json> {
    let graphs = picture.kind.graphs();
    let mut widgets = vec![text(0, &format!("{}{}", picture.kind.title(), picture.name))];
    let mut y = 1;
    for section in &picture.sections {
        if !section.shard.is_empty() {
            widgets.push(text(y, &format!("## Shard {}", section.shard)));
            y += 1;
        }
        for (at, graph) in (0_u64..).zip(graphs) {
            let (x, line) = (at % COLUMNS * SIZE.0, at / COLUMNS * SIZE.1);
            widgets.push(json!({
                "type": "metric",
                "x": x,
                "y": y + line,
                "width": SIZE.0,
                "height": SIZE.1,
                "properties": properties(picture, section, graph),
            }));
        }
        y += (graphs.len() as u64).div_ceil(COLUMNS) * SIZE.1;
    }
    widgets
}

fn text(y: u64, markdown: &str) -> Json {
    json!({
        "type": "text",
        "x": 0,
        "y": y,
        "width": 24,
        "height": 1,
        "properties": { "markdown": markdown, "background": "transparent" },
    })
}

fn properties(picture: &Picture, section: &Section, graph: &Graph) -> Json {
    let several = graph.metrics.len() > 1;
    let metrics: Vec<Json> = section
        .nodes
        .iter()
        .flat_map(|node| graph.metrics.iter().map(move |(metric, statistic)| (node, metric, statistic)))
        .map(|(node, metric, statistic)| {
            let label = if several { format!("{node} {metric}") } else { node.clone() };
            let dimension = picture.kind.dimension();
            json!(["AWS/ElastiCache", metric, dimension, node, { "stat": statistic, "label": label }])
        })
        .collect();
    let mut axis = json!({ "min": graph.range.0 });
    if let Some(max) = graph.range.1 {
        axis["max"] = json!(max);
    }
    let mut properties = json!({
        "title": graph.title,
        "region": picture.region,
        "view": "timeSeries",
        "stacked": false,
        "period": picture.period,
        "metrics": metrics,
        "yAxis": { "left": axis },
    });
    let lines: Vec<Json> = graph
        .metrics
        .iter()
        .flat_map(|(metric, _)| {
            picture.thresholds.get(*metric).into_iter().flatten().map(move |it| (metric, it))
        })
        .map(|(metric, threshold)| json!({ "label": format!("Alarm on {metric}"), "value": threshold }))
        .collect();
    if !lines.is_empty() {
        properties["annotations"] = json!({ "horizontal": lines });
    }
    properties
}
