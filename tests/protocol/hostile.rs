//! Values that no schema of the provider allows, one by one; `tests/acceptance/chaos/messages` makes them by the million.

use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;

use super::{GROUP, bytes, group, is_error, start};

/// No value of any of our types.
fn hostile() -> Vec<Vec<u8>> {
    let map_of_name = |value: &[u8]| [b"\x81\xa4name", value].concat();
    vec![
        // Cut short, in each kind of header.
        vec![0x81],
        vec![0xd9],
        vec![0xdd, 0xff],
        map_of_name(b"\xa5ab"),
        // Lengths of four gigabytes with nothing behind them.
        vec![0xdf, 0xff, 0xff, 0xff, 0xff],
        vec![0xdd, 0xff, 0xff, 0xff, 0xff],
        map_of_name(&[0xc6, 0xff, 0xff, 0xff, 0xff]),
        map_of_name(&[0xdb, 0xff, 0xff, 0xff, 0xff]),
        // Nesting without end.
        vec![0x91; 200_000],
        [0x81, 0xa1, b'a'].repeat(100_000),
        // Not an object of ours: other types, no attributes, foreign ones, keys that are no names.
        vec![0x2a],
        vec![0xc3],
        b"\xa5hello".to_vec(),
        vec![0x80],
        b"\x81\xa5alien\x01".to_vec(),
        vec![0x81, 0x01, 0x01],
        // Not UTF-8, a byte that means nothing, bytes behind the value.
        map_of_name(b"\xa2\xff\xfe"),
        vec![0xc1],
        vec![0xc0, 0xc0],
        // A refinement longer than any.
        [&[0xc8, 0xff, 0xff, 0x0c][..], &[0x81; 64]].concat(),
    ]
}

#[tokio::test]
async fn hostile_bytes_get_an_error_and_the_server_lives() {
    let (mut plugin, mut client) = start().await;
    let type_name = || GROUP.to_owned();
    for value in hostile() {
        let value = || bytes(&value);
        let answers = [
            call!(client, validate_provider_config { config: value() }).diagnostics,
            call!(client, configure_provider { config: value() }).diagnostics,
            call!(client, validate_resource_config { type_name: type_name(), config: value() }).diagnostics,
            call!(client, read_resource { type_name: type_name(), current_state: value() }).diagnostics,
            call!(
                client,
                plan_resource_change { type_name: type_name(), config: value(), proposed_new_state: group() }
            )
            .diagnostics,
            call!(
                client,
                plan_resource_change { type_name: type_name(), config: group(), proposed_new_state: value() }
            )
            .diagnostics,
            call!(client, plan_resource_change { type_name: type_name(), prior_state: value() }).diagnostics,
            call!(client, apply_resource_change { type_name: type_name(), planned_state: value() })
                .diagnostics,
            call!(client, apply_resource_change { type_name: type_name(), prior_state: value() }).diagnostics,
            call!(client, apply_resource_change { type_name: type_name(), config: value() }).diagnostics,
        ];
        for (i, diagnostics) in answers.iter().enumerate() {
            assert!(is_error(diagnostics), "call {i} with {value:x?}", value = value().map(|v| v.msgpack));
        }
    }
    for json in ["", "{", "[]", "\"text\"", "{\"id\":[1]}", &"[".repeat(100_000)] {
        let raw_state =
            Some(pb::RawState { json: json.as_bytes().to_vec(), flatmap: [("a".into(), "b".into())].into() });
        assert!(is_error(
            &call!(client, upgrade_resource_state { type_name: type_name(), raw_state: raw_state })
                .diagnostics
        ));
    }
    assert!(plugin.is_running());
    assert_eq!(
        call!(client, validate_resource_config { type_name: type_name(), config: group() }).diagnostics,
        []
    );
}
