//! What a data source has in common with the resource of the same object.

use crate::diag::{Diagnostic, Diagnostics};
use crate::schema::Object;
use crate::value::{Map, Path, Value};

/// An object with every attribute that `resource`, the model of a resource, has under the same name and with the
/// same type. The caller sets the others, and those that differ in meaning.
///
/// # Errors
/// A value that the object cannot hold, such as a number beyond its range.
pub(super) fn copy_by_name<R: Object, T: Object>(resource: R) -> Result<T, Diagnostics> {
    let mut values = match resource.into_value() {
        Value::Map(values) => values,
        _ => Map::new(),
    };
    let mut object = T::schema().empty_object();
    for name in shared_attributes::<R, T>() {
        if let Some(value) = values.remove(name) {
            object.insert(name.to_owned(), value);
        }
    }
    T::from_value(&Value::Map(object), &Path::root()).map_err(|error| {
        Diagnostic::error("Failed to convert the response of AWS", format!("{error}.")).into()
    })
}

/// The attributes that both objects have under the same name and with the same type.
pub(super) fn shared_attributes<R: Object, T: Object>() -> impl Iterator<Item = &'static str> {
    let source = &R::resource_schema().block;
    T::schema().block.attributes.iter().filter_map(|attribute| {
        let same = source.attribute(attribute.name)?;
        (same.ty() == attribute.ty()).then_some(attribute.name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object;
    use crate::schema::{Check, block, computed, optional, required};
    use crate::value::Field;

    object! {
        /// An element.
        struct Element {
            /// A name.
            name: Field<String> = required(),
        }
    }
    object! {
        /// A resource.
        struct Resource {
            /// A text.
            text: Field<String> = optional().check(Check::Length(1, 9)),
            /// A number.
            number: Field<i64> = optional(),
            /// Another type in the data source.
            elements: Field<Vec<Element>> = computed(),
            /// A block here, an attribute there.
            element: Field<Vec<Element>> = block(),
            /// Of the resource alone.
            own: Field<bool> = optional(),
        }
    }
    object! {
        /// A data source.
        struct Data {
            /// A text.
            text: Field<String> = computed(),
            /// A number.
            number: Field<i32> = computed(),
            /// Names.
            elements: Field<Vec<String>> = computed(),
            /// Elements.
            element: Field<Vec<Element>> = computed(),
        }
    }

    #[test]
    fn copies_attributes_of_the_same_name_and_type() {
        let resource = Resource {
            text: "a".into(),
            number: Field::Known(7),
            elements: Field::Known(vec![Element { name: "b".into() }]),
            element: Field::Known(vec![Element { name: "c".into() }]),
            own: Field::Known(true),
        };
        let data: Data = copy_by_name(resource).unwrap();
        assert_eq!(data, Data { text: "a".into(), number: Field::Known(7), ..Data::default() });
        assert_eq!(shared_attributes::<Resource, Data>().collect::<Vec<_>>(), ["text", "number"]);
    }

    #[test]
    fn refuses_a_value_that_the_data_source_cannot_hold() {
        let resource = Resource { number: Field::Known(i64::MAX), ..Resource::default() };
        let error = copy_by_name::<_, Data>(resource).unwrap_err();
        assert_eq!(
            crate::testing::aws::problems(&error),
            ["Failed to convert the response of AWS: number: a whole number of ordinary size is required."]
        );
    }
}
