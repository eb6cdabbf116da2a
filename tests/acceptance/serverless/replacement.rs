//! Changes that require another cache.

use super::parts::{CACHE, applied, cache, done, words, writes};

#[test]
fn what_aws_cannot_change_replaces_the_cache_and_the_plan_says_what_is_lost() {
    for (before, after, because) in [
        ("", "subnet_ids = [\"subnet-0a1b2c3d4e5f60001\"]", "subnet_ids"),
        ("", "kms_key_id = \"1234abcd-12ab-34cd-56ef-1234567890ab\"", "kms_key_id"),
        ("network_type = \"ipv4\"", "network_type = \"ipv6\"", "network_type"),
        (
            "major_engine_version = \"9\"",
            "major_engine_version = \"9\"\nconnection_type = \"public\"\nuser_group_id = \"default.iam-user-group\"",
            "connection_type",
        ),
    ] {
        let world = applied(&cache(before));
        world.terraform.configure(&cache(after));
        let plan = world.terraform.plan();
        plan.assert_replace(CACHE, &[because]);
        let warned = words(&plan.diagnostics);
        assert!(warned.contains("Serverless cache will be replaced"), "{warned}");
        assert!(
            warned.contains(&format!("`{because}` changes")) && warned.contains("its data is lost"),
            "{warned}"
        );
        world.applied();
        assert_eq!(writes(&world), ["DeleteServerlessCache", "CreateServerlessCache"], "{because}");
    }
}

#[test]
fn another_name_is_another_cache() {
    let world = applied(&cache(""));
    world.terraform.configure(&cache("").replace("\"cache\"", "\"other\""));
    world.terraform.plan().assert_replace(CACHE, &["name"]);
    world.applied();
    assert_eq!(world.control(|aws| aws.serverless_caches()), ["other"]);
}

#[test]
fn engines_that_aws_does_not_change_are_errors_unless_replacement_is_allowed() {
    for (before, after, cause) in [
        ("major_engine_version = \"8\"", "major_engine_version = \"7\"", "major_engine_version"),
        ("major_engine_version = \"8\"", "engine = \"redis\"\nmajor_engine_version = \"7\"", "engine"),
        ("", "engine = \"memcached\"\nmajor_engine_version = \"1.6\"", "engine"),
        ("engine = \"memcached\"\nmajor_engine_version = \"1.6\"", "major_engine_version = \"8\"", "engine"),
    ] {
        let world = applied(&cache(before));
        let refused = world.refused(&cache(after));
        assert!(refused.contains("Engine cannot be changed in place"), "{refused}");
        assert!(refused.contains("`allow_engine_replacement = true`"), "{refused}");
        world.terraform.configure(&cache(&format!("{after}\nallow_engine_replacement = true")));
        let plan = world.terraform.plan();
        plan.assert_replace(CACHE, &[cause]);
        assert!(words(&plan.diagnostics).contains("Serverless cache will be replaced"), "{after}");
        world.applied();
        assert_eq!(writes(&world), ["DeleteServerlessCache", "CreateServerlessCache"], "{after}");
    }
}

/// The final snapshot carries the data over, in one apply.
#[test]
fn a_replacement_carries_the_data_over() {
    let with = |more: &str| cache(&format!("final_snapshot_name = \"carry\"\n{more}"));
    let world = applied(&with(""));
    let restored = "network_type = \"ipv6\"\nsnapshot_arns_to_restore = \
                    [\"arn:aws:elasticache:eu-west-1:123456789012:serverlesscachesnapshot:carry\"]";
    world.terraform.configure(&with(restored));
    let warned = words(&world.terraform.plan().diagnostics);
    assert!(warned.contains("The final snapshot \"carry\" is taken first"), "{warned}");
    world.terraform.apply();
    let created = &done(&world, "CreateServerlessCache")[0];
    assert!(
        created.parameter("SnapshotArnsToRestore.SnapshotArn.1").is_some_and(|arn| arn.ends_with(":carry"))
    );
    world.terraform.assert_unchanged();
}

#[test]
fn a_protected_cache_is_not_replaced() {
    let world = applied(&cache("deletion_protection = true"));
    let refused = world.refused(&cache("deletion_protection = true\nnetwork_type = \"ipv6\""));
    assert!(refused.contains("Serverless cache is protected from deletion"), "{refused}");
    assert!(refused.contains("The change of `network_type` requires a new serverless cache"), "{refused}");
}
