//! Parameter groups.

use super::*;

fn named(pairs: &[(&str, &str)]) -> String {
    let mut text = "CacheParameterGroupName=own".to_owned();
    for (at, (name, value)) in pairs.iter().enumerate() {
        let prefix = format!(" ParameterNameValues.ParameterNameValue.{}", at + 1);
        text.push_str(&format!("{prefix}.ParameterName={name}"));
        if !value.is_empty() {
            text.push_str(&format!("{prefix}.ParameterValue={value}"));
        }
    }
    text
}

fn make(aws: &mut Aws, family: &str) {
    aws.ok(
        "CreateCacheParameterGroup",
        &format!("CacheParameterGroupName=Own CacheParameterGroupFamily={family} Description=d"),
    );
}

fn user(aws: &mut Aws) -> Vec<(String, String)> {
    let answer = aws.ok("DescribeCacheParameters", "CacheParameterGroupName=own Source=user");
    let names = texts(&answer, "Parameters/Parameter/ParameterName");
    names.into_iter().zip(texts(&answer, "Parameters/Parameter/ParameterValue")).collect()
}

#[test]
fn parameters_are_set_shown_and_reset() {
    let mut aws = Aws::instant();
    make(&mut aws, "redis7");
    assert!(user(&mut aws).is_empty());
    aws.ok("ModifyCacheParameterGroup", &named(&[("timeout", "60"), ("maxmemory-policy", "allkeys-lru")]));
    assert_eq!(user(&mut aws).len(), 2);
    let all = aws.ok("DescribeCacheParameters", "CacheParameterGroupName=own");
    let sources = texts(&all, "Parameters/Parameter/Source");
    assert_eq!(sources.iter().filter(|source| *source == "user").count(), 2);
    aws.ok("ResetCacheParameterGroup", &named(&[("timeout", "")]));
    assert_eq!(user(&mut aws), [("maxmemory-policy".to_owned(), "allkeys-lru".to_owned())]);
    aws.ok("ResetCacheParameterGroup", "CacheParameterGroupName=own ResetAllParameters=true");
    assert!(user(&mut aws).is_empty());
    let value = "InvalidParameterValue";
    for pairs in [[("timeout", "5")], [("none", "1")], [("appendonly", "yes")], [("timeout", "")]] {
        assert_eq!(aws.code("ModifyCacheParameterGroup", &named(&pairs)), value, "{pairs:?}");
    }
    let many: Vec<(&str, &str)> = vec![("timeout", "60"); 21];
    assert_eq!(aws.code("ModifyCacheParameterGroup", &named(&many)), "InvalidParameterCombination");
    aws.ok("ModifyCacheParameterGroup", &named(&many[..20]));
    let default = "CacheParameterGroupName=default.redis7 ResetAllParameters=true";
    assert_eq!(aws.code("ResetCacheParameterGroup", default), value);
    assert_eq!(
        aws.code("DeleteCacheParameterGroup", "CacheParameterGroupName=default.redis7"),
        "InvalidCacheParameterGroupState"
    );
}

#[test]
fn changes_are_pending_for_a_while() {
    let mut aws = Aws::usual();
    make(&mut aws, "redis7");
    aws.ok("ModifyCacheParameterGroup", &named(&[("timeout", "60")]));
    let reset = named(&[("timeout", "")]);
    let (code, message) = aws.refused("ResetCacheParameterGroup", &reset);
    assert_eq!(code, "InvalidCacheParameterGroupState");
    assert!(message.contains(" has pending changes"), "{message}");
    aws.wait(5 * SECOND);
    aws.ok("ResetCacheParameterGroup", &reset);
}

#[test]
fn reserved_memory_can_be_set_but_not_reset() {
    let mut aws = Aws::instant();
    make(&mut aws, "redis3.2");
    aws.ok("ModifyCacheParameterGroup", &named(&[("reserved-memory", "100")]));
    assert_eq!(user(&mut aws), [("reserved-memory".to_owned(), "100".to_owned())]);
    assert_eq!(
        aws.refused("ResetCacheParameterGroup", &named(&[("reserved-memory", "")])).1,
        "Parameter reserved-memory doesn't exist"
    );
    aws.ok("ModifyCacheParameterGroup", &named(&[("reserved-memory-percent", "0")]));
    assert_eq!(user(&mut aws), [("reserved-memory-percent".to_owned(), "0".to_owned())]);
    aws.ok("ResetCacheParameterGroup", &named(&[("reserved-memory-percent", "")]));
    assert!(user(&mut aws).is_empty());
}

