//! The attributes that every secret has.

use std::collections::BTreeMap;

use crate::engine::state::tags::Tags;
use crate::model;
use crate::services::secretsmanager::secret::DEFAULT_KEY;
use crate::value::{Field, SetOf};

model! {
    /// A `replica` block.
    pub struct ReplicaModel {
        /// Region of the copy.
        region: Field<String>,
        /// KMS key of the copy, in its region.
        kms_key_id: Field<String>,
    }
}

/// The attributes of [`super::schema::settings`], under the same names.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Same as `name`.
    pub id: Field<String>,
    /// Name of the secret.
    pub name: Field<String>,
    /// Description.
    pub description: Field<String>,
    /// KMS key.
    pub kms_key_id: Field<String>,
    /// Days until a deleted secret is gone; 0 for at once.
    pub recovery_window_in_days: Field<i64>,
    /// Takes over what is there.
    pub overwrite: Field<bool>,
    /// Restores what is scheduled for deletion.
    pub restore_deleted: Field<bool>,
    /// Lets a replica take the place of a secret of its name.
    pub force_overwrite_replica_secret: Field<bool>,
    /// Copies in other regions.
    pub replica: Field<SetOf<ReplicaModel>>,
    /// ARN.
    pub arn: Field<String>,
    /// Id of the current version.
    pub version_id: Field<String>,
    /// Region.
    pub region: Field<String>,
    /// Own tags.
    pub tags: Field<Tags>,
    /// All tags.
    pub tags_all: Field<Tags>,
}

impl Settings {
    /// The name of the secret.
    pub(super) fn name_text(&self) -> &str {
        self.name.text().unwrap_or_default()
    }

    /// What a call names the secret by: its ARN, which no other secret ever has, or its
    /// name as long as there is no ARN.
    pub(super) fn secret_id(&self) -> &str {
        self.arn.text().unwrap_or_else(|| self.name_text())
    }

    /// The key that encrypts the secret.
    pub(super) fn key(&self) -> &str {
        self.kms_key_id.text().unwrap_or(DEFAULT_KEY)
    }

    /// The copies, with the key of each.
    pub(super) fn replicas(&self) -> BTreeMap<String, Option<String>> {
        let blocks = self.replica.known().map(|set| set.0.as_slice()).unwrap_or_default();
        let pair = |block: &ReplicaModel| {
            let key = block.kms_key_id.text().filter(|key| *key != DEFAULT_KEY).map(str::to_owned);
            Some((block.region.text()?.to_owned(), key))
        };
        blocks.iter().filter_map(pair).collect()
    }
}

/// A model with the attributes of [`Settings`]; see [`secret_settings!`].
pub trait HasSettings {
    /// The settings of the model.
    fn settings(&self) -> Settings;
    /// The model with these settings.
    #[must_use]
    fn with_settings(self, settings: Settings) -> Self;
}

/// Implements [`HasSettings`] for a model that has each of its fields.
macro_rules! secret_settings {
    ($model:ty) => {
        $crate::resources::common::secret::secret_settings!(
            $model: id name description kms_key_id recovery_window_in_days overwrite restore_deleted
            force_overwrite_replica_secret replica arn version_id region tags tags_all
        );
    };
    ($model:ty: $($field:ident)*) => {
        impl $crate::resources::common::secret::HasSettings for $model {
            fn settings(&self) -> $crate::resources::common::secret::Settings {
                $crate::resources::common::secret::Settings { $($field: self.$field.clone()),* }
            }

            fn with_settings(mut self, settings: $crate::resources::common::secret::Settings) -> Self {
                $(self.$field = settings.$field;)*
                self
            }
        }
    };
}
pub(in crate::resources) use secret_settings;
