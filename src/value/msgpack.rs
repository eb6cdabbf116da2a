//! The MessagePack form, in which Terraform and providers exchange values.
//!
//! The form is that of go-cty, which both Terraform and OpenTofu use:
//!
//! - null is nil; unknown is an extension;
//! - a number is an integer where it is one of 64 bits, a float where that is
//!   exact, else decimal text;
//! - list, set and tuple are arrays; map and object are maps, an object with
//!   exactly its attributes;
//! - a value in a place of type dynamic is an array of its type (as JSON) and itself.

mod decode;
mod encode;
#[cfg(test)]
mod tests;

use super::codec::{DecodeError, EncodeError};
use super::{Type, Value};

/// Extension that go-cty writes for an unknown value. Any other is read as
/// unknown as well.
const UNKNOWN: i8 = 0;
/// Extension for an unknown value of which something is known.
const REFINED_UNKNOWN: i8 = 12;

/// Reads a value of type `ty`, which must be all there is in `bytes`.
///
/// The data may come from anywhere: no input makes this panic, recurse without
/// end, or take memory out of proportion to its length.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, DecodeError> {
    decode::whole(bytes, ty).map_err(DecodeError::from)
}

/// Writes a value of type `ty`.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, EncodeError> {
    let mut bytes = Vec::new();
    encode::write(&mut bytes, value, ty, encode::Numbers::Binary)?;
    Ok(bytes)
}

/// The same, with every number as decimal text.
pub fn encode_with_numbers_as_text(value: &Value, ty: &Type) -> Result<Vec<u8>, EncodeError> {
    let mut bytes = Vec::new();
    encode::write(&mut bytes, value, ty, encode::Numbers::Text)?;
    Ok(bytes)
}
