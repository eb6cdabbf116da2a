//! What a test can do to simulated serverless caches that no caller of the API can.

use super::control::Control;
use super::serverless::{ServerlessCache, VERSIONS};

impl Control<'_> {
    /// Names of the serverless caches.
    pub fn serverless_caches(&self) -> Vec<String> {
        self.region.serverless.keys().cloned().collect()
    }

    /// Changes the description, as by another client.
    pub fn set_serverless_description(&mut self, name: &str, description: &str) -> bool {
        self.change_serverless(name, |cache| description.clone_into(&mut cache.settings.description))
    }

    /// Changes the retention of daily snapshots, as by another client.
    pub fn set_serverless_retention(&mut self, name: &str, days: usize) -> bool {
        self.change_serverless(name, |cache| cache.settings.retention = days)
    }

    /// Changes the most data in the cache, as by another client; `None` removes the limit.
    pub fn set_serverless_storage(&mut self, name: &str, maximum: Option<i64>) -> bool {
        self.change_serverless(name, |cache| cache.settings.limits.storage.maximum = maximum)
    }

    /// Changes the user group, as by another client.
    pub fn set_serverless_user_group(&mut self, name: &str, group: Option<&str>) -> bool {
        self.change_serverless(name, |cache| cache.settings.user_group = group.map(str::to_owned))
    }

    /// Changes the security groups, as by another client.
    pub fn set_serverless_security_groups(&mut self, name: &str, groups: &[&str]) -> bool {
        self.change_serverless(name, |cache| {
            cache.settings.security_groups = groups.iter().map(|id| (*id).to_owned()).collect();
        })
    }

    /// Changes the major version, as by another client; `false` if there is no such version.
    pub fn set_serverless_version(&mut self, name: &str, engine: &str, major: &str) -> bool {
        let found = VERSIONS.iter().find(|(known, version, _)| (*known, *version) == (engine, major));
        let Some((engine, major, _)) = found else { return false };
        self.change_serverless(name, |cache| {
            (cache.settings.engine, cache.settings.major) = (*engine, *major);
        })
    }

    /// A serverless cache vanishes at once, as if deleted by another client a while ago.
    pub fn vanish_serverless(&mut self, name: &str) -> bool {
        let exists = self.region.serverless.contains_key(name);
        self.region.serverless_gone(name);
        exists
    }

    /// Begins the automatic snapshot of a serverless cache. Says whether one was begun: needs retention.
    pub fn automatic_serverless_snapshot(&mut self, name: &str) -> bool {
        self.region.automatic_serverless_snapshot(name)
    }

    /// Names of the snapshots of serverless caches.
    pub fn serverless_snapshots(&self) -> Vec<String> {
        self.region.serverless_snapshots.keys().cloned().collect()
    }

    /// A snapshot of a serverless cache vanishes at once.
    pub fn vanish_serverless_snapshot(&mut self, name: &str) -> bool {
        self.region.drop_tags("serverlesscachesnapshot", name);
        self.region.serverless_snapshots.remove(name).is_some()
    }

    /// Buckets that a snapshot of a serverless cache was exported to.
    pub fn exported(&self, name: &str) -> Vec<String> {
        let snapshot = self.region.serverless_snapshots.get(name);
        snapshot.map(|snapshot| snapshot.buckets.clone()).unwrap_or_default()
    }

    fn change_serverless(&mut self, name: &str, change: impl FnOnce(&mut ServerlessCache)) -> bool {
        match self.region.serverless.get_mut(name) {
            Some(cache) => {
                change(cache);
                true
            }
            None => false,
        }
    }
}
