# Checks a plan against the policies, with conftest or OPA:
#
#   conftest test --policy rego --data exceptions.json plan.json
#
# plan.json is the output of `terraform show -json`. A setting that is omitted, or known only after apply, is a finding.
# ../check.py and ../checkov have the same rules, by the same IDs.
package main

import rego.v1

deny contains finding.message if {
	some finding in findings
	not is_excepted(finding)
}

warn contains message if {
	some finding in findings
	is_excepted(finding)
	message := sprintf("excepted: %s", [finding.message])
}

is_excepted(finding) if finding.rule in data.exceptions[finding.address]

# The values of the tag Environment with which a cache may have one node and no backups.
non_production := {"dev", "development", "sandbox", "test"}

findings contains finding if {
	not is_whole_plan
	finding := {
		"rule": "plan", "address": "plan",
		"message": "plan: must be the output of `terraform show -json` for a plan without errors",
	}
}

# Encryption at rest
findings contains must("CKV2_ELASTICACHE_1", group, name, "true") if {
	some group in groups
	name := "at_rest_encryption_enabled"
	not is_true(group, name)
}

# Encryption in transit
findings contains must("CKV2_ELASTICACHE_2", group, name, "true") if {
	some group in groups
	name := "transit_encryption_enabled"
	not is_true(group, name)
}

findings contains must("CKV2_ELASTICACHE_2", group, name, "required") if {
	some group in groups
	name := "transit_encryption_mode"
	is_true(group, "transit_encryption_enabled")
	text(group, name) != "required"
}

# Customer managed key
findings contains must("CKV2_ELASTICACHE_3", cache, "kms_key_id", "a customer managed key") if {
	some cache in caches
	not has_customer_key(cache)
}

has_customer_key(cache) if {
	key := text(cache, "kms_key_id")
	key != ""
	not regex.match(`(^|:)alias/aws/`, key)
}

# Authentication
findings contains found("CKV2_ELASTICACHE_4", group, "clients must log in with an AUTH token or as users") if {
	some group in groups
	not authenticates_clients(group)
}

findings contains must("CKV2_ELASTICACHE_4", cache, "user_group_id", "a user group") if {
	some cache in serverless_caches
	lower(text(cache, "engine")) != "memcached"
	text(cache, "user_group_id") == ""
}

# Without a secret its ARN is empty: an ARN that is not known yet is that of a secret.
authenticates_clients(group) if is_unknown(group, "auth_token_secret_arn")

authenticates_clients(group) if text(group, "auth_token_secret_arn") != ""

authenticates_clients(group) if is_true(group, "auth_token_enabled")

authenticates_clients(group) if count(group.change.after.user_group_ids) > 0

# Automatic failover
findings contains must("CKV2_ELASTICACHE_5", group, name, "true") if {
	some group in groups
	name := "automatic_failover_enabled"
	in_production(group)
	not is_true(group, name)
}

# Multi-AZ
findings contains must("CKV2_ELASTICACHE_6", group, name, "true") if {
	some group in groups
	name := "multi_az_enabled"
	in_production(group)
	not is_true(group, name)
}

# Backups
findings contains must("CKV2_ELASTICACHE_7", cache, name, "at least 1") if {
	some cache in caches
	name := "snapshot_retention_limit"
	in_production(cache)
	object.get(cache.change.after, name, 0) in {0, null}
}

# Minor version upgrades
findings contains must("CKV2_ELASTICACHE_8", group, name, "true") if {
	some group in groups
	name := "auto_minor_version_upgrade"
	not is_true(group, name)
}

# Subnets
findings contains must("CKV2_ELASTICACHE_9", group, name, "a subnet group of your own") if {
	some group in groups
	name := "subnet_group_name"
	lower(text(group, name)) in {"", "default"}
}

findings contains must("CKV2_ELASTICACHE_9", cache, name, "subnets of your own") if {
	some cache in serverless_caches
	name := "subnet_ids"
	object.get(cache.change.after, name, []) in {[], null}
}

# Parameter group
findings contains must("CKV2_ELASTICACHE_10", group, name, "a parameter group of your own") if {
	some group in groups
	name := "parameter_group_name"
	regex.match(`(?i)^($|default\.)`, text(group, name))
}

# Node type: AWS creates no new clusters of the others (API reference, CacheNode).
findings contains must("CKV2_ELASTICACHE_11", group, name, "a node type of the current generation") if {
	some group in groups
	name := "node_type"
	regex.match(`^($|cache\.(c1|m1|m2|m3|r3|t1)\.)`, text(group, name))
}

# Data
findings contains found("CKV2_ELASTICACHE_12", cache, message) if {
	some cache in managed({"elasticache_replication_group", "elasticache_serverless_cache"})
	"delete" in cache.change.actions
	message := sprintf("would be destroyed with its data%s", [because(cache)])
}

because(cache) := "" if count(replacing(cache)) == 0

because(cache) := sprintf(" because of %s", [concat(", ", sort(replacing(cache)))]) if count(replacing(cache)) > 0

replacing(cache) := {sprintf("%v", [path[0]]) | some path in object.get(cache.change, "replace_paths", [])}

# Users
findings contains found("CKV2_ELASTICACHE_13", user, message) if {
	some user in resources({"elasticache_user"})
	message := "must log in with a password or IAM, or have an access_string that begins with off"
	not authenticates(user)
	not regex.match(`^\s*off(\s|$)`, text(user, "access_string"))
}

authenticates(user) if {
	user.change.after.no_password_required == false
	every mode in user.change.after.authentication_mode {
		mode.type in {"iam", "password"}
	}
}

# Values

is_whole_plan if {
	startswith(input.format_version, "1.")
	input.planned_values
	not input.errored
}

managed(types) := [change |
	some change in object.get(input, "resource_changes", [])
	change.mode == "managed"
	change.type in types
]

# Those that the plan creates, changes or keeps.
resources(types) := [change |
	some change in managed(types)
	is_whole_plan
	change.change.after != null
]

groups := resources({"elasticache_replication_group"})

serverless_caches := resources({"elasticache_serverless_cache"})

caches := array.concat(groups, serverless_caches)

in_production(cache) if not is_non_production(cache)

is_non_production(cache) if cache.change.after.tags_all.Environment in non_production

is_unknown(resource, name) if resource.change.after_unknown[name] == true

is_true(resource, name) if resource.change.after[name] == true

# A text that is absent, not known or null is empty.
text(resource, name) := value if {
	value := resource.change.after[name]
	is_string(value)
} else := ""

# Findings

must(rule, resource, name, what) := found(rule, resource, sprintf("%s %s %s", [name, verb, what])) if {
	is_unknown(resource, name)
	verb := "is omitted or not known before apply; it must be"
} else := found(rule, resource, sprintf("%s must be %s", [name, what]))

found(rule, resource, message) := {
	"rule": rule, "address": resource.address,
	"message": sprintf("%s: %s (%s)", [resource.address, message, rule]),
}
