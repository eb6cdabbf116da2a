//! What the provider keeps beside a state, in the private data that core stores with it.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::value::json;

/// Key of the mark of an object that no apply has changed since its import.
const IMPORTED: &str = "imported";

/// Key of the mark of an object that a listing reads.
const LISTED: &str = "listed";

/// Key of the notes of a read.
const NOTES: &str = "notes";

/// Private data of one object. An object that this provider has created or changed has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Private {
    /// True from an import, or a move from another provider, to the next change: until then
    /// nothing shows that an argument which the configuration omits was ever given.
    pub imported: bool,
    /// True for the read of an object that `terraform query` lists. No state has it.
    pub listed: bool,
    /// What a read found and the state does not hold, by name.
    pub notes: BTreeMap<String, Vec<String>>,
}

impl Private {
    /// The data of an object that has just been imported.
    pub fn imported() -> Self {
        Self { imported: true, ..Self::default() }
    }

    /// The data with which a listing reads an object: as that of an import.
    pub fn listed() -> Self {
        Self { listed: true, ..Self::imported() }
    }

    /// The data as core returns it. Anything else, as another provider may have left it, is none.
    pub fn parse(bytes: &[u8]) -> Self {
        let stored: Json = json::parse(bytes).unwrap_or_default();
        let texts = |value: &Json| -> Option<Vec<String>> {
            value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
        };
        let notes = stored[NOTES].as_object().into_iter().flatten();
        Self {
            imported: stored[IMPORTED] == Json::Bool(true),
            listed: stored[LISTED] == Json::Bool(true),
            notes: notes.filter_map(|(name, value)| Some((name.clone(), texts(value)?))).collect(),
        }
    }

    /// The data as core stores it; empty when there is nothing to store.
    pub fn bytes(&self) -> Vec<u8> {
        if *self == Self::default() {
            return Vec::new();
        }
        let mut stored = Map::new();
        if self.imported {
            stored.insert(IMPORTED.to_owned(), true.into());
        }
        if self.listed {
            stored.insert(LISTED.to_owned(), true.into());
        }
        if !self.notes.is_empty() {
            let notes: Map<String, Json> =
                self.notes.iter().map(|(name, texts)| (name.clone(), texts.clone().into())).collect();
            stored.insert(NOTES.to_owned(), notes.into());
        }
        Json::Object(stored).to_string().into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_survives_being_stored() {
        let mut private = Private::imported();
        assert_eq!(Private::parse(&private.bytes()), private);
        assert_eq!(Private::parse(&Private::listed().bytes()), Private::listed());
        private.notes.insert("rules".to_owned(), vec!["a".to_owned(), "b".to_owned()]);
        assert_eq!(Private::parse(&private.bytes()), private);
        assert_eq!(Private::default().bytes(), b"");
    }

    #[test]
    fn data_of_another_provider_is_ignored() {
        // hashicorp/aws keeps its time limits there.
        let foreign =
            br#"{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":3600000000000},"schema_version":"3"}"#;
        for bytes in [&foreign[..], b"", b"\xff", b"[]", br#"{"imported":"yes","notes":{"a":1}}"#] {
            assert_eq!(Private::parse(bytes), Private::default());
        }
    }
}
