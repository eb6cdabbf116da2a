//! The arguments of an imported dashboard, from its body.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::attributes::{AlarmModel, AlarmSetModel, DashboardModel, GroupModel, NodeModel, ShardModel};
use super::body::{Kind, Picture, Section, widgets};
use super::validate::same_text;
use crate::value::Field;

/// The model with the arguments that its body has been made from; unchanged where the body is
/// not one that this resource writes.
pub(super) fn arguments(model: DashboardModel) -> DashboardModel {
    let read = model.body.text().and_then(|body| serde_json::from_str::<Json>(body).ok());
    let Some(found) = read.as_ref().and_then(|body| body.get("widgets")?.as_array()) else { return model };
    let Some(picture) = picture(found) else { return model };
    let ours = widgets(&picture);
    let Some(extra) = found.get(ours.len()..) else { return model };
    let is_ours = |(a, b): (&Json, &Json)| same_text(&a.to_string(), &b.to_string());
    if !ours.iter().zip(found).all(is_ours) {
        return model;
    }
    let widgets = match extra {
        [] => Field::Null,
        extra => Field::Known(Json::from(extra.to_vec()).to_string()),
    };
    let alarm_set = alarm_set(&picture);
    let (replication_group, serverless_cache_name) = match picture.kind {
        Kind::Group => (Field::Known(group(&picture)), Field::Null),
        Kind::Serverless => (Field::Null, Field::Known(picture.name)),
    };
    let period = Field::Known(picture.period);
    DashboardModel { replication_group, serverless_cache_name, alarm_set, period, widgets, ..model }
}

/// The picture that widgets show, if the first of them is the title that this resource writes.
fn picture(widgets: &[Json]) -> Option<Picture> {
    let markdown = |widget: &Json| Some(widget.pointer("/properties/markdown")?.as_str()?.to_owned());
    let heading = markdown(widgets.first()?)?;
    let named = |kind: Kind| Some((kind, heading.strip_prefix(kind.title())?.to_owned()));
    let (kind, name) = named(Kind::Group).or_else(|| named(Kind::Serverless))?;
    let mut sections: Vec<Section> = Vec::new();
    let mut thresholds: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let (mut region, mut period, mut titled) = (None, None, String::new());
    for widget in widgets.iter().skip(1) {
        if let Some(shard) = markdown(widget).as_deref().and_then(|text| text.strip_prefix("## Shard ")) {
            shard.clone_into(&mut titled);
            continue;
        }
        let Some(title) = widget.pointer("/properties/title").and_then(Json::as_str) else { continue };
        let Some(metrics) = widget.pointer("/properties/metrics").and_then(Json::as_array) else { continue };
        if title == kind.first_graph() {
            let mut nodes: Vec<String> =
                metrics.iter().filter_map(|metric| Some(metric.get(3)?.as_str()?.to_owned())).collect();
            nodes.dedup();
            sections.push(Section { shard: std::mem::take(&mut titled), nodes });
            region = widget.pointer("/properties/region").and_then(Json::as_str).map(str::to_owned);
            period = widget.pointer("/properties/period").and_then(Json::as_i64);
        }
        let lines = widget.pointer("/properties/annotations/horizontal").and_then(Json::as_array);
        for line in lines.into_iter().flatten() {
            let metric = line.get("label").and_then(Json::as_str)?.strip_prefix("Alarm on ")?;
            let values = thresholds.entry(metric.to_owned()).or_default();
            let value = line.get("value")?.as_f64()?;
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }
    Some(Picture { kind, name, region: region?, sections, period: period?, thresholds })
}

fn group(picture: &Picture) -> GroupModel {
    let members: Vec<String> = picture.sections.iter().flat_map(|section| section.nodes.clone()).collect();
    let node = |id: &String| NodeModel { cache_cluster_id: Field::Known(id.clone()) };
    let shard = |section: &Section| ShardModel {
        node_group_id: Field::Known(section.shard.clone()),
        nodes: Field::Known(section.nodes.iter().map(node).collect()),
    };
    let shards = match picture.sections.as_slice() {
        [_] => Field::Null,
        sections => Field::Known(sections.iter().map(shard).collect()),
    };
    GroupModel {
        id: Field::Known(picture.name.clone()),
        member_clusters: Field::Known(members),
        node_groups: shards,
        region: Field::Known(picture.region.clone()),
    }
}

/// Alarms that draw the thresholds of the picture: null where it has none.
fn alarm_set(picture: &Picture) -> Field<AlarmSetModel> {
    let mut alarms = BTreeMap::new();
    for (metric, thresholds) in &picture.thresholds {
        for (at, threshold) in thresholds.iter().enumerate() {
            let key = if at == 0 { metric.clone() } else { format!("{metric}-{}", at + 1) };
            let alarm =
                AlarmModel { metric_name: metric.as_str().into(), threshold: Field::Known(*threshold) };
            alarms.insert(key, alarm);
        }
    }
    if alarms.is_empty() { Field::Null } else { Field::Known(AlarmSetModel { alarms: Field::Known(alarms) }) }
}
