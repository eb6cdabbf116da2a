//! What the provider keeps beside a state, in the private data that core stores with it.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::value::{Value, json};

/// Key of the mark of an object that no apply has changed since its import.
const IMPORTED: &str = "imported";

/// Key of the mark of an object that a listing reads.
const LISTED: &str = "listed";

/// Key of the notes.
const NOTES: &str = "notes";

/// Private data of one object. A refresh-only plan of Terraform compares it with the state, so what a read stores of an
/// unchanged object must be what the apply has stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Private {
    /// True from an import, or a move from another provider, to the next change: until then
    /// nothing shows that an argument which the configuration omits was ever given.
    pub imported: bool,
    /// True for the read of an object that `terraform query` lists. No state has it.
    pub listed: bool,
    /// What a read or an apply found and the state does not hold, by name.
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

    /// The data of the object after an apply, before the notes of that apply: the notes hold until an operation replaces
    /// them, as in a read. An object that this provider has changed is no longer as it was imported.
    pub fn applied(&self) -> Self {
        Self { notes: self.notes.clone(), ..Self::default() }
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

/// The stored private data that belongs to the prior state. Without a prior state there is none: what the client sends
/// for the second plan of a replacement describes the object that is replaced.
pub(super) fn of_prior(prior: &Value, private: &[u8]) -> Vec<u8> {
    if prior.is_null() { Vec::new() } else { private.to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apply_keeps_the_notes_and_ends_the_import() {
        let notes = [("key".to_owned(), vec!["a".to_owned()])];
        let before = Private { notes: notes.clone().into(), ..Private::listed() };
        assert_eq!(before.applied(), Private { notes: notes.into(), ..Private::default() });
    }

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
