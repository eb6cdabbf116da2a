//! What AWS refuses, or ignores, and the configuration or the state alone shows. The rules
//! are those of the API reference and of the user guide; see `limits`, `fit` and `advice`.

use super::{FakeGroup, ReplicationGroup, TOKEN, configured, none};
use crate::diag::{Diagnostics, Severity};
use crate::engine::{AnyResource, PlanResponse};
use crate::resources::parameter_group::ParameterGroup;
use crate::testing::aws::{FakeAws, config, problems};
use crate::value::Value;

fn validate<const N: usize>(changes: [(&str, Value); N]) -> Diagnostics {
    ReplicationGroup.validate(&configured(changes))
}

/// The arguments that errors are about, each with the severity of its diagnostic.
fn messages(diags: &Diagnostics) -> Vec<(String, Severity)> {
    diags.iter().map(|d| (d.path.clone().unwrap_or_default().to_string(), d.severity)).collect()
}

#[track_caller]
fn refused_at<const N: usize>(name: &str, fix: &str, changes: [(&str, Value); N]) {
    let diags = validate(changes);
    assert_eq!(messages(&diags), [(name.to_owned(), Severity::Error)], "{:?}", problems(&diags));
    assert!(problems(&diags)[0].contains(fix), "{:?}", problems(&diags));
}

#[track_caller]
fn passes<const N: usize>(changes: [(&str, Value); N]) {
    none(&validate(changes));
}

fn texts(texts: &[&str]) -> Value {
    Value::set(texts.iter().map(|text| Value::from(*text)))
}

fn list(texts: &[&str]) -> Value {
    Value::List(texts.iter().map(|text| Value::from(*text)).collect())
}