#[test]
fn a_group_in_use_stays_and_keeps_its_mode() {
    let mut aws = Aws::usual();
    make(&mut aws, "redis7");
    aws.ok("ModifyCacheParameterGroup", &named(&[("cluster-enabled", "yes")]));
    aws.group("a", "CacheParameterGroupName=own AutomaticFailoverEnabled=true");
    assert_eq!(aws.get("a", "ClusterEnabled"), "true");
    let (code, message) = aws.refused("ModifyCacheParameterGroup", &named(&[("cluster-enabled", "no")]));
    assert_eq!(code, "InvalidParameterValue");
    assert_eq!(message, "The parameter cluster-enabled cannot be modified.");
    aws.ok("ModifyCacheParameterGroup", &named(&[("timeout", "60")]));
    assert_eq!(aws.member("a-0001-001", "CacheParameterGroup/ParameterApplyStatus"), "applying");
    aws.wait(5 * SECOND);
    assert_eq!(aws.member("a-0001-001", "CacheParameterGroup/ParameterApplyStatus"), "in-sync");
    let delete = "CacheParameterGroupName=own";
    assert_eq!(aws.code("DeleteCacheParameterGroup", delete), "InvalidCacheParameterGroupState");
    let other = aws.modify_refused("a", "CacheParameterGroupName=default.redis7").1;
    assert!(other.starts_with("The parameter cluster-enabled has a different value"), "{other}");
    aws.modify("a", "CacheParameterGroupName=default.redis7.cluster.on");
    aws.ok("DeleteCacheParameterGroup", delete);
    assert_eq!(aws.code("DescribeCacheParameterGroups", delete), "CacheParameterGroupNotFound");
}

#[test]
fn names_and_families_are_checked() {
    let mut aws = Aws::instant();
    make(&mut aws, "valkey8");
    let create = |name: &str, family: &str| {
        format!("CacheParameterGroupName={name} CacheParameterGroupFamily={family} Description=d")
    };
    let action = "CreateCacheParameterGroup";
    assert_eq!(aws.code(action, &create("OWN", "valkey8")), "CacheParameterGroupAlreadyExists");
    assert_eq!(aws.code(action, &create("a.b", "valkey8")), "InvalidParameterValue");
    assert_eq!(
        aws.refused(action, &create("b", "redis7.2")).1,
        "CacheParameterGroupFamily redis7.2 is not a valid parameter group family."
    );
    let defaults =
        aws.ok("DescribeEngineDefaultParameters", "CacheParameterGroupFamily=valkey8 MaxRecords=20");
    assert_eq!(texts(&defaults, "EngineDefaults/Parameters/Parameter/ParameterName").len(), 20);
    assert_ne!(field(&defaults, "EngineDefaults/Marker"), "");
    let on =
        aws.ok("DescribeCacheParameters", "CacheParameterGroupName=default.redis7.cluster.on Source=user");
    assert!(texts(&on, "Parameters/Parameter/ParameterName").is_empty());
}

#[test]
fn each_node_waits_for_its_reboot() {
    let mut aws = Aws::usual();
    aws.ok(
        "CreateCacheParameterGroup",
        "CacheParameterGroupName=mine CacheParameterGroupFamily=redis7 Description=words",
    );
    aws.group("a", "NumCacheClusters=2 Engine=redis EngineVersion=7.1 CacheParameterGroupName=mine");
    let status = |aws: &mut Aws, node: &str| {
        aws.wait(10 * SECOND);
        let waiting = aws.member(node, "CacheParameterGroup/CacheNodeIdsToReboot/CacheNodeId");
        (aws.member(node, "CacheParameterGroup/ParameterApplyStatus"), waiting)
    };
    let set = |aws: &mut Aws, name: &str, value: &str| {
        let entry = "ParameterNameValues.ParameterNameValue.1";
        aws.ok(
            "ModifyCacheParameterGroup",
            &format!(
                "CacheParameterGroupName=mine {entry}.ParameterName={name} {entry}.ParameterValue={value}"
            ),
        );
    };
    let (in_sync, waits) =
        (("in-sync".to_owned(), String::new()), ("pending-reboot".to_owned(), "0001".to_owned()));
    set(&mut aws, "timeout", "20");
    assert_eq!(status(&mut aws, "a-001"), in_sync);
    set(&mut aws, "maxclients", "20000");
    set(&mut aws, "timeout", "30");
    for node in ["a-001", "a-002"] {
        assert_eq!(status(&mut aws, node), waits, "{node}");
    }
    let reboot = "CacheClusterId=a-002 CacheNodeIdsToReboot.CacheNodeId.1=0001";
    aws.ok("RebootCacheCluster", reboot);
    assert_eq!(aws.member("a-002", "CacheClusterStatus"), "rebooting cluster nodes");
    assert_eq!(aws.code("RebootCacheCluster", reboot), "InvalidCacheClusterState");
    aws.wait(60 * SECOND);
    assert_eq!((status(&mut aws, "a-002"), status(&mut aws, "a-001")), (in_sync, waits));
    assert_eq!(aws.member("a-002", "CacheClusterStatus"), "available");
    let other = "CacheClusterId=b-001 CacheNodeIdsToReboot.CacheNodeId.1=0001";
    assert_eq!(aws.code("RebootCacheCluster", other), "CacheClusterNotFound");
    aws.group("c", "NumNodeGroups=2 ReplicasPerNodeGroup=1 AutomaticFailoverEnabled=true");
    let sharded = "CacheClusterId=c-0001-001 CacheNodeIdsToReboot.CacheNodeId.1=0001";
    assert_eq!(aws.code("RebootCacheCluster", sharded), "InvalidParameterValue");
}
