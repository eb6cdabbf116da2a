//! What the codecs share: their errors, and the limit on nesting.

use std::fmt;

use super::Type;

/// Levels of nesting a decoder follows. Schemas use a handful; only a type that
/// comes with a value can ask for more.
pub(super) const MAX_DEPTH: u8 = 64;

/// Values that one message may have. The largest object is an alarm set with all 5 000 alarms that CloudWatch allows in
/// a Region, each with some 25 values. A value takes up to a hundred times the memory of its one encoded byte, and some
/// checks compare all elements with each other.
pub(super) const MAX_VALUES: usize = 250_000;

/// What is wrong with encoded data, or with a value to be encoded.
///
/// Never quotes the value: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The value has another type.
    #[error("{0} is required")]
    Required(&'static str),
    /// An object with too many or too few attributes.
    #[error("an object with {expected} attributes is required ({given} given)")]
    Attributes {
        /// How many the type has.
        expected: usize,
        /// How many there are.
        given: usize,
    },
    /// A tuple with too many or too few elements.
    #[error("a tuple with {expected} elements is required ({given} given)")]
    Elements {
        /// How many the type has.
        expected: usize,
        /// How many there are.
        given: usize,
    },
    /// An attribute the type does not have.
    #[error("unsupported attribute")]
    UnsupportedAttribute,
    /// An attribute the value does not have.
    #[error("the attribute is missing")]
    MissingAttribute,
    /// An attribute that appears twice.
    #[error("the attribute is given twice")]
    RepeatedAttribute,
    /// A value of type dynamic that does not say its type properly.
    #[error("a value together with its type is required")]
    NoType,
    /// A string in another encoding.
    #[error("the string is not valid UTF-8")]
    NotUtf8,
    /// What is known of an unknown value is not in the form the protocol has for it.
    #[error("the refinement of an unknown value is malformed or too large")]
    Refinement,
    /// The data ends inside the value.
    #[error("the data ends too early")]
    Truncated,
    /// The data goes on after the value.
    #[error("there is data after the end of the value")]
    Trailing,
    /// More than 64 levels.
    #[error("values are nested too deeply")]
    TooDeep,
    /// More than 250 000 values.
    #[error("more than {} values are given", MAX_VALUES)]
    TooMany,
    /// More than the four gigabytes or elements MessagePack can count.
    #[error("the value is too large")]
    TooLarge,
    /// Not JSON at all.
    #[error("invalid JSON at line {line}, column {column}")]
    Json {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, from 1.
        column: usize,
    },
}

/// Encoded data is not a value of the expected type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}{problem}")]
pub struct DecodeError {
    place: Place,
    /// What is wrong there.
    pub problem: Problem,
}

/// A value is not one of the type it is to be encoded as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}{problem}")]
pub struct EncodeError {
    place: Place,
    /// What is wrong there.
    pub problem: Problem,
}

/// A part of a value, without any name that is not in the expected type: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// An attribute of an object, and its position, from 0.
    Attribute { name: String, position: usize },
    /// An entry of a map, or an attribute of an object whose type came with the value, by its position, from 0.
    Entry(usize),
    /// An element of a list or tuple.
    Element(usize),
}

/// Where in a value an error is, innermost part first; for an element of a set, the set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Place(Vec<Part>);

impl fmt::Display for Place {
    /// As in HCL, with the position of an entry, from 1, in place of its key: `metrics[key 2].period: `.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, part) in self.0.iter().rev().enumerate() {
            match part {
                Part::Attribute { name, .. } if i == 0 => f.write_str(name)?,
                Part::Attribute { name, .. } => write!(f, ".{name}")?,
                Part::Entry(position) => write!(f, "[key {}]", position + 1)?,
                Part::Element(index) => write!(f, "[{index}]")?,
            }
        }
        if self.0.is_empty() { Ok(()) } else { f.write_str(": ") }
    }
}

impl Type {
    /// What to ask for where a value of this type should be.
    pub(super) fn required(&self) -> &'static str {
        match self {
            Type::Bool => "a bool",
            Type::Number => "a number",
            Type::String => "a string",
            Type::List(_) => "a list",
            Type::Set(_) => "a set",
            Type::Map(_) => "a map",
            Type::Object(_) => "an object",
            Type::Tuple(_) => "a tuple",
            Type::Dynamic => "a value together with its type",
        }
    }
}

/// An error on its way out: each level it passes adds its part, so that data
/// without errors costs no place.
#[derive(Debug)]
pub(super) struct Fault {
    problem: Problem,
    place: Place,
}

impl Fault {
    /// The same in a value that came with its type: the names of that type are as unknown as the value.
    pub(super) fn of_given_type(mut self) -> Self {
        for part in &mut self.place.0 {
            if let Part::Attribute { position, .. } = part {
                *part = Part::Entry(*position);
            }
        }
        self
    }

    fn within(mut self, part: Part) -> Self {
        self.place.0.push(part);
        self
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self { problem, place: Place::default() }
    }
}

impl From<Fault> for DecodeError {
    fn from(Fault { problem, place }: Fault) -> Self {
        Self { place, problem }
    }
}

impl From<Fault> for EncodeError {
    fn from(Fault { problem, place }: Fault) -> Self {
        Self { place, problem }
    }
}

/// Says where a fault was found.
pub(super) trait Within<T> {
    /// The fault, if any, is in the attribute `name` of the expected type, the one at `position`.
    fn in_attribute(self, name: &str, position: usize) -> Result<T, Fault>;
    /// The fault, if any, is in the map entry at `position`.
    fn in_entry(self, position: usize) -> Result<T, Fault>;
    /// The fault, if any, is in the element `index`.
    fn in_element(self, index: usize) -> Result<T, Fault>;
}

impl<T, E: Into<Fault>> Within<T> for Result<T, E> {
    fn in_attribute(self, name: &str, position: usize) -> Result<T, Fault> {
        self.map_err(|e| e.into().within(Part::Attribute { name: name.to_owned(), position }))
    }

    fn in_entry(self, position: usize) -> Result<T, Fault> {
        self.map_err(|e| e.into().within(Part::Entry(position)))
    }

    fn in_element(self, index: usize) -> Result<T, Fault> {
        self.map_err(|e| e.into().within(Part::Element(index)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_and_what() {
        let fault: Result<(), Fault> = Err(Problem::Required("a string"))
            .in_entry(0)
            .in_element(2)
            .in_attribute("dimensions", 0)
            .in_attribute("query", 3);
        let error = DecodeError::from(fault.unwrap_err());
        assert_eq!(error.to_string(), "query.dimensions[2][key 1]: a string is required");
        assert_eq!(
            EncodeError::from(Fault::from(Problem::TooDeep)).to_string(),
            "values are nested too deeply"
        );
    }
}
