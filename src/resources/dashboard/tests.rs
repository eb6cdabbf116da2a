//! The body of a dashboard as a function, and the resource through the engine.

use serde_json::{Value as Json, json};

use super::attributes::{AlarmModel, AlarmSetModel, DashboardModel, GroupModel, NodeModel, ShardModel};
use super::validate::{period, same_text, widgets};
use super::{Dashboard, body, infer};
use crate::engine::{AnyResource, ApplyRequest};
use crate::testing::aws::{Answer, Call, FakeAws, config, problems, text_map};
use crate::value::{Field, IntoValue, Value};

const ARN: &str = "arn:aws:cloudwatch::123456789012:dashboard/elasticache-main";

fn known<T>(value: T) -> Field<T> {
    Field::Known(value)
}

fn names(nodes: &[&str]) -> Field<Vec<String>> {
    known(nodes.iter().map(ToString::to_string).collect())
}

fn shard(id: &str, nodes: &[&str]) -> ShardModel {
    let node = |id: &&str| NodeModel { cache_cluster_id: (*id).into() };
    ShardModel { node_group_id: id.into(), nodes: known(nodes.iter().map(node).collect()) }
}

fn model(group: GroupModel) -> DashboardModel {
    DashboardModel {
        replication_group: known(group),
        period: known(300),
        region: "eu-west-1".into(),
        ..DashboardModel::default()
    }
}

fn one_shard() -> DashboardModel {
    model(GroupModel {
        id: "main".into(),
        member_clusters: names(&["main-002", "main-001"]),
        ..Default::default()
    })
}

fn two_shards() -> DashboardModel {
    let shards = vec![shard("0002", &["main-0002-001"]), shard("0001", &["main-0001-002", "main-0001-001"])];
    let members = names(&["main-0001-001", "main-0001-002", "main-0002-001"]);
    model(GroupModel {
        id: "main".into(),
        member_clusters: members,
        node_groups: known(shards),
        ..Default::default()
    })
}

/// Alarms on two nodes, one of them with two thresholds of a metric.
fn alarm_set() -> Field<AlarmSetModel> {
    let alarm =
        |metric: &str, threshold| AlarmModel { metric_name: metric.into(), threshold: known(threshold) };
    let alarms = [
        ("main-001/cpu", alarm("CPUUtilization", 75.0)),
        ("main-002/cpu", alarm("CPUUtilization", 75.0)),
        ("main-001/cpu-critical", alarm("CPUUtilization", 95.0)),
        ("main-001/Evictions", alarm("Evictions", 1000.0)),
    ];
    known(AlarmSetModel { alarms: known(alarms.map(|(key, alarm)| (key.to_owned(), alarm)).into()) })
}

fn drawn(model: &DashboardModel) -> Vec<Json> {
    let Ok(Field::Known(text)) = body::body(model) else { panic!("{model:?}") };
    let body: Json = serde_json::from_str(&text).unwrap();
    body["widgets"].as_array().unwrap().clone()
}

fn titles(widgets: &[Json]) -> Vec<&str> {
    widgets.iter().filter_map(|widget| widget.pointer("/properties/title")?.as_str()).collect()
}

/// Issue 17: CPU, engine CPU, memory, evictions, connections, hit rate, lag, network, commands.
#[test]
fn a_group_with_one_shard_has_one_section_with_every_node_in_each_graph() {
    let widgets = drawn(&one_shard());
    let expected = [
        "CPU (%)",
        "Memory (%)",
        "Evictions",
        "Connections",
        "Hit rate (%)",
        "Replication lag (s)",
        "Network (bytes)",
        "Commands by type",
    ];
    assert_eq!(titles(&widgets), expected);
    assert_eq!(widgets[0]["properties"]["markdown"], "# Replication group main");
    let cpu: Vec<&Json> = widgets[1]["properties"]["metrics"].as_array().unwrap().iter().collect();
    let of = |metric: &str, node: &str| json!(["AWS/ElastiCache", metric, "CacheClusterId", node]);
    let bare: Vec<Json> = cpu.iter().map(|it| Json::from(it.as_array().unwrap()[..4].to_vec())).collect();
    assert_eq!(
        bare,
        [
            of("CPUUtilization", "main-001"),
            of("EngineCPUUtilization", "main-001"),
            of("CPUUtilization", "main-002"),
            of("EngineCPUUtilization", "main-002"),
        ]
    );
    assert_eq!(widgets[1]["properties"]["region"], "eu-west-1");
}

