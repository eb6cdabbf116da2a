use proptest::prelude::*;

use super::{decode, encode};
use crate::value::arbitrary::{any_type, any_typed_value, raw_text};
use crate::value::{Number, Problem, Type, Value};

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
}

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

fn typed(ty: Type, value: Value) -> Value {
    Value::Typed(Box::new(ty), Box::new(value))
}

fn object_a() -> Type {
    Type::object([("a", Type::String)])
}

fn error(hex: &str, ty: &Type) -> String {
    decode(&bytes(hex), ty).unwrap_err().to_string()
}

/// Values with the bytes go-cty writes for them, good in both directions.
#[test]
fn vectors_of_go_cty() {
    let string = || typed(Type::String, Value::from("x"));
    let za = Type::object([("z", Type::String), ("a", Type::Number)]);
    let vectors = [
        (Type::String, Value::Unknown, "d40000"),
        (Type::Dynamic, Value::Unknown, "d40000"),
        (Type::Dynamic, Value::Null, "c0"),
        (Type::Dynamic, typed(Type::String, Value::Null), "92c40822737472696e6722c0"),
        (Type::Dynamic, string(), "92c40822737472696e6722a178"),
        (Type::Dynamic, typed(Type::String, Value::Unknown), "92c40822737472696e6722d40000"),
        (Type::Number, number("+Inf"), "cb7ff0000000000000"),
        (Type::Number, number("-Inf"), "cbfff0000000000000"),
        (Type::set(Type::String), Value::set(["b", "a", "B"].map(Value::from)), "93a142a161a162"),
        (Type::set(Type::Number), Value::set([10, 9, -1].map(Value::from)), "93ff090a"),
        (Type::map(Type::Bool), Value::map([("b", true.into()), ("a", false.into())]), "82a161c2a162c3"),
        (Type::Tuple(vec![Type::String, Type::Number]), Value::List(vec!["a".into(), 1.into()]), "92a16101"),
        (za, Value::map([("z", "e\u{301}".into()), ("a", Value::Null)]), "82a161c0a17aa2c3a9"),
        (
            Type::list(Type::Dynamic),
            Value::List(vec![typed(Type::String, "hello".into())]),
            "9192c40822737472696e6722a568656c6c6f",
        ),
        (Type::list(Type::String), Value::List(vec![]), "90"),
        (Type::list(Type::String), Value::List(vec![Value::Unknown, Value::Unknown]), "92d40000d40000"),
    ];
    for (ty, value, hex) in vectors {
        assert_eq!(encode(&value, &ty).unwrap(), bytes(hex), "{value:?}");
        assert_eq!(decode(&bytes(hex), &ty).unwrap(), value, "{hex}");
    }
}

#[test]
fn number_vectors_of_go_cty() {
    let vectors = [
        ("0", "00"),
        ("1", "01"),
        ("-1", "ff"),
        ("127", "7f"),
        ("128", "cc80"),
        ("255", "ccff"),
        ("256", "cd0100"),
        ("-32", "e0"),
        ("-33", "d0df"),
        ("-128", "d080"),
        ("-129", "d1ff7f"),
        ("32767", "cd7fff"),
        ("65535", "cdffff"),
        ("65536", "ce00010000"),
        ("4294967295", "ceffffffff"),
        ("4294967296", "cf0000000100000000"),
        ("9223372036854775807", "cf7fffffffffffffff"),
        ("9223372036854775808", "b339323233333732303336383534373735383038"),
        ("18446744073709551615", "b43138343436373434303733373039353531363135"),
        ("-9223372036854775808", "d38000000000000000"),
        ("1.5", "cb3ff8000000000000"),
        ("0.8", "a3302e38"),
        ("12345678901234567890123.5", "b931323334353637383930313233343536373839303132332e35"),
    ];
    for (text, hex) in vectors {
        assert_eq!(encode(&number(text), &Type::Number).unwrap(), bytes(hex), "{text}");
        assert_eq!(decode(&bytes(hex), &Type::Number).unwrap(), number(text), "{hex}");
    }
    let float = Value::Number(Number::from_f64_exact(0.8).unwrap());
    assert_eq!(encode(&float, &Type::Number).unwrap(), bytes("cb3fe999999999999a"));
    assert_eq!(decode(&bytes("cb3fe999999999999a"), &Type::Number).unwrap(), float);
}