fn shards(blocks: &[&[(&'static str, Value)]]) -> Value {
    let block = ReplicationGroup.schema().block.nested_block("node_group_configuration").unwrap();
    Value::set(blocks.iter().map(|entries| block.block.conform(Value::map(entries.iter().cloned()))))
}

fn slots(of: &[&str]) -> Value {
    let blocks: Vec<[(&'static str, Value); 1]> =
        of.iter().map(|text| [("slots", Value::from(*text))]).collect();
    shards(&blocks.iter().map(<[_; 1]>::as_slice).collect::<Vec<_>>())
}

/// No number of nodes, for groups of several shards.
fn sharded() -> (&'static str, Value) {
    ("num_cache_clusters", Value::Null)
}

/// J1.
#[test]
fn refuses_windows_that_overlap_at_the_end_of_the_week() {
    let windows =
        |week: &str, day: &str| [("maintenance_window", week.into()), ("snapshot_window", day.into())];
    for (week, day) in [
        ("mon:00:00-mon:01:00", "23:30-00:30"),
        ("mon:00:15-mon:01:15", "23:00-00:30"),
        ("tue:00:00-tue:01:00", "23:30-00:30"),
        ("sun:23:30-mon:00:30", "00:00-01:00"),
        ("sun:23:30-mon:00:30", "22:45-23:45"),
        ("sat:00:00-fri:23:00", "12:00-13:00"),
    ] {
        refused_at("snapshot_window", "Change one of them", windows(week, day));
    }
    for (week, day) in [
        ("mon:00:30-mon:01:30", "23:30-00:30"),
        ("sun:22:30-sun:23:30", "23:30-00:30"),
        ("sun:23:00-mon:00:00", "00:00-01:00"),
    ] {
        passes(windows(week, day));
    }
}

/// J2.
#[test]
fn refuses_more_than_one_user_group() {
    refused_at(
        "user_group_ids",
        "Put the users of all of them into one group",
        [("user_group_ids", texts(&["a", "b"]))],
    );
    passes([("user_group_ids", texts(&["a"]))]);
    passes([("user_group_ids", Value::set([Value::Unknown, Value::from("a")]))]);
}

/// J3.
#[test]
fn several_shards_from_s3_need_slots() {
    let files =
        || ("snapshot_arns", texts(&["arn:aws:s3:::backup/a-0001.rdb", "arn:aws:s3:::backup/a-0002.rdb"]));
    let two = || ("num_node_groups", Value::from(2));
    refused_at(
        "snapshot_arns",
        "`node_group_configuration` block with `slots` for each shard",
        [files(), two(), sharded()],
    );
    refused_at(
        "snapshot_arns",
        "`slots` for each shard",
        [
            files(),
            sharded(),
            (
                "node_group_configuration",
                shards(&[&[("node_group_id", "1".into())], &[("node_group_id", "2".into())]]),
            ),
        ],
    );
    passes([files(), two(), sharded(), ("node_group_configuration", slots(&["0-8191", "8192-16383"]))]);
    passes([files()]);
    passes([files(), two(), sharded(), ("node_group_configuration", Value::Unknown)]);
}

/// J4.
#[test]
fn log_destination_must_be_a_name() {
    let log = |destination: Value, kind: &str| {
        let log = [
            ("destination", destination),
            ("destination_type", kind.into()),
            ("log_format", "json".into()),
            ("log_type", "slow-log".into()),
        ];
        ("log_delivery_configuration", Value::set([Value::map(log)]))
    };
    for (destination, kind, name) in [
        (
            "arn:aws:logs:eu-west-1:111122223333:log-group:/demo:*",
            "cloudwatch-logs",
            "destination = \"/demo\"",
        ),
        ("arn:aws:logs:eu-west-1:111122223333:log-group:/a/b", "cloudwatch-logs", "destination = \"/a/b\""),
        (
            "arn:aws:firehose:eu-west-1:111122223333:deliverystream/s",
            "kinesis-firehose",
            "destination = \"s\"",
        ),
        ("cloudwatch-logs", "cloudwatch-logs", "elasticache_log_group.this.name"),
        ("a log", "cloudwatch-logs", "not the name of a log group"),
        ("/slow/log", "kinesis-firehose", "not the name of a delivery stream"),
    ] {
        refused_at("log_delivery_configuration", name, [log(destination.into(), kind)]);
    }
    for (destination, kind) in [("/aws/elasticache/app", "cloudwatch-logs"), ("a.b_c-1", "kinesis-firehose")]
    {
        passes([log(destination.into(), kind)]);
    }
    passes([log(Value::Unknown, "cloudwatch-logs")]);
}

/// J7. AWS raises each of these on request, as hashicorp/aws #46634 tells.
#[test]
fn warns_about_numbers_beyond_a_quota() {
    let warned = |name: &str, changes: &[(&'static str, Value)]| {
        let mut all = vec![sharded()];
        all.extend(changes.iter().cloned());
        let mut config = configured([]);
        if let Value::Map(entries) = &mut config {
            entries.extend(all.into_iter().map(|(name, value)| (name.to_owned(), value)));
        }
        let diags = ReplicationGroup.validate(&config);
        assert_eq!(messages(&diags), [(name.to_owned(), Severity::Warning)], "{:?}", problems(&diags));
    };
    warned("num_cache_clusters", &[("num_cache_clusters", Value::from(7))]);
    warned(
        "replicas_per_node_group",
        &[("num_node_groups", Value::from(2)), ("replicas_per_node_group", Value::from(6))],
    );
    warned("num_node_groups", &[("num_node_groups", Value::from(501))]);
    warned(
        "num_node_groups",
        &[("num_node_groups", Value::from(251)), ("replicas_per_node_group", Value::from(1))],
    );
    let block = shards(&[&[("replica_count", Value::from(400))]]);
    warned("node_group_configuration", &[("node_group_configuration", block)]);
    passes([("num_cache_clusters", Value::from(6))]);
    passes([sharded(), ("num_node_groups", Value::from(500))]);
    passes([sharded(), ("num_node_groups", Value::from(83)), ("replicas_per_node_group", Value::from(5))]);
}

/// J8.
#[test]
fn kms_key_needs_encryption_at_rest() {
    let key = || ("kms_key_id", Value::from("alias/cache"));
    refused_at(
        "kms_key_id",
        "at_rest_encryption_enabled = true",
        [key(), ("at_rest_encryption_enabled", false.into())],
    );
    passes([key(), ("at_rest_encryption_enabled", true.into())]);
    passes([key(), ("at_rest_encryption_enabled", Value::Unknown)]);
}

/// J9.
#[test]
fn tls_mode_needs_tls() {
    let mode = || ("transit_encryption_mode", Value::from("preferred"));
    for tls in [Value::Null, false.into()] {
        refused_at(
            "transit_encryption_mode",
            "transit_encryption_enabled = true",
            [mode(), ("transit_encryption_enabled", tls)],
        );
    }
    passes([mode(), ("transit_encryption_enabled", Value::Unknown)]);
    passes([("transit_encryption_mode", "".into()), ("transit_encryption_enabled", Value::Null)]);
}

/// J10.
#[test]
fn refuses_cache_security_groups() {
    refused_at("security_group_names", "Use `security_group_ids`", [("security_group_names", texts(&["x"]))]);
    passes([("security_group_names", texts(&[]))]);
}

/// J11.
#[test]
fn durability_needs_valkey_9_and_cluster_mode() {
    let sync = || ("durability", Value::from("sync"));
    let valkey = |version: &str| [("engine", Value::from("valkey")), ("engine_version", version.into())];
    let [engine, old] = valkey("8.2");
    refused_at("durability", "needs Valkey 9.0 or later", [sync(), engine, old]);
    refused_at("durability", "needs Valkey 9.0 or later", [sync()]);
    let [engine, version] = valkey("9.0");
    refused_at("durability", "needs cluster mode", [sync(), engine.clone(), version.clone()]);
    passes([sync(), engine.clone(), version.clone(), sharded(), ("num_node_groups", Value::from(2))]);
    passes([sync(), engine.clone(), version.clone(), ("parameter_group_name", "mine".into())]);
    passes([("durability", "default".into()), engine, version]);
}

/// J12.
#[test]
fn ip_discovery_must_fit_the_network_type() {
    let both = |network: &str, discovery: &str| {
        [("network_type", Value::from(network)), ("ip_discovery", discovery.into())]
    };
    refused_at("ip_discovery", "dual_stack", both("ipv4", "ipv6"));
    refused_at("ip_discovery", "dual_stack", both("ipv6", "ipv4"));
    for (network, discovery) in [("ipv4", "ipv4"), ("dual_stack", "ipv6"), ("dual_stack", "ipv4")] {
        passes(both(network, discovery));
    }
}

/// J13.
#[test]
fn each_slot_belongs_to_one_shard() {
    let with = |of: &[&str]| [sharded(), ("node_group_configuration", slots(of))];
    refused_at("node_group_configuration", "8192-9000", with(&["0-9000", "8192-16383"]));
    refused_at("node_group_configuration", "100-100", with(&["0-100", "100,101-16383"]));
    refused_at("node_group_configuration", "cover 16382 of 16384", with(&["0-8000", "8003-16383"]));
    for wrong in ["0-16384", "5-3", "16384"] {
        let diags = validate([sharded(), ("node_group_configuration", slots(&[wrong]))]);
        assert!(
            problems(&diags)[0].starts_with("node_group_configuration"),
            "{wrong}: {:?}",
            problems(&diags)
        );
        assert!(diags.has_errors());
    }
    passes(with(&["0-8191", "8192-16383"]));
    passes(with(&["0-100,200-300", "101-199,301-16383"]));
    passes([
        sharded(),
        ("node_group_configuration", shards(&[&[("slots", Value::Unknown)], &[("slots", "0-1".into())]])),
    ]);
}

/// J14.
#[test]
fn refuses_availability_zones_that_aws_ignores() {
    let zones = || ("preferred_cache_cluster_azs", list(&["us-east-1a", "us-east-1b"]));
    refused_at(
        "preferred_cache_cluster_azs",
        "primary_availability_zone",
        [zones(), sharded(), ("num_node_groups", Value::from(2))],
    );
    let block = shards(&[&[("node_group_id", "0001".into())]]);
    refused_at(
        "preferred_cache_cluster_azs",
        "node_group_configuration",
        [zones(), ("node_group_configuration", block)],
    );
    passes([zones()]);
}

/// J15, and its kin: IDs and ARNs of other objects have the form of their kind; values that
/// a mock provider makes pass.
#[test]
fn ids_and_arns_must_have_their_form() {
    for (name, wrong) in [
        ("security_group_ids", texts(&["my-sg"])),
        ("snapshot_arns", texts(&["arn:aws:sns:eu-west-1:111122223333:t"])),
        ("kms_key_id", "not a key".into()),
        ("notification_topic_arn", "arn:aws:sqs:eu-west-1:111122223333:q".into()),
        ("user_group_ids", texts(&["app_users"])),
    ] {
        refused_at(name, "must", [("at_rest_encryption_enabled", true.into()), (name, wrong)]);
    }
    for (name, made_up) in [
        ("security_group_ids", texts(&["ab12cd34"])),
        ("kms_key_id", "0b12cd34".into()),
        ("notification_topic_arn", "ab12cd34".into()),
        ("user_group_ids", texts(&["0b12cd34"])),
        ("auth_token_secret_arn", "ab12cd34".into()),
    ] {
        let version =
            ("auth_token_secret_version_id", if name.starts_with("auth") { "v".into() } else { Value::Null });
        passes([("at_rest_encryption_enabled", true.into()), version, (name, made_up)]);
    }
}

/// K18.
#[test]
fn invalid_version_error_states_the_valid_form() {
    refused_at("engine_version", "engine_version = \"8.0\"", [("engine_version", "8".into())]);
    refused_at("engine_version", "Set `engine = \"valkey\"`", [("engine_version", "8.0".into())]);
}

pub(super) fn plan<const N: usize>(prior: &Value, changes: [(&str, Value); N]) -> PlanResponse {
    let aws = FakeAws::new(|call| call.error("None", "A plan calls nothing."));
    aws.plan(&ReplicationGroup, prior, &configured(changes))
}

pub(super) async fn state<const N: usize>(observed: FakeGroup, changes: [(&str, Value); N]) -> Value {
    let aws = FakeAws::new(move |call| observed.answer(call));
    let created = aws.create(&ReplicationGroup, configured(changes)).await;
    none(&created.diags);
    created.state
}

/// J19.
#[test]
fn a_zone_of_another_region_is_refused_at_plan() {
    let zones = |of: &[&str]| plan(&Value::Null, [("preferred_cache_cluster_azs", list(of))]);
    let said = problems(&zones(&["us-east-1a", "eu-west-1b"]).diags);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].starts_with("preferred_cache_cluster_azs: ") && said[0].contains("\"us-east-1a\""),
        "{said:?}"
    );
    none(&zones(&["us-east-1a", "us-east-1b"]).diags);
    none(&zones(&["ab12cd34", "us-east-1-wl1-bos-wlz-1a"]).diags);
    let block = shards(&[&[("primary_availability_zone", "eu-west-1a".into()), ("replica_count", 1.into())]]);
    let said = problems(&plan(&Value::Null, [sharded(), ("node_group_configuration", block)]).diags);
    assert!(said[0].starts_with("node_group_configuration: "), "{said:?}");
}

/// J16 for KMS keys.
#[test]
fn a_key_of_another_region_is_refused_at_plan() {
    let key = |region: &str| {
        let arn = format!("arn:aws:kms:{region}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab");
        plan(&Value::Null, [("at_rest_encryption_enabled", true.into()), ("kms_key_id", arn.as_str().into())])
    };
    none(&key("us-east-1").diags);
    assert!(problems(&key("eu-west-1").diags)[0].starts_with("kms_key_id: Invalid kms_key_id: "));
}

/// J18 and J21.
#[tokio::test(start_paused = true)]
async fn unchanged_parameter_group_must_fit_the_new_engine() {
    let mine = || ("parameter_group_name", Value::from("mine"));
    let prior = state(FakeGroup::two(), [mine()]).await;
    let valkey = [("engine", Value::from("valkey")), ("engine_version", "8.0".into()), mine()];
    let said = problems(&plan(&prior, valkey).diags);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with(
        "parameter_group_name: Invalid parameter_group_name: \"mine\" is a parameter group of family redis7"
    ));
    none(&plan(&prior, [mine(), ("description", "Another".into())]).diags);
}

/// J18: the parameter group is planned in the same run.
#[test]
fn a_parameter_group_of_the_same_run_must_fit() {
    let aws = FakeAws::new(|call| call.error("None", "A plan calls nothing."));
    let group = config(&ParameterGroup, [("name", "Mine".into()), ("family", "redis7".into())]);
    none(&aws.plan(&ParameterGroup, &Value::Null, &group).diags);
    let named = |changes: [(&str, Value); 2]| {
        let [engine, version] = changes;
        aws.plan(
            &ReplicationGroup,
            &Value::Null,
            &configured([engine, version, ("parameter_group_name", "mine".into())]),
        )
    };
    none(&named([("engine", "redis".into()), ("engine_version", "7.1".into())]).diags);
    let said = problems(&named([("engine", "valkey".into()), ("engine_version", "8.0".into())]).diags);
    assert!(
        said[0].contains(
            "is a parameter group of family redis7, but `engine` and `engine_version` need \
                          valkey8"
        ),
        "{said:?}"
    );
}

/// J22.
#[tokio::test(start_paused = true)]
async fn a_parameter_group_of_cluster_mode_is_refused_without_it() {
    let prior = state(FakeGroup::two(), []).await;
    let said = problems(&plan(&prior, [("parameter_group_name", "default.redis7.cluster.on".into())]).diags);
    assert!(
        said[0].starts_with("parameter_group_name: ")
            && said[0].contains("has cluster mode on, but `cluster_mode` is \"disabled\""),
        "{said:?}"
    );
    none(&plan(&prior, [("parameter_group_name", "default.redis7".into())]).diags);
    // On its way to cluster mode, a group may have either.
    let way = [
        ("parameter_group_name", "default.redis7.cluster.on".into()),
        ("cluster_mode", "compatible".into()),
        ("apply_immediately", true.into()),
    ];
    none(&plan(&prior, way).diags);
}

/// J23, and its kin: identifiers that AWS keeps in lower case.
#[tokio::test(start_paused = true)]
async fn identifiers_in_other_capitals_are_the_same() {
    let mut observed = FakeGroup::two();
    observed.group.push_str("<UserGroupIds><member>booking-a</member></UserGroupIds>");
    let named = |id: &str| [("user_group_ids", texts(&[id])), ("snapshot_name", "Last".into())];
    let aws = FakeAws::new(move |call| observed.answer(call));
    let created = aws.create(&ReplicationGroup, configured(named("Booking-A"))).await;
    none(&created.diags);
    let create = aws.calls().into_iter().find(|call| call.operation == "CreateReplicationGroup").unwrap();
    assert_eq!(create.list("UserGroupIds.member."), ["booking-a"]);
    let read = aws.read(&ReplicationGroup, &created.state).await;
    assert_eq!(read.state, created.state);
    for (id, snapshot) in [("Booking-A", "Last"), ("booking-a", "last"), ("BOOKING-A", "LAST")] {
        let same = aws.plan(
            &ReplicationGroup,
            &created.state,
            &configured([("user_group_ids", texts(&[id])), ("snapshot_name", snapshot.into())]),
        );
        none(&same.diags);
        assert_eq!(same.planned, created.state, "{id} {snapshot}");
        assert!(same.replace.is_empty());
    }
}

/// K12: a module may always set a strategy.
#[test]
fn a_strategy_without_a_token_is_a_warning_at_plan() {
    for strategy in ["SET", "ROTATE"] {
        let with = [("auth_token_update_strategy", Value::from(strategy))];
        none(&validate(with.clone()));
        let plan = plan(&Value::Null, with);
        assert_eq!(messages(&plan.diags), [("auth_token_update_strategy".to_owned(), Severity::Warning)]);
    }
    none(
        &plan(
            &Value::Null,
            [("auth_token_update_strategy", "ROTATE".into()), ("auth_token", Value::Unknown)],
        )
        .diags,
    );
}

/// C10.
#[tokio::test(start_paused = true)]
async fn warns_about_strategy_set_when_the_token_changes() {
    let mut observed = FakeGroup::two();
    observed.group = observed.group.replace("<AuthTokenEnabled>false", "<AuthTokenEnabled>true");
    let with = |token: &str, strategy: Value| {
        [("auth_token", Value::from(token)), ("auth_token_update_strategy", strategy)]
    };
    let prior = state(observed, with(TOKEN, "SET".into())).await;
    let other = "anotherToken-0123456789";
    let plan_of = |token: &str, strategy: Value| plan(&prior, with(token, strategy)).diags;
    let said = problems(&plan_of(other, "SET".into()));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("auth_token_update_strategy: Current AUTH token becomes invalid: "));
    assert!(said[0].contains("remove `auth_token_update_strategy`") && !said[0].contains(other), "{said:?}");
    none(&plan_of(other, Value::Null));
    none(&plan_of(other, "ROTATE".into()));
    none(&plan_of(TOKEN, "SET".into()));
}

/// J19: a parameter group that does not exist, or does not fit, stops the apply before the first change.
#[tokio::test(start_paused = true)]
async fn missing_parameter_group_is_reported_before_the_first_change() {
    let missing = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeCacheParameterGroups" => call.error("CacheParameterGroupNotFound", "There is none."),
        _ => FakeGroup::two().answer(call),
    });
    let created =
        missing.create(&ReplicationGroup, configured([("parameter_group_name", "mine".into())])).await;
    let said = problems(&created.diags);
    assert!(
        said[0].starts_with("parameter_group_name: ") && said[0].contains("\"mine\" does not exist"),
        "{said:?}"
    );
    assert!(!missing.operations().contains(&"CreateReplicationGroup".to_owned()));

    let other = FakeAws::new(|call| {
        match call.operation.as_str() {
        "DescribeCacheParameterGroups" => call.xml(
            "<CacheParameterGroups><CacheParameterGroup><CacheParameterGroupName>mine</CacheParameterGroupName>\
             <CacheParameterGroupFamily>valkey8</CacheParameterGroupFamily><ARN>arn:aws:elasticache:us-east-1:1:x</ARN>\
             </CacheParameterGroup></CacheParameterGroups>",
        ),
        _ => FakeGroup::two().answer(call),
    }
    });
    let created =
        other.create(&ReplicationGroup, configured([("parameter_group_name", "mine".into())])).await;
    assert!(
        problems(&created.diags)[0].contains(
            "is a parameter group of family valkey8, but `engine` and `engine_version` need redis7"
        )
    );
    assert!(!other.operations().contains(&"CreateReplicationGroup".to_owned()));

    let denied = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeCacheParameterGroups" => call.error("AccessDenied", "No."),
        _ => FakeGroup::two().answer(call),
    });
    none(
        &denied.create(&ReplicationGroup, configured([("parameter_group_name", "mine".into())])).await.diags,
    );
}

