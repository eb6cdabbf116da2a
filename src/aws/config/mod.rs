//! Settings, environment, paths, profile, Region, account, and credentials of the AWS clients.

pub(super) mod account;
pub(super) mod assume_role;
pub(super) mod checked_credentials;
pub(super) mod endpoints;
pub(super) mod environment;
pub(super) mod paths;
pub(super) mod profile;
pub(super) mod region;
pub(super) mod sdk_config;
pub(super) mod settings;