/// Forms that are read, though never written.
#[test]
fn other_spellings_are_read() {
    let widened = Number::from_f64_exact(f64::from(0.8f32)).unwrap();
    let vectors = [
        // A whole number as a float, as go-cty before 1.14 sent large ones.
        (Type::Number, "cb43e0000000000000", number("9223372036854775808")),
        (Type::Number, "cfffffffffffffffff", number("18446744073709551615")),
        (Type::Number, "d30000000000000001", number("1")),
        (Type::Number, "a131", number("1")),
        (Type::Number, "ca3f4ccccd", Value::Number(widened)),
        (Type::String, "c40178", "x".into()),
        (Type::String, "d90178", "x".into()),
        (Type::String, "a365cc81", "\u{e9}".into()),
        (Type::map(Type::Bool), "81a365cc81c3", Value::map([("\u{e9}", true.into())])),
        (Type::set(Type::String), "92a161a161", Value::set(["a".into()])),
        (Type::list(Type::String), "dc0001a161", Value::List(vec!["a".into()])),
        // A type that says nothing says nothing.
        (
            Type::Dynamic,
            "92c4092264796e616d69632292c40822737472696e6722a178",
            typed(Type::String, "x".into()),
        ),
    ];
    for (ty, hex, value) in vectors {
        assert_eq!(decode(&bytes(hex), &ty).unwrap(), value, "{hex}");
    }
}

#[test]
fn any_extension_is_unknown() {
    let refined = [
        (Type::String, "c7030c8101c2"),
        (Type::String, "c7070c8102a4666f6f2d"),
        (Type::String, "c7190c8201c202b461726e3a6177733a656c6173746963616368653a"),
        (Type::Number, "c7050c81039200c3"),
        (Type::Number, "c7090c82039200c3049201c3"),
        (Type::list(Type::String), "c7050c8205010602"),
        (Type::Bool, "c7030c8101c2"),
        // Extensions of no length and of other kinds.
        (Type::String, "c70000"),
        (Type::String, "c7000c"),
        (object_a(), "d57f0000"),
        (Type::Bool, "c800010500"),
    ];
    for (ty, hex) in &refined {
        assert_eq!(decode(&bytes(hex), ty).unwrap(), Value::Unknown, "{hex}");
    }
    // Key 99, which is not in use yet: a list of values of many forms.
    let payload = "81639481a17893cb0000000000000000c0d4000001a178c3";
    let data = bytes(&format!("c7{:02x}0c{payload}", payload.len() / 2));
    assert_eq!(decode(&data, &Type::String).unwrap(), Value::Unknown);
}

#[test]
fn refinements_are_checked() {
    assert_eq!(decode(&bytes("c7030c8101c3"), &Type::String).unwrap(), Value::Null, "known to be null");
    for hex in ["d40cff", "c7030c8101a0", "c7020c8101", "c7030c81a131", "c7030cdf00ff"] {
        assert_eq!(decode(&bytes(hex), &Type::String).unwrap_err().problem, Problem::Refinement, "{hex}");
    }
    let of_length = |len: u16| {
        let mut data = bytes("c8");
        data.extend((len).to_be_bytes());
        data.extend(bytes("0c8102da"));
        data.extend((len - 5).to_be_bytes());
        data.resize(4 + usize::from(len), b'x');
        decode(&data, &Type::String)
    };
    assert_eq!(of_length(1024), Ok(Value::Unknown));
    assert_eq!(of_length(1025).unwrap_err().problem, Problem::Refinement);
}

#[test]
fn an_object_has_exactly_its_attributes() {
    assert_eq!(error("80", &object_a()), "an object with 1 attributes is required (0 given)");
    assert_eq!(error("82a161c0a162c0", &object_a()), "an object with 1 attributes is required (2 given)");
    assert_eq!(error("81a162c0", &object_a()), "unsupported attribute");
    let ab = Type::object([("a", Type::String), ("b", Type::String)]);
    assert_eq!(error("82a161c0a161c0", &ab), "a: the attribute is given twice");
    assert_eq!(
        encode(&Value::map([("b", "x".into())]), &ab).unwrap_err().to_string(),
        "a: the attribute is missing"
    );
    let extra = Value::map([("a", Value::Null), ("b", Value::Null)]);
    assert_eq!(encode(&extra, &object_a()).unwrap_err().to_string(), "unsupported attribute");
}

#[test]
fn attributes_have_any_order_and_none_is_repeated() {
    let ty = Type::object([("a", Type::Bool), ("b", Type::Bool), ("c", Type::Bool)]);
    let value =
        Value::map([("a", true), ("b", false), ("c", true)].map(|(name, it)| (name, Value::Bool(it))));
    for sent in ["83a161c3a162c2a163c3", "83a163c3a161c3a162c2", "83a162c2a163c3a161c3"] {
        assert_eq!(decode(&bytes(sent), &ty).unwrap(), value, "{sent}");
    }
    for repeated in ["83a161c3a161c3a162c3", "83a162c3a161c3a162c3", "83a163c3a162c3a163c3"] {
        assert_eq!(
            decode(&bytes(repeated), &ty).unwrap_err().problem,
            Problem::RepeatedAttribute,
            "{repeated}"
        );
    }
}

