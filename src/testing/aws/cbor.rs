//! CBOR for the canned CloudWatch: as much of RFC 8949 as the SDK writes and reads.

use serde_json::{Map, Value, json};

/// Writes a value.
pub(super) fn encode(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(0xf6),
        Value::Bool(value) => out.push(0xf4 + u8::from(*value)),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(positive), _) => head(0, positive, out),
            (None, Some(negative)) => head(1, (-1 - negative).cast_unsigned(), out),
            (None, None) => {
                out.push(0xfb);
                out.extend(number.as_f64().unwrap().to_be_bytes());
            }
        },
        Value::String(text) => {
            head(3, text.len() as u64, out);
            out.extend(text.as_bytes());
        }
        Value::Array(items) => {
            head(4, items.len() as u64, out);
            items.iter().for_each(|item| encode(item, out));
        }
        Value::Object(entries) => {
            head(5, entries.len() as u64, out);
            for (key, item) in entries {
                encode(&json!(key), out);
                encode(item, out);
            }
        }
    }
}

fn head(major: u8, value: u64, out: &mut Vec<u8>) {
    out.push((major << 5) | 27);
    out.extend(value.to_be_bytes());
}

/// Reads a value; `None` for an empty body.
pub(super) fn decode(bytes: &[u8]) -> Option<Value> {
    let mut rest = bytes;
    (!bytes.is_empty()).then(|| value(&mut rest).unwrap_or_default())
}

/// One value; `None` at the break that ends an open collection.
fn value(rest: &mut &[u8]) -> Option<Value> {
    let first = take(rest, 1)[0];
    let (major, info) = (first >> 5, first & 31);
    if first == 0xff {
        return None;
    }
    let open = info == 31;
    let length = match info {
        0..=23 => u64::from(info),
        24..=27 => take(rest, 1 << (info - 24)).iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)),
        _ => u64::MAX,
    };
    Some(match major {
        0 => json!(length),
        1 => json!(-1 - length.cast_signed()),
        2 | 3 => json!(String::from_utf8_lossy(take(rest, usize::try_from(length).unwrap()))),
        4 => Value::Array((0..length).map_while(|_| value(rest)).collect()),
        5 => {
            let pairs = (0..length).map_while(|_| Some((value(rest)?.as_str()?.to_owned(), value(rest)?)));
            Value::Object(pairs.collect::<Map<_, _>>())
        }
        6 => value(rest)?,
        _ => match (info, open) {
            (20 | 21, _) => json!(info == 21),
            (26, _) => json!(f64::from(f32::from_bits(u32::try_from(length).unwrap()))),
            (27, _) => json!(f64::from_bits(length)),
            _ => Value::Null,
        },
    })
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> &'a [u8] {
    let (taken, after) = rest.split_at(count);
    *rest = after;
    taken
}

#[test]
fn reads_what_it_writes() {
    let value = json!({ "a": [1, -5, 70000, 0.5, "x", null, true, false, {}], "b": "é" });
    let mut bytes = Vec::new();
    encode(&value, &mut bytes);
    assert_eq!(decode(&bytes), Some(value));
    // Collections of open length, as the SDK writes them.
    assert_eq!(decode(&[0xbf, 0x61, b'a', 0x9f, 0x01, 0xff, 0xff]), Some(json!({ "a": [1] })));
}
