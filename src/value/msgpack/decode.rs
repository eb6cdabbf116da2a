//! From MessagePack to values.

use std::collections::BTreeMap;

use rmp::Marker;
use rmp::decode::{self as read, ValueReadError};

use super::REFINED_UNKNOWN;
use crate::value::codec::{Fault, MAX_DEPTH, MAX_VALUES, Problem, Within};
use crate::value::{Map, Number, Type, Value, json, normalise};

/// More than this of refinements is refused, as go-cty does.
const MAX_REFINEMENT: usize = 1024;
/// Key of the refinement that says whether the value is null.
const NULLNESS: i64 = 1;

/// The one value in `bytes`.
pub(super) fn whole(bytes: &[u8], ty: &Type) -> Result<Value, Fault> {
    let mut reader = Reader { rest: bytes, values: MAX_VALUES };
    let value = reader.value(ty, MAX_DEPTH)?;
    if reader.rest.is_empty() { Ok(value) } else { Err(Problem::Trailing.into()) }
}

struct Reader<'a> {
    rest: &'a [u8],
    /// How many more values may follow.
    values: usize,
}

/// What to report when a value of the form `expected` could not be read.
fn unread(error: &ValueReadError, expected: &'static str) -> Problem {
    match error {
        ValueReadError::TypeMismatch(_) => Problem::Required(expected),
        ValueReadError::InvalidMarkerRead(_) | ValueReadError::InvalidDataRead(_) => Problem::Truncated,
    }
}

fn is_extension(marker: Marker) -> bool {
    use Marker::{Ext8, Ext16, Ext32, FixExt1, FixExt2, FixExt4, FixExt8, FixExt16};
    matches!(marker, FixExt1 | FixExt2 | FixExt4 | FixExt8 | FixExt16 | Ext8 | Ext16 | Ext32)
}

impl<'a> Reader<'a> {
    /// A value of type `ty`, with at most `depth` levels of nesting.
    fn value(&mut self, ty: &Type, depth: u8) -> Result<Value, Fault> {
        let depth = depth.checked_sub(1).ok_or(Problem::TooDeep)?;
        self.values = self.values.checked_sub(1).ok_or(Problem::TooMany)?;
        let marker = self.marker()?;
        if marker == Marker::Null {
            self.take(1)?;
            return Ok(Value::Null);
        }
        if is_extension(marker) {
            return Ok(self.unknown()?);
        }
        match ty {
            Type::Bool => Ok(Value::Bool(read::read_bool(&mut self.rest).map_err(|e| unread(&e, "a bool"))?)),
            Type::Number => Ok(Value::Number(self.number(marker)?)),
            Type::String => Ok(Value::String(self.text("a string").map(normalise)?)),
            Type::List(element) => self.elements("a list", element, depth).map(Value::List),
            Type::Set(element) => self.set(element, depth),
            Type::Map(element) => self.map(element, depth),
            Type::Tuple(types) => self.tuple(types, depth),
            Type::Object(attributes) => self.object(attributes, depth),
            Type::Dynamic => self.typed(depth),
        }
    }

