//! A Protobuf message without its description: fields by number.

#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    Varint(u64),
    Fixed(Vec<u8>),
    /// A text, bytes, or a message.
    Bytes(Vec<u8>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub number: u64,
    pub content: Content,
}

/// The fields of a message, if these bytes may be one.
pub fn read(mut rest: &[u8]) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    while !rest.is_empty() {
        let tag = varint(&mut rest)?;
        let content = match tag & 7 {
            0 => Content::Varint(varint(&mut rest)?),
            1 => Content::Fixed(take(&mut rest, 8)?),
            2 => {
                let len = usize::try_from(varint(&mut rest)?).ok()?;
                Content::Bytes(take(&mut rest, len)?)
            }
            5 => Content::Fixed(take(&mut rest, 4)?),
            _ => return None,
        };
        fields.push(Field { number: tag >> 3, content });
    }
    Some(fields)
}

pub fn write(fields: &[Field]) -> Vec<u8> {
    let mut out = Vec::new();
    for Field { number, content } in fields {
        let kind = match content {
            Content::Varint(_) => 0,
            Content::Fixed(bytes) => {
                if bytes.len() == 8 {
                    1
                } else {
                    5
                }
            }
            Content::Bytes(_) => 2,
        };
        write_varint((number << 3) | kind, &mut out);
        match content {
            Content::Varint(value) => write_varint(*value, &mut out),
            Content::Fixed(bytes) => out.extend(bytes),
            Content::Bytes(bytes) => {
                write_varint(bytes.len() as u64, &mut out);
                out.extend(bytes);
            }
        }
    }
    out
}

fn take(rest: &mut &[u8], len: usize) -> Option<Vec<u8>> {
    let (taken, left) = rest.split_at_checked(len)?;
    *rest = left;
    Some(taken.to_vec())
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, left) = rest.split_first()?;
        *rest = left;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn write_varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap());
}
