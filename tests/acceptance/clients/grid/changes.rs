//! Every client stays in use while the token is rotated, and after the primary has moved to another node.

use super::client::ClusterMode;
use super::session::for_each_client;
use super::stored::{Stored, configuration};
use crate::clients::endpoints::{Cluster, Pair};
use crate::clients::server::Server;
use crate::fixture::Fixture;

#[test]
fn every_client_passes_through_a_rotation_of_the_token() {
    let fixture = Fixture::new(&configuration("first", ""));
    fixture.terraform.apply();
    let first = Stored::read(&fixture);
    let next = |rotation: &str, group: &str| {
        fixture.terraform.configure(&configuration(rotation, group));
        fixture.terraform.apply();
        Stored::read(&fixture)
    };
    let rotated = next("second", "");
    let set = next("second", r#"auth_token_update_strategy = "SET""#);
    assert_eq!(fixture.sent("AuthTokenUpdateStrategy"), ["ROTATE", "SET"]);
    assert_eq!([&first, &rotated, &set].map(|stored| stored.tokens.len()), [1, 2, 1]);
    assert_eq!((&rotated.tokens[0], &rotated.tokens[1]), (&first.tokens[0], &set.tokens[0]));

    for_each_client(|session| {
        let client = session.client;
        let server = Server::start();
        let url = |stored: &Stored| stored.url(client, server.port);
        let user = |opened: Result<String, String>| {
            assert_eq!(opened.as_deref(), Ok("default"), "{}", client.name);
        };
        server.takes_tokens(&first.tokens());
        user(session.open("first", "single", &url(&first)));

        // After ROTATE: a connection of before, a client that has the new URL, and one that starts with the old.
        server.takes_tokens(&rotated.tokens());
        user(session.reuse("first"));
        user(session.open("second", "single", &url(&rotated)));
        user(session.open("late", "single", &url(&first)));
        // A worker with the old token would receive tasks after SET, and could not log in to store their results.
        session.close("first");
        session.close("late");

        // After SET: a connection with the new token, a client with the new URL, and one with the old.
        server.takes_tokens(&set.tokens());
        user(session.reuse("second"));
        user(session.open("third", "single", &url(&set)));
        let error = session.open("refused", "single", &url(&first)).unwrap_err();
        let reason = "invalid username-password pair";
        assert!(error.contains(reason), "{}: {error}", client.name);
    });
}

#[test]
fn every_client_reconnects_after_a_failover() {
    let fixture = Fixture::new(&configuration("first", ""));
    fixture.terraform.apply();
    let stored = Stored::read(&fixture);
    fixture.other_client("TestFailover", "ReplicationGroupId=cache NodeGroupId=0001");
    fixture.terraform.apply();
    assert_eq!(Stored::read(&fixture), stored, "the URL has the primary endpoint, which follows the primary");

    for_each_client(|session| {
        let client = session.client;
        let mut pair = Pair::start();
        pair.takes_tokens(&stored.tokens());
        let opened = session.open("pair", "single", &stored.url(client, pair.port()));
        assert_eq!(opened.as_deref(), Ok("default"), "{}", client.name);
        pair.fail_over();
        assert_eq!(session.reuse_until_it_works("pair"), "default", "{}", client.name);
        session.close("pair");

        if let ClusterMode::Supported = client.cluster_mode {
            let mut cluster = Cluster::start(2);
            cluster.takes_tokens(&stored.tokens());
            let opened = session.open("cluster", "cluster", &stored.url(client, cluster.port()));
            assert_eq!(opened.as_deref(), Ok("default"), "{} in cluster mode", client.name);
            cluster.fail_over();
            assert_eq!(session.reuse_until_it_works("cluster"), "default", "{} in cluster mode", client.name);
        }
    });
}
