//! Storms of HTTP/2 on the socket of the built provider: floods, resets, headers and messages without end, and bytes
//! that are none of it.

use std::path::Path;

use fastrand::Rng;

use super::frames::*;
use super::target::{Target, Watched};
use crate::chaos::settings;
use crate::support::plugin_client::Plugin;

/// Seed of the random bytes; `CHAOS_SEED` sets another one.
const SEED: u64 = 21;

/// Megabytes that no storm takes the provider beyond.
const MOST_MEMORY: u64 = 400;

/// A storm: what it is, and what the server answers.
type Storm = (&'static str, fn(&Path, &mut Rng, u32) -> String);

const STORMS: &[Storm] = &[
    ("streams that are reset as soon as they are opened", |socket, _, times| {
        let mut raw = Raw::open(socket, &[]);
        let cancel = 8_u32.to_be_bytes();
        raw.flood(
            true,
            (0..2_000 * times).map(|number| {
                let open = frame(HEADERS, END_HEADERS, stream(number), &call("GetMetadata"));
                [open, frame(RESET, 0, stream(number), &cancel)].concat()
            }),
        );
        calmed(raw)
    }),
    ("streams that never end", |socket, _, times| {
        let mut raw = Raw::open(socket, &[]);
        raw.flood(
            true,
            (0..4_000 * times)
                .map(|number| frame(HEADERS, END_HEADERS, stream(number), &call("ReadResource"))),
        );
        // As many as a connection may have are open; the rest is refused.
        let opened = usize::try_from(4_000 * times).unwrap();
        let refused = |it: &Received| it.resets.get(&REFUSED_STREAM).copied().unwrap_or_default();
        let received = raw.until(|it| refused(it) >= opened - 1_000 || it.goaway.is_some());
        raw.finish();
        format!("{} of {opened} are refused", refused(&received))
    }),
    ("a header of a megabyte", |socket, _, _| {
        let mut raw = Raw::open(socket, &[]);
        let block = [call("GetMetadata"), header("x", &"a".repeat(1 << 20))].concat();
        let mut frames = block.chunks(16_000).enumerate().map(|(number, part)| {
            let kind = if number == 0 { HEADERS } else { CONTINUATION };
            let last = if (number + 1) * 16_000 >= block.len() { END_HEADERS } else { 0 };
            frame(kind, last | if number == 0 { END_STREAM } else { 0 }, 1, part)
        });
        raw.flood(true, &mut frames);
        raw.finish();
        calmed(raw)
    }),
    ("headers without end", |socket, _, times| {
        let mut raw = Raw::open(socket, &[]);
        raw.send(&frame(HEADERS, 0, 1, &call("GetMetadata")));
        raw.flood(true, (0..5_000 * times).map(|_| frame(CONTINUATION, 0, 1, &header("x", "y"))));
        calmed(raw)
    }),
    ("one long header, referred to ten thousand times", |socket, _, times| {
        let mut raw = Raw::open(socket, &[]);
        let mut indexed = header("x", &"a".repeat(4_000));
        indexed[0] = 0x40;
        for number in 0..20 * times {
            // The newest entry of the dynamic table is the first after the 61 of the static one.
            let block = [call("GetMetadata"), indexed.clone(), vec![0x80 | 62; 10_000]].concat();
            if !raw.send(&frame(HEADERS, END_HEADERS | END_STREAM, stream(number), &block)) {
                break;
            }
        }
        calmed(raw)
    }),
    ("a frame longer than the limit", |socket, _, _| {
        let mut raw = Raw::open(socket, &[]);
        raw.send(&frame(HEADERS, END_HEADERS, 1, &call("ReadResource")));
        raw.send(&frame(DATA, 0, 1, &vec![0; 1 << 20]));
        let received = raw.until_closed();
        assert_eq!(received.goaway, Some(FRAME_SIZE_ERROR), "{received:?}");
        goaway(received.goaway)
    }),
    ("messages of 255 megabytes that are announced and not sent", |socket, _, _| {
        let mut raw = Raw::open(socket, &[]);
        raw.flood(
            true,
            (0..200).map(|number| {
                let announced = [&[0][..], &(255_u32 << 20).to_be_bytes(), b"begin"].concat();
                let open = frame(HEADERS, END_HEADERS, stream(number), &call("ReadResource"));
                [open, frame(DATA, 0, stream(number), &announced)].concat()
            }),
        );
        raw.finish();
        "nothing".to_owned()
    }),
    ("settings whose acknowledgements are never read", |socket, _, times| {
        never_read(socket, 20_000 * times, &frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0xff, 0xff]))
    }),
    ("pings whose answers are never read", |socket, _, times| {
        never_read(socket, 20_000 * times, &frame(PING, 0, 0, b"01234567"))
    }),
    ("schemas that are never read", |socket, _, times| {
        // A window of no bytes: nothing of a reply may be sent.
        let waiting = (20 * times).min(1_000);
        let mut raw = Raw::open(socket, &[(4, 0)]);
        let taken = raw.flood(
            false,
            (0..waiting).map(|number| {
                let open = frame(HEADERS, END_HEADERS, stream(number), &call("GetProviderSchema"));
                [open, frame(DATA, END_STREAM, stream(number), &[0; 5])].concat()
            }),
        );
        let received = raw.until(|it| it.replies >= usize::try_from(waiting).unwrap() || it.goaway.is_some());
        assert!(taken, "{received:?}");
        format!("{} replies wait", received.replies)
    }),
    ("windows that overflow", |socket, _, _| {
        let mut raw = Raw::open(socket, &[]);
        let more = frame(WINDOW, 0, 0, &0x7fff_ffff_u32.to_be_bytes());
        raw.send(&[more.clone(), more].concat());
        let received = raw.until_closed();
        assert_eq!(received.goaway, Some(FLOW_CONTROL_ERROR), "{received:?}");
        goaway(received.goaway)
    }),
    ("data without bytes", |socket, _, times| {
        let mut raw = Raw::open(socket, &[]);
        raw.send(&frame(HEADERS, END_HEADERS, 1, &call("ReadResource")));
        raw.flood(true, (0..40_000 * times).map(|_| frame(DATA, 0, 1, &[])));
        calmed(raw)
    }),
    ("priorities and frames of unknown types", |socket, random, times| {
        let mut raw = Raw::open(socket, &[]);
        let mut numbers = random.fork();
        let taken = raw.flood(
            true,
            (0..20_000 * times).map(|number| match number % 2 {
                0 => frame(PRIORITY, 0, stream(numbers.u32(..1000)), &[0, 0, 0, 1, 16]),
                _ => frame(numbers.u8(10..), numbers.u8(..), 0, &[0; 16]),
            }),
        );
        raw.finish();
        if taken { "ignored".to_owned() } else { "held back".to_owned() }
    }),
    ("frames at random", |socket, random, times| {
        for _ in 0..40 * times {
            let mut raw = Raw::open(socket, &[]);
            for _ in 0..random.usize(1..100) {
                let payload: Vec<u8> = (0..random.usize(..64)).map(|_| random.u8(..)).collect();
                let id = random.u32(..6);
                if !raw.send(&frame(random.u8(..12), random.u8(..), id, &payload)) {
                    break;
                }
            }
            raw.finish();
            raw.until_closed();
        }
        "GOAWAY, or the stream is reset".to_owned()
    }),
    ("a valid conversation with damaged bytes", |socket, random, times| {
        let valid = [
            PREFACE,
            &frame(SETTINGS, 0, 0, &[]),
            &frame(HEADERS, END_HEADERS, 1, &call("GetMetadata")),
            &frame(DATA, END_STREAM, 1, &[0; 5]),
            &frame(PING, 0, 0, b"01234567"),
        ]
        .concat();
        for _ in 0..100 * times {
            let mut bytes = valid.clone();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(..bytes.len());
                bytes[at] ^= 1 << random.u8(..8);
            }
            bytes.truncate(random.usize(1..=bytes.len()));
            let mut raw = Raw::silent(socket);
            raw.send(&bytes);
            raw.finish();
            raw.until_closed();
        }
        "the connection is closed".to_owned()
    }),
    ("bytes that are no HTTP/2", |socket, random, times| {
        let noise: Vec<u8> = (0..100_000).map(|_| random.u8(..)).collect();
        let hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec();
        let old = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n".to_vec();
        for bytes in [noise, hello, old, vec![0; 100_000], vec![b'\n'; 100_000]] {
            for _ in 0..times {
                let mut raw = Raw::silent(socket);
                raw.send(&bytes);
                raw.finish();
                raw.until_closed();
            }
        }
        "the connection is closed".to_owned()
    }),
    ("beginnings without an end", |socket, _, times| {
        let mut open = Vec::new();
        for _ in 0..100 * times {
            let mut raw = Raw::silent(socket);
            raw.send(&PREFACE[..10]);
            open.push(raw);
        }
        format!("{} connections wait", open.len())
    }),
];

