//! Values that are chosen to be wrong.

use fastrand::Rng;

use super::node::Node;

/// Headers of MessagePack that promise what does not follow, and bytes that mean nothing.
pub const BYTES: &[&[u8]] = &[
    b"\xc1",
    b"\xdf\xff\xff\xff\xff",
    b"\xdd\xff\xff\xff\xff",
    b"\xdb\xff\xff\xff\xff",
    b"\xc6\xff\xff\xff\xff",
    b"\xc9\xff\xff\xff\xff\x0c",
    b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\xca\x7f\xc0\x00\x00",
    b"\xcb\xff\xf8\x00\x00\x00\x00\x00\x00",
    b"\xa2\xff\xfe",
    b"\x92\xc4\x06\"bool\"\xc3",
    b"\x92\xc4\x09\"dynamic\"\x92\xc4\x09\"dynamic\"\xc3",
    b"",
];

/// Texts, with the number of times that each is repeated.
const TEXTS: &[(&[u8], usize)] = &[
    (b"", 1),
    (b" ", 1),
    (b"a", 1),
    (b"a", 300),
    (b"a", 20_000),
    (b"9", 5_000),
    (b"\0", 1),
    (b"\n", 3),
    ("\u{202e}abc".as_bytes(), 1),
    ("e\u{301}".as_bytes(), 1),
    ("\u{301}".as_bytes(), 2_000),
    ("\u{1f600}".as_bytes(), 70),
    ("\u{fffd}\u{feff}".as_bytes(), 1),
    // Not UTF-8: no beginning, a surrogate, a zero in two bytes.
    (b"\xff\xfe", 1),
    (b"\xed\xa0\x80", 1),
    (b"\xc0\x80", 1),
    (b"null", 1),
    (b"true", 1),
    (b"1e999999999", 1),
    (b"-0", 1),
    (b"Inf", 1),
    (b"NaN", 1),
    (b"0x10", 1),
    (b"../../etc/passwd", 1),
    (b"${aws_secret}", 1),
    (b"%s%n%x", 1),
    (b"%25", 2_000),
    (b"\\", 2_000),
    (b"&amp;", 500),
    // What a recursive parser of texts would follow.
    (b"(", 20_000),
    (b"[", 20_000),
    (b"{\"a\":", 5_000),
    (b"NOT ALARM(", 3_000),
    (b"on ~* +@all (", 1_000),
    (b"*", 2_000),
    (b"arn:aws:elasticache:eu-west-1:123456789012:user:stack", 1),
    (b"arn:aws:secretsmanager:eu-west-1:123456789012:secret:stack/token-AbCdEf", 1),
    (b":", 3_000),
    (b"arn:", 3_000),
    (b"stack@", 3),
    (b"stack,", 300),
    (b"us-east-1", 1),
    (b"on-the-moon-1", 1),
    (b"99999999999999999999h", 1),
    (b"-1h", 1),
    (b"9000000h", 1),
    (b"sun:23:00-mon:01:30", 1),
    (b"23:59-00:59", 1),
    (b"99:99-99:99", 1),
    (b"rediss://user:word@host:99999/99999999999?a=%", 1),
    (b"http://[::1", 1),
    (b"0.0.0.0/0", 1),
    (b"255.255.255.255/33", 1),
    (b"::/0", 1),
    (b"cache.r7g.large", 1),
    (b"7.1", 1),
    (b"7.", 500),
    (b"99999999999999999999.99999999999999999999", 1),
    (b"default", 1),
    (b"9999-12-31T23:59:59Z", 1),
    (b"0000-00-00T00:00:00Z", 1),
    (b"{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"*\", \"Resource\": \"*\"}]}", 1),
];

pub fn text(random: &mut Rng) -> Vec<u8> {
    let (unit, times) = TEXTS[random.usize(..TEXTS.len())];
    unit.repeat(times)
}

const WHOLE: &[i64] = &[
    0,
    1,
    -1,
    2,
    3,
    6,
    15,
    90,
    500,
    501,
    16_384,
    65_535,
    65_536,
    i32::MAX as i64,
    i32::MIN as i64,
    u32::MAX as i64 + 1,
    1_000_000_000,
    1 << 53,
    i64::MAX,
    i64::MIN,
];

const FLOATS: &[f64] =
    &[f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.1, -0.0, 0.5, 1.5, 1e19, 1e308, 5e-324];

pub fn number(random: &mut Rng) -> Node {
    match random.u8(..4) {
        0 => Node::Float(FLOATS[random.usize(..FLOATS.len())]),
        1 => Node::Unsigned(random.u64(..)),
        _ => Node::Int(WHOLE[random.usize(..WHOLE.len())]),
    }
}