/// Issue 19: the metrics of a serverless cache.
#[test]
fn serverless_cache_has_one_section_with_its_own_metrics() {
    let model = DashboardModel {
        serverless_cache_name: "Sessions".into(),
        period: known(300),
        region: "eu-west-1".into(),
        ..DashboardModel::default()
    };
    let widgets = drawn(&model);
    let expected = [
        "ECPUs",
        "Data (bytes)",
        "Throttled commands",
        "Latency (microseconds)",
        "Evictions",
        "Connections",
        "Hit rate (%)",
        "Network (bytes)",
    ];
    assert_eq!(titles(&widgets), expected);
    assert_eq!(widgets[0]["properties"]["markdown"], "# Serverless cache sessions");
    let metric = json!(["AWS/ElastiCache", "ElastiCacheProcessingUnits", "clusterId", "sessions",
        { "stat": "Sum", "label": "sessions" }]);
    assert_eq!(widgets[1]["properties"]["metrics"], json!([metric]));
    let body = body::body(&model).unwrap();
    let read = DashboardModel { body: body.clone(), region: "eu-west-1".into(), ..Default::default() };
    let inferred = infer::arguments(read);
    assert_eq!((&inferred.serverless_cache_name, &inferred.period), (&"sessions".into(), &known(300)));
    assert_eq!(inferred.replication_group, Field::Null);
    assert_eq!(body::body(&inferred).unwrap(), body);
    let open = DashboardModel { serverless_cache_name: Field::Unknown, ..model };
    assert!(body::body(&open).unwrap().is_unknown());
}

#[test]
fn cluster_mode_has_a_section_for_each_shard_in_order() {
    let widgets = drawn(&two_shards());
    let texts: Vec<_> = widgets.iter().filter_map(|it| it["properties"]["markdown"].as_str()).collect();
    assert_eq!(texts, ["# Replication group main", "## Shard 0001", "## Shard 0002"]);
    assert_eq!(titles(&widgets).len(), 16);
    // No two widgets overlap, and none leaves the grid of 24 columns.
    let field = |widget: &Json, name: &str| widget[name].as_u64().unwrap();
    for (at, a) in widgets.iter().enumerate() {
        assert!(field(a, "x") + field(a, "width") <= 24);
        for b in &widgets[at + 1..] {
            let apart = |start: &str, size: &str| {
                field(a, start) + field(a, size) <= field(b, start)
                    || field(b, start) + field(b, size) <= field(a, start)
            };
            assert!(apart("x", "width") || apart("y", "height"), "{a} {b}");
        }
    }
}

#[test]
fn thresholds_of_the_alarm_set_are_lines_each_once() {
    let widgets = drawn(&DashboardModel { alarm_set: alarm_set(), ..one_shard() });
    let lines = |at: usize| widgets[at]["properties"]["annotations"]["horizontal"].clone();
    let cpu = |threshold: f64| json!({ "label": "Alarm on CPUUtilization", "value": threshold });
    assert_eq!(lines(1), json!([cpu(75.0), cpu(95.0)]));
    assert_eq!(lines(3), json!([{ "label": "Alarm on Evictions", "value": 1000.0 }]));
    assert_eq!(lines(2), Json::Null);
}