#[test]
fn errors_say_what_is_required_where() {
    assert_eq!(error("01", &Type::String), "a string is required");
    assert_eq!(error("a178", &Type::Bool), "a bool is required");
    assert_eq!(error("a178", &Type::Number), "a number is required");
    assert_eq!(error("cb7ff8000000000000", &Type::Number), "a number is required");
    assert_eq!(error("a1ff", &Type::String), "the string is not valid UTF-8");
    assert_eq!(error("c0c0", &Type::String), "there is data after the end of the value");
    assert_eq!(error("", &Type::String), "the data ends too early");
    assert_eq!(error("81c0c0", &Type::map(Type::Bool)), "[key 1]: a string as key is required");
    assert_eq!(error("c1", &Type::String), "a string is required");
    assert_eq!(error("92c40178c0", &Type::Dynamic), "a value together with its type is required");
    let nested = Type::object([("m", Type::map(Type::list(object_a())))]);
    assert_eq!(error("81a16d81a16b92c081a16101", &nested), "m[key 1][1].a: a string is required");
    assert_eq!(error("81a16191a101", &Type::map(Type::set(Type::Bool))), "[key 1]: a bool is required");
    let wrong = Value::map([("k", Value::List(vec![true.into()]))]);
    let ty = Type::map(Type::list(Type::Number));
    assert_eq!(encode(&wrong, &ty).unwrap_err().to_string(), "[key 1][0]: a number is required");
}

#[test]
fn declared_lengths_are_not_believed() {
    let list = Type::list(Type::list(Type::String));
    for (ty, hex) in [
        (list.clone(), "ddffffffff"),
        (list, "ddffffffffddffffffff"),
        (Type::map(Type::String), "dfffffffff"),
        (object_a(), "dfffffffff"),
        (Type::String, "dbffffffff"),
        (Type::String, "c6ffffffff78"),
        (Type::String, "c9ffffffff0c00"),
        (Type::Dynamic, "ddffffffff"),
    ] {
        assert_eq!(decode(&bytes(hex), &ty).unwrap_err().problem, Problem::Truncated, "{hex}");
    }
}

#[test]
fn values_are_counted() {
    let list = |count: u32| {
        let mut data = vec![0xdd];
        data.extend(count.to_be_bytes());
        data.resize(data.len() + count as usize, 0xc0);
        data
    };
    let ty = Type::list(Type::String);
    // The list is a value as well.
    assert!(decode(&list(249_999), &ty).is_ok());
    let too_many = decode(&list(250_000), &ty).unwrap_err();
    assert_eq!(too_many.to_string(), "[249999]: more than 250000 values are given");
}

#[test]
fn nesting_ends() {
    for level in ["92c4092264796e616d696322", "92c4125b226c697374222c2264796e616d6963225d91"] {
        let data = bytes(&format!("{}c0", level.repeat(20_000)));
        assert_eq!(decode(&data, &Type::Dynamic).unwrap_err().problem, Problem::TooDeep);
    }
    let refinements = bytes(&format!("c803e80c8163{}", "91".repeat(998)));
    assert_eq!(decode(&refinements, &Type::String).unwrap_err().problem, Problem::Refinement);
}

/// Whatever decodes has an encoding of its own, which means the same.
fn survives(data: &[u8], ty: &Type) -> Result<(), TestCaseError> {
    if let Ok(value) = decode(data, ty) {
        prop_assert_eq!(decode(&encode(&value, ty)?, ty)?, value);
    }
    Ok(())
}

proptest! {
    #[test]
    fn values_survive((ty, value) in any_typed_value()) {
        let data = encode(&value, &ty)?;
        prop_assert_eq!(decode(&data, &ty)?, value);
    }

    #[test]
    fn a_part_is_an_error((ty, value) in any_typed_value(), at: prop::sample::Index) {
        let data = encode(&value, &ty)?;
        prop_assert!(decode(&data[..at.index(data.len())], &ty).is_err());
    }

    #[test]
    fn strings_arrive_normalised(text in raw_text()) {
        let data = encode(&Value::String(text.clone()), &Type::String)?;
        prop_assert_eq!(decode(&data, &Type::String)?, Value::string(text));
    }

    #[test]
    fn random_bytes_do_no_harm(ty in any_type(), data: Vec<u8>) {
        survives(&data, &ty)?;
    }

    #[test]
    fn damaged_encodings_do_no_harm(
        (ty, value) in any_typed_value(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut data = encode(&value, &ty)?;
        for (at, byte) in damage {
            let at = at.index(data.len());
            data[at] = byte;
        }
        survives(&data, &ty)?;
    }

    #[test]
    fn another_type_does_no_harm((ty, value) in any_typed_value(), other in any_type()) {
        survives(&encode(&value, &ty)?, &other)?;
    }
}