/// J19: a security group that does not exist, in a create and in an update.
#[tokio::test(start_paused = true)]
async fn missing_security_group_is_reported_before_the_first_change() {
    const GONE: &str = "sg-0a1b2c3d4e5f60001";
    let aws = |code: &'static str| {
        FakeAws::new(move |call| match call.operation.as_str() {
            "DescribeSecurityGroups" => call.ec2_error(code, "The security group does not exist."),
            _ => FakeGroup::two().answer(call),
        })
    };
    let with = || [("security_group_ids", texts(&[GONE]))];
    let changes = |aws: &FakeAws| {
        let mut operations = aws.operations();
        operations.retain(|name| name.starts_with("Create") || name.starts_with("Modify"));
        operations
    };
    let prior = state(FakeGroup::two(), []).await;
    let missing = aws("InvalidGroup.NotFound");
    for changed in [
        missing.create(&ReplicationGroup, configured(with())).await,
        missing.update(&ReplicationGroup, &prior, configured(with())).await,
    ] {
        let said = problems(&changed.diags);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with("security_group_ids: Invalid security_group_ids: "), "{said:?}");
        assert!(said[0].contains(&format!("Security group {GONE:?} does not exist")), "{said:?}");
    }
    assert_eq!(changes(&missing), [""; 0]);

    // Without the permission to look, the call itself decides.
    let denied = aws("UnauthorizedOperation");
    none(&denied.create(&ReplicationGroup, configured(with())).await.diags);
    assert_eq!(changes(&denied), ["CreateReplicationGroup"]);
}

/// K14: AWS's refusal points at the argument that it is about.
#[tokio::test(start_paused = true)]
async fn a_refusal_points_at_its_argument() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "CreateReplicationGroup" => {
            call.error("InvalidParameterValue", "Invalid Cache Node Type: cache.t4g.small.")
        }
        _ => FakeGroup::two().answer(call),
    });
    let created = aws.create(&ReplicationGroup, configured([])).await;
    assert!(
        problems(&created.diags)[0].starts_with("node_type: Failed to create replication group"),
        "{:?}",
        created.diags
    );
}
