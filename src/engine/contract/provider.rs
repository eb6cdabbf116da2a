//! The configured provider, as planning and resources see it.

use std::collections::{BTreeMap, BTreeSet};

use crate::aws::Aws;
use crate::diag::Diagnostic;
use crate::engine::{CreatedNames, DeferredDeletions, DeletedNames, Facts, Locks, Memberships, Ongoing};
use crate::redact::Secrets;
use crate::value::Field;

/// The provider configuration of one provider block.
///
/// During plan a value may be unknown (an endpoint or role that another resource
/// makes); planning goes on without it, and only a call to AWS fails.
#[derive(Debug, Clone)]
pub struct ProviderConfig {
    aws: Result<Aws, Diagnostic>,
    /// Region for resources without their own, as far as it is known without the network.
    pub region: Field<String>,
    /// Tags every resource gets.
    pub default_tags: Field<BTreeMap<String, String>>,
    /// Tags that are neither shown nor touched.
    pub ignore_tags: IgnoreTags,
    /// Locks on objects that accept one change at a time.
    pub locks: Locks,
    /// What was made through this provider so far.
    pub created_names: CreatedNames,
    /// The groups of what was deleted through this provider.
    pub memberships: Memberships,
    /// What was deleted through this provider so far, and when.
    pub deleted_names: DeletedNames,
    /// Deletions that wait for another change through this provider.
    pub deferred_deletions: DeferredDeletions,
    /// What is being changed through this provider.
    pub ongoing: Ongoing,
    /// Secrets of the provider block, of the environment, and of credentials in use.
    pub secrets: Secrets,
    /// What the plans of this run say of objects.
    pub facts: Facts,
}

/// Tags that something else manages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IgnoreTags {
    /// Whole keys.
    pub keys: BTreeSet<String>,
    /// Beginnings of keys.
    pub key_prefixes: BTreeSet<String>,
}

impl IgnoreTags {
    /// True for a key that is to be left alone, AWS's own `aws:` keys among them.
    pub fn covers(&self, key: &str) -> bool {
        key.starts_with("aws:") || self.names(key)
    }

    /// True for a key that the configuration of the provider names.
    pub fn names(&self, key: &str) -> bool {
        self.keys.contains(key) || self.key_prefixes.iter().any(|prefix| key.starts_with(prefix))
    }
}

impl ProviderConfig {
    /// A provider that calls AWS through `aws`, or says why it cannot.
    pub fn new(aws: Result<Aws, Diagnostic>) -> Self {
        Self {
            aws,
            secrets: Secrets::new(),
            region: Field::Unknown,
            default_tags: Field::Known(BTreeMap::new()),
            ignore_tags: IgnoreTags::default(),
            locks: Locks::default(),
            created_names: CreatedNames::default(),
            memberships: Memberships::default(),
            deleted_names: DeletedNames::default(),
            deferred_deletions: DeferredDeletions::default(),
            ongoing: Ongoing::default(),
            facts: Facts::default(),
        }
    }

    /// The edge to AWS.
    ///
    /// # Errors
    /// The diagnostic to show when the provider is not configured, or its
    /// configuration is not wholly known yet.
    pub fn aws(&self) -> Result<&Aws, Diagnostic> {
        self.aws.as_ref().map_err(Clone::clone)
    }
}
