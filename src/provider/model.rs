//! The provider block as a typed model.

use std::collections::{BTreeMap, BTreeSet};

use crate::model;
use crate::value::Field;

model! {
    /// The provider block.
    pub(super) struct ProviderModel {
        region: Field<String>,
        profile: Field<String>,
        shared_config_files: Field<Vec<String>>,
        shared_credentials_files: Field<Vec<String>>,
        access_key: Field<String>,
        secret_key: Field<String>,
        token: Field<String>,
        max_retries: Field<i64>,
        retry_mode: Field<String>,
        allowed_account_ids: Field<BTreeSet<String>>,
        forbidden_account_ids: Field<BTreeSet<String>>,
        custom_ca_bundle: Field<String>,
        http_proxy: Field<String>,
        https_proxy: Field<String>,
        no_proxy: Field<String>,
        insecure: Field<bool>,
        use_fips_endpoint: Field<bool>,
        use_dualstack_endpoint: Field<bool>,
        ec2_metadata_service_endpoint: Field<String>,
        ec2_metadata_service_endpoint_mode: Field<String>,
        skip_metadata_api_check: Field<bool>,
        skip_credentials_validation: Field<bool>,
        skip_region_validation: Field<bool>,
        skip_requesting_account_id: Field<bool>,
        sts_region: Field<String>,
        user_agent: Field<Vec<String>>,
        tag_policy_compliance: Field<String>,
        token_bucket_rate_limiter_capacity: Field<i64>,
        s3_use_path_style: Field<bool>,
        s3_us_east_1_regional_endpoint: Field<String>,
        assume_role: Field<Vec<AssumeRoleModel>>,
        assume_role_with_web_identity: Field<WebIdentityModel>,
        default_tags: Field<DefaultTagsModel>,
        ignore_tags: Field<IgnoreTagsModel>,
        endpoints: Field<Vec<BTreeMap<String, Field<String>>>>,
    }
}

model! {
    /// An `assume_role` block.
    pub(super) struct AssumeRoleModel {
        role_arn: Field<String>,
        duration: Field<String>,
        external_id: Field<String>,
        policy: Field<String>,
        policy_arns: Field<BTreeSet<String>>,
        session_name: Field<String>,
        source_identity: Field<String>,
        tags: Field<BTreeMap<String, String>>,
        transitive_tag_keys: Field<BTreeSet<String>>,
    }
}

model! {
    /// The `assume_role_with_web_identity` block.
    pub(super) struct WebIdentityModel {
        role_arn: Field<String>,
        duration: Field<String>,
        policy: Field<String>,
        policy_arns: Field<BTreeSet<String>>,
        session_name: Field<String>,
        web_identity_token: Field<String>,
        web_identity_token_file: Field<String>,
    }
}

model! {
    /// The `default_tags` block.
    pub(super) struct DefaultTagsModel {
        tags: Field<BTreeMap<String, Field<String>>>,
    }
}

model! {
    /// The `ignore_tags` block.
    pub(super) struct IgnoreTagsModel {
        keys: Field<BTreeSet<String>>,
        key_prefixes: Field<BTreeSet<String>>,
    }
}