/// The answer to a flood: the server closes the connection, and says why.
fn calmed(raw: Raw) -> String {
    let received = raw.until_closed();
    assert_eq!(received.goaway, Some(ENHANCE_YOUR_CALM), "{received:?}");
    goaway(received.goaway)
}

fn goaway(code: Option<u32>) -> String {
    match code {
        Some(ENHANCE_YOUR_CALM) => "GOAWAY ENHANCE_YOUR_CALM".to_owned(),
        Some(FRAME_SIZE_ERROR) => "GOAWAY FRAME_SIZE_ERROR".to_owned(),
        Some(FLOW_CONTROL_ERROR) => "GOAWAY FLOW_CONTROL_ERROR".to_owned(),
        Some(code) => format!("GOAWAY {code}"),
        None => "no GOAWAY".to_owned(),
    }
}

fn never_read(socket: &Path, times: u32, bytes: &[u8]) -> String {
    let mut raw = Raw::open(socket, &[]);
    let taken = raw.flood(false, (0..times).map(|_| bytes.to_vec()));
    raw.finish();
    if taken { "taken, few answers".to_owned() } else { "held back".to_owned() }
}

fn run(times: u32) {
    let seed = settings::seed(SEED);
    let mut target = Target::new(Plugin::start_with(crate::support::plugin_client::binary(), None));
    for (name, storm) in STORMS {
        let socket = target.plugin.handshake.socket.clone();
        let Watched { result, memory } =
            target.watch(name, || storm(&socket, &mut Rng::with_seed(seed), times));
        assert!(memory < MOST_MEMORY, "{name}: {memory} MB");
        target.row(name, &result, memory);
    }
    target.end();
}

#[test]
fn http2_storms_are_survived() {
    run(1);
}

#[test]
#[ignore = "make chaos runs it"]
fn long_http2_storms_are_survived() {
    run(50);
}