#[test]
fn what_is_not_known_makes_the_body_unknown() {
    let with = |change: fn(&mut GroupModel)| {
        let mut group = two_shards().replication_group.into_known().unwrap();
        change(&mut group);
        body::body(&model(group)).unwrap()
    };
    assert!(with(|_| {}).known().is_some());
    assert!(with(|group| group.id = Field::Unknown).is_unknown());
    assert!(with(|group| group.node_groups = Field::Unknown).is_unknown());
    assert!(with(|group| group.node_groups = known(vec![ShardModel { nodes: Field::Unknown, ..shard("1", &[]) }])).is_unknown());
    let set = AlarmSetModel { alarms: Field::Unknown };
    assert!(body::body(&DashboardModel { alarm_set: known(set), ..one_shard() }).unwrap().is_unknown());
}

/// CloudWatch service quotas: 500 widgets and 2500 metrics in a dashboard.
#[test]
fn a_dashboard_that_aws_refuses_is_refused_before_the_call() {
    let shards: Vec<_> = (0..90).map(|n| shard(&format!("{n:04}"), &[&format!("main-{n:04}-001")])).collect();
    let group = GroupModel { id: "main".into(), node_groups: known(shards), ..Default::default() };
    let problem = body::body(&model(group)).unwrap_err();
    assert!(problem.starts_with("would have 811 widgets with 1530 metrics"), "{problem}");
}

#[test]
fn widgets_of_ones_own_come_last() {
    let own = json!([{ "type": "text", "properties": { "markdown": "Runbook" } }]);
    let widgets = drawn(&DashboardModel { widgets: own.to_string().as_str().into(), ..one_shard() });
    assert_eq!(widgets.last().unwrap(), &own[0]);
    assert_eq!(widgets.len(), 10);
}

