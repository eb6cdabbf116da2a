# Refuses a plan that check.py refuses: conftest test --policy ci/policy plan.json, of `terraform show -json`.
#
# The policy_check of Atlantis runs it with conftest, which Atlantis's images contain. The rules have the names that they
# have in check.py.
package main

import rego.v1

encryption := ["at_rest_encryption_enabled", "transit_encryption_enabled"]

production := ["automatic_failover_enabled", "snapshot_retention_limit"]

deny contains message if some message in settings_are_known

deny contains message if some message in encryption_is_on

deny contains message if some message in failover_is_on_in_production

deny contains message if some message in snapshots_are_kept_in_production

deny contains message if some message in data_is_kept

# A setting that is known only after apply cannot be checked.
settings_are_known contains message if {
	some group in groups
	some name in required(group)
	is_unknown(group, name)
	message := sprintf("%s: %s must be set in the configuration", [group.address, name])
}

settings_are_known contains message if {
	some group in groups
	has_unknown_environment(group)
	message := sprintf("%s: the tag Environment must be set in the configuration", [group.address])
}

encryption_is_on contains message if {
	some group in groups
	some name in encryption
	not is_unknown(group, name)
	object.get(group.change.after, name, false) != true
	message := sprintf("%s: %s must be true", [group.address, name])
}

failover_is_on_in_production contains message if {
	some group in groups
	in_production(group)
	name := "automatic_failover_enabled"
	not is_unknown(group, name)
	object.get(group.change.after, name, false) != true
	message := sprintf("%s: %s must be true in production", [group.address, name])
}

snapshots_are_kept_in_production contains message if {
	some group in groups
	in_production(group)
	name := "snapshot_retention_limit"
	not is_unknown(group, name)
	object.get(group.change.after, name, 0) in {0, null}
	message := sprintf("%s: %s must be at least 1 in production", [group.address, name])
}

data_is_kept contains message if {
	some group in all_groups
	"delete" in group.change.actions
	message := sprintf("%s: would be destroyed with its data%s", [group.address, because(group)])
}

all_groups contains group if {
	some group in object.get(input, "resource_changes", [])
	group.type == "elasticache_replication_group"
}

# Those that the plan creates, changes or keeps.
groups contains group if {
	some group in all_groups
	group.change.after != null
}

required(group) := array.concat(encryption, production) if in_production(group)

required(group) := encryption if not in_production(group)

in_production(group) if group.change.after.tags_all.Environment in {"prod", "production"}

is_unknown(group, name) if group.change.after_unknown[name] == true

has_unknown_environment(group) if group.change.after_unknown.tags_all == true

has_unknown_environment(group) if group.change.after_unknown.tags_all.Environment == true

because(group) := concat("", [" because of ", concat(", ", names)]) if {
	names := replacing(group)
	count(names) > 0
}

because(group) := "" if count(replacing(group)) == 0

replacing(group) := [path[0] | some path in object.get(group.change, "replace_paths", [])]