    fn marker(&self) -> Result<Marker, Problem> {
        self.rest.first().map(|byte| Marker::from_u8(*byte)).ok_or(Problem::Truncated)
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], Problem> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(Problem::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The bytes of a string. Binary data counts as one, as it does for go-cty.
    fn bytes(&mut self, expected: &'static str) -> Result<&'a [u8], Problem> {
        let len = match self.marker()? {
            Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => read::read_bin_len(&mut self.rest),
            _ => read::read_str_len(&mut self.rest),
        };
        self.take(len.map_err(|e| unread(&e, expected))? as usize)
    }

    fn text(&mut self, expected: &'static str) -> Result<&'a str, Problem> {
        std::str::from_utf8(self.bytes(expected)?).map_err(|_| Problem::NotUtf8)
    }

    fn number(&mut self, marker: Marker) -> Result<Number, Problem> {
        use Marker::{F32, F64, FixNeg, FixPos, I8, I16, I32, I64, U8, U16, U32, U64};
        const WANTED: &str = "a number";
        let required = || Problem::Required(WANTED);
        match marker {
            FixPos(_) | FixNeg(_) | I8 | I16 | I32 | I64 | U8 | U16 | U32 => {
                // Every value of these fits: only missing bytes can fail.
                read::read_int::<i64, _>(&mut self.rest).map(Number::from).map_err(|_| Problem::Truncated)
            }
            U64 => read::read_u64(&mut self.rest).map(Number::from).map_err(|e| unread(&e, WANTED)),
            F32 => {
                let float = read::read_f32(&mut self.rest).map_err(|e| unread(&e, WANTED))?;
                Number::from_f64_exact(f64::from(float)).ok_or_else(required)
            }
            F64 => {
                let float = read::read_f64(&mut self.rest).map_err(|e| unread(&e, WANTED))?;
                Number::from_f64_exact(float).ok_or_else(required)
            }
            _ => self.text(WANTED)?.parse().map_err(|_| required()),
        }
    }

    /// Length of an array; the elements follow.
    fn array(&mut self, expected: &'static str) -> Result<usize, Problem> {
        let len = read::read_array_len(&mut self.rest).map_err(|e| unread(&e, expected))? as usize;
        // An element takes a byte at least. Knowing that early spares the work
        // on data that is cut short.
        if len > self.rest.len() { Err(Problem::Truncated) } else { Ok(len) }
    }

    /// Length of a map; keys and values follow.
    fn entries(&mut self, expected: &'static str) -> Result<usize, Problem> {
        let len = read::read_map_len(&mut self.rest).map_err(|e| unread(&e, expected))? as usize;
        if len > self.rest.len() / 2 { Err(Problem::Truncated) } else { Ok(len) }
    }

    // The collections below grow as elements arrive. Reserving the declared
    // length would let a short message ask for much memory at every level.

    fn elements(&mut self, expected: &'static str, ty: &Type, depth: u8) -> Result<Vec<Value>, Fault> {
        let mut elements = Vec::new();
        for i in 0..self.array(expected)? {
            elements.push(self.value(ty, depth).in_element(i)?);
        }
        Ok(elements)
    }

    fn set(&mut self, ty: &Type, depth: u8) -> Result<Value, Fault> {
        let mut elements = Vec::new();
        for _ in 0..self.array("a set")? {
            // Without a step: elements of a set cannot be addressed.
            elements.push(self.value(ty, depth)?);
        }
        Ok(Value::set(elements))
    }

    fn tuple(&mut self, types: &[Type], depth: u8) -> Result<Value, Fault> {
        let (expected, given) = (types.len(), self.array("a tuple")?);
        if expected != given {
            return Err(Problem::Elements { expected, given }.into());
        }
        let mut elements = Vec::with_capacity(expected);
        for (i, ty) in types.iter().enumerate() {
            elements.push(self.value(ty, depth).in_element(i)?);
        }
        Ok(Value::List(elements))
    }

    fn map(&mut self, ty: &Type, depth: u8) -> Result<Value, Fault> {
        let mut entries = Map::new();
        for i in 0..self.entries("a map")? {
            let key = normalise(self.text("a string as key").in_entry(i)?);
            let value = self.value(ty, depth).in_entry(i)?;
            entries.insert(key, value);
        }
        Ok(Value::Map(entries))
    }

    fn object(&mut self, attributes: &BTreeMap<String, Type>, depth: u8) -> Result<Value, Fault> {
        let (expected, given) = (attributes.len(), self.entries("an object")?);
        // Also for an empty map, which go-cty lets pass here to fail later.
        if expected != given {
            return Err(Problem::Attributes { expected, given }.into());
        }
        // As many as expected, each one expected, none twice: so none is missing. Terraform writes them in the order
        // of their names, so most need no lookup, and a map is built from them at once.
        let (mut in_order, mut is_sorted) = (attributes.iter(), true);
        let mut values: Vec<(String, Value)> = Vec::with_capacity(given);
        for i in 0..given {
            let name = self.text("a string as attribute name")?;
            let ty = match in_order.next() {
                Some((expected, ty)) if expected == name => ty,
                // Without its name: in a damaged message a secret may stand there.
                _ => attributes.get(name).ok_or(Problem::UnsupportedAttribute)?,
            };
            let value = self.value(ty, depth).in_attribute(name, i)?;
            is_sorted &= values.last().is_none_or(|(last, _)| last.as_str() < name);
            if !is_sorted && values.iter().any(|(other, _)| other == name) {
                return Err(Problem::RepeatedAttribute).in_attribute(name, i);
            }
            values.push((name.to_owned(), value));
        }
        Ok(Value::Map(values.into_iter().collect()))
    }

    fn typed(&mut self, depth: u8) -> Result<Value, Fault> {
        if self.array("a value together with its type")? != 2 {
            return Err(Problem::NoType.into());
        }
        let json = json::parse(self.bytes("a type")?).map_err(|_| Problem::NoType)?;
        let ty = Type::from_json(&json).ok_or(Problem::NoType)?;
        let value = self.value(&ty, depth).map_err(Fault::of_given_type)?;
        // "Of type dynamic" says nothing; what is inside has said its type.
        Ok(if ty == Type::Dynamic { value } else { Value::Typed(Box::new(ty), Box::new(value)) })
    }

    /// An unknown value. What is known of it may be ignored at any time, with one
    /// exception: a value known to be null is null.
    fn unknown(&mut self) -> Result<Value, Problem> {
        let meta = read::read_ext_meta(&mut self.rest).map_err(|e| unread(&e, "a value"))?;
        let payload = self.take(meta.size as usize)?;
        if meta.typeid != REFINED_UNKNOWN || payload.is_empty() {
            return Ok(Value::Unknown);
        }
        if payload.len() > MAX_REFINEMENT {
            return Err(Problem::Refinement);
        }
        match (Reader { rest: payload, values: 0 }).refined_to_null() {
            Ok(true) => Ok(Value::Null),
            Ok(false) => Ok(Value::Unknown),
            Err(_) => Err(Problem::Refinement),
        }
    }

    /// Reads a map of refinements through and says whether they make it null.
    fn refined_to_null(&mut self) -> Result<bool, Problem> {
        let mut null = false;
        for _ in 0..self.entries("a map")? {
            match read::read_int::<i64, _>(&mut self.rest).map_err(|_| Problem::Refinement)? {
                NULLNESS => null = read::read_bool(&mut self.rest).map_err(|e| unread(&e, "a bool"))?,
                _ => self.skip(MAX_DEPTH)?,
            }
        }
        Ok(null)
    }

    /// Passes over any one value.
    fn skip(&mut self, depth: u8) -> Result<(), Problem> {
        use Marker::{Array16, Array32, FixArray, FixMap, Map16, Map32};
        use Marker::{Bin8, Bin16, Bin32, FixStr, Str8, Str16, Str32};
        use Marker::{F32, F64, FixNeg, FixPos, I8, I16, I32, I64, U8, U16, U32, U64};
        let depth = depth.checked_sub(1).ok_or(Problem::TooDeep)?;
        let children = match self.marker()? {
            FixStr(_) | Str8 | Str16 | Str32 | Bin8 | Bin16 | Bin32 => {
                return self.bytes("a string").map(drop);
            }
            FixArray(_) | Array16 | Array32 => self.array("a list")?,
            FixMap(_) | Map16 | Map32 => self.entries("a map")? * 2,
            FixPos(_) | FixNeg(_) | Marker::Null | Marker::True | Marker::False => {
                return self.take(1).map(drop);
            }
            U8 | I8 => return self.take(2).map(drop),
            U16 | I16 => return self.take(3).map(drop),
            U32 | I32 | F32 => return self.take(5).map(drop),
            U64 | I64 | F64 => return self.take(9).map(drop),
            marker if is_extension(marker) => {
                let meta = read::read_ext_meta(&mut self.rest).map_err(|e| unread(&e, "a value"))?;
                return self.take(meta.size as usize).map(drop);
            }
            _ => return Err(Problem::Required("a value")),
        };
        for _ in 0..children {
            self.skip(depth)?;
        }
        Ok(())
    }
}