/// An import has the body alone; the arguments that make it are found again.
#[test]
fn the_arguments_of_an_import_are_inferred_from_the_body() {
    let own = json!([{ "type": "alarm", "properties": { "alarms": ["arn"] } }]).to_string();
    for original in [
        one_shard(),
        two_shards(),
        DashboardModel { widgets: own.as_str().into(), ..one_shard() },
        DashboardModel { alarm_set: alarm_set(), ..one_shard() },
    ] {
        let body = body::body(&original).unwrap();
        let read = DashboardModel { body: body.clone(), region: "eu-west-1".into(), ..Default::default() };
        let inferred = infer::arguments(read);
        assert_eq!(inferred.period, original.period);
        assert_eq!(inferred.widgets, original.widgets);
        assert_eq!(body::body(&inferred).unwrap(), body);
    }
    let foreign = DashboardModel { body: r#"{"widgets":[{"type":"text"}]}"#.into(), ..Default::default() };
    assert_eq!(infer::arguments(foreign.clone()), foreign);
}

#[test]
fn bodies_are_compared_by_meaning() {
    assert!(same_text(r#"{"a":1,"b":[1.0]}"#, "{ \"b\": [1], \"a\": 1 }"));
    assert!(!same_text(r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#));
    assert!(!same_text("{", "{}"));
}

#[test]
fn wrong_arguments_are_refused() {
    assert_eq!(period(&60.into()), Ok(()));
    assert_eq!(
        period(&90.into()),
        Err("must be 1, 5, 10, 30, or a multiple of 60 up to 86400, but is 90".to_owned())
    );
    assert_eq!(widgets(&"[]".into()), Ok(()));
    assert!(widgets(&"{".into()).unwrap_err().starts_with("must be valid JSON, but is not: "));
    assert!(widgets(&"{}".into()).unwrap_err().starts_with("must be a JSON list of widgets"));
    assert_eq!(
        widgets(&r#"[{"type":"text"},{}]"#.into()),
        Err("must have a type in each widget, but widget 1 has none".to_owned())
    );
}

/// CloudWatch with one dashboard at most.
fn cloudwatch(existing: Option<&str>) -> FakeAws {
    let store = std::sync::Mutex::new(existing.map(str::to_owned));
    FakeAws::new(move |call: &Call| -> Answer {
        let mut store = store.lock().unwrap();
        match (call.operation.as_str(), store.as_ref()) {
            ("GetDashboard", Some(body)) => call.answer_json(
                &json!({ "DashboardArn": ARN, "DashboardName": "elasticache-main", "DashboardBody": body }),
            ),
            ("PutDashboard", _) => {
                *store = call.json()["DashboardBody"].as_str().map(str::to_owned);
                call.answer_json(&json!({}))
            }
            ("DeleteDashboards", Some(_)) => {
                *store = None;
                call.answer_json(&json!({}))
            }
            ("ListTagsForResource", _) => call.answer_json(&json!({ "Tags": [] })),
            _ => call.error("DashboardNotFoundError", "Dashboard elasticache-main does not exist"),
        }
    })
}

fn configured() -> Value {
    let group = one_shard().replication_group.into_value();
    config(&Dashboard, [("replication_group", group)])
}

#[tokio::test]
async fn creates_refreshes_and_deletes() {
    let aws = cloudwatch(None);
    let created = aws.create(&Dashboard, configured()).await;
    assert_eq!(problems(&created.diags), [] as [&str; 0]);
    assert_eq!(created.state.get("id"), &Value::from("elasticache-main"));
    assert_eq!(created.state.get("arn"), &Value::from(ARN));
    let read = aws.read(&Dashboard, &created.state).await;
    assert_eq!(read.state, created.state);
    assert_eq!(aws.plan(&Dashboard, &read.state, &configured()).planned, read.state);
    assert!(aws.operations().iter().filter(|it| *it == "PutDashboard").count() == 1);
}

#[tokio::test]
async fn a_foreign_dashboard_is_never_overwritten_silently() {
    let aws = cloudwatch(Some(r#"{"widgets":[]}"#));
    let refused = aws.create(&Dashboard, configured()).await;
    let found = problems(&refused.diags);
    assert!(found[0].contains("Dashboard \"elasticache-main\" already exists"), "{found:?}");
    assert!(found[0].contains("terraform import elasticache_dashboard.NAME elasticache-main"), "{found:?}");
    assert!(!aws.operations().contains(&"PutDashboard".to_owned()));
}

/// A dashboard of a replication group in eu-west-1, in this Region.
fn configured_in(region: &str) -> Value {
    let group = one_shard().replication_group.into_known().unwrap();
    let group = GroupModel { region: "eu-west-1".into(), ..group }.into_value();
    config(&Dashboard, [("replication_group", group), ("region", region.into())])
}

/// Dashboards are global, so both are the same one.
#[tokio::test]
async fn dashboards_of_two_regions_have_one_owner() {
    let aws = cloudwatch(None);
    let created = aws.create(&Dashboard, configured_in("us-east-1")).await;
    assert_eq!(problems(&created.diags), [] as [&str; 0]);
    let refused = aws.create(&Dashboard, configured_in("eu-west-1")).await;
    let found = problems(&refused.diags);
    assert!(
        found[0].starts_with("dashboard_name: Dashboard \"elasticache-main\" already exists: Another"),
        "{found:?}"
    );
    assert!(refused.state.is_null());
}

/// With `create_before_destroy`, the new Region adopts the dashboard before the old one deletes it.
#[tokio::test]
async fn deletion_in_the_old_region_spares_the_dashboard() {
    let state = cloudwatch(None).create(&Dashboard, configured_in("us-east-1")).await.state;
    let aws = cloudwatch(state.get("body").as_str());
    let moved = aws.create(&Dashboard, configured_in("eu-west-1")).await;
    assert!(!moved.diags.has_errors(), "{:?}", problems(&moved.diags));
    assert_eq!(problems(&aws.delete_replaced(&Dashboard, &state).await.diags), [] as [&str; 0]);
    assert!(!aws.operations().contains(&"DeleteDashboards".to_owned()));
}

#[test]
fn plan_refuses_the_name_of_the_dashboard_of_another_cache() {
    let aws = FakeAws::new(|call| call.error("None", "A plan calls nothing."));
    let plan = |region: &str, more: &[(&str, Value)]| {
        let group = one_shard().replication_group.into_known().unwrap();
        let group = GroupModel { region: region.into(), ..group }.into_value();
        let mut configured = config(&Dashboard, [("replication_group", group)]);
        if let Value::Map(map) = &mut configured {
            map.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        }
        problems(&aws.plan(&Dashboard, &Value::Null, &configured).diags)
    };
    assert_eq!(plan("eu-west-1", &[]), [] as [&str; 0]);
    assert_eq!(plan("eu-west-1", &[]), [] as [&str; 0], "the same dashboard is planned again");
    let found = plan("us-east-1", &[]);
    assert!(found[0].starts_with("dashboard_name: Duplicate dashboard name: "), "{found:?}");
    assert!(
        found[0].contains("\"main\" in us-east-1") && found[0].contains("\"main\" in eu-west-1"),
        "{found:?}"
    );
    assert_eq!(plan("us-east-1", &[("dashboard_name", "other".into())]), [] as [&str; 0]);
}

#[tokio::test(start_paused = true)]
async fn dashboard_that_another_writer_replaced_is_no_part_of_the_state() {
    let aws = FakeAws::new(|call: &Call| -> Answer {
        static WRITTEN: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
        let is_written = WRITTEN.load(std::sync::atomic::Ordering::Relaxed);
        match call.operation.as_str() {
            "PutDashboard" => {
                WRITTEN.store(true, std::sync::atomic::Ordering::Relaxed);
                call.answer_json(&json!({}))
            }
            "GetDashboard" if is_written => call.answer_json(&json!({
                "DashboardArn": ARN, "DashboardName": "elasticache-main", "DashboardBody": r#"{"widgets":[]}"#,
            })),
            _ => call.error("DashboardNotFoundError", "Dashboard elasticache-main does not exist"),
        }
    });
    let replaced = aws.create(&Dashboard, configured()).await;
    let found = problems(&replaced.diags);
    assert!(
        found[0].starts_with("dashboard_name: Dashboard \"elasticache-main\" was replaced: "),
        "{found:?}"
    );
    assert!(replaced.state.is_null(), "the next apply would delete the dashboard of the other writer");
}

/// CloudWatch ignores the tags of a request for an existing dashboard, so each request has them.
#[tokio::test]
async fn dashboard_deleted_after_the_plan_is_recreated_with_its_tags() {
    let with = |period: i64| {
        let group = one_shard().replication_group.into_value();
        let tags = text_map([("team", "cache")]);
        config(&Dashboard, [("replication_group", group), ("period", period.into()), ("tags", tags)])
    };
    let aws = cloudwatch(None);
    let state = aws.create(&Dashboard, with(300)).await.state;
    let aws = cloudwatch(None);
    aws.update(&Dashboard, &state, with(60)).await;
    let put = aws.calls().into_iter().find(|call| call.operation == "PutDashboard").unwrap();
    assert_eq!(put.json()["Tags"], json!([{ "Key": "team", "Value": "cache" }]));
}

#[tokio::test]
async fn default_name_of_a_serverless_cache_that_is_unknown_at_plan_is_set_at_apply() {
    let with = |name: Value| config(&Dashboard, [("serverless_cache_name", name)]);
    let aws = cloudwatch(None);
    let plan = aws.plan(&Dashboard, &Value::Null, &with(Value::Unknown));
    assert_eq!(problems(&plan.diags), [] as [&str; 0]);
    assert!(plan.planned.get("dashboard_name").is_unknown());
    let mut planned = plan.planned;
    if let Value::Map(map) = &mut planned {
        map.insert("serverless_cache_name".to_owned(), "Main".into());
    }
    let request = ApplyRequest { config: with("Main".into()), planned, ..ApplyRequest::default() };
    let created = Dashboard.apply(&aws.provider, &aws.cancel, request).await;
    assert_eq!(problems(&created.diags), [] as [&str; 0]);
    assert_eq!(created.state.get("dashboard_name"), &Value::from("elasticache-main"));
    assert_eq!(created.state.get("id"), &Value::from("elasticache-main"));
    let put = aws.calls().into_iter().find(|call| call.operation == "PutDashboard").unwrap();
    assert_eq!(put.json()["DashboardName"], "elasticache-main");
}
