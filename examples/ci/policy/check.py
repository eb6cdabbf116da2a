#!/usr/bin/env python3
"""Checks a plan before anybody may apply it: check.py plan.json, of `terraform show -json`.

Prints what is wrong and exits with 1 when something is. A setting that is known only after apply cannot be checked, so
the configuration must set it. redis.rego beside this file has the same rules, by the same names.
"""

import json
import sys

GROUP = "elasticache_replication_group"
ENCRYPTION = ("at_rest_encryption_enabled", "transit_encryption_enabled")
PRODUCTION = ("automatic_failover_enabled", "snapshot_retention_limit")


def groups(plan):
    """The replication groups that the plan creates, changes or keeps: address, values, values not known yet."""
    for change in plan.get("resource_changes", []):
        if change["type"] == GROUP and change["change"]["after"] is not None:
            yield change["address"], change["change"]["after"], change["change"].get("after_unknown") or {}


def in_production(after):
    return (after.get("tags_all") or {}).get("Environment") in ("prod", "production")


def settings_are_known(plan):
    for address, after, unknown in groups(plan):
        for name in ENCRYPTION + (PRODUCTION if in_production(after) else ()):
            if unknown.get(name) is True:
                yield f"{address}: {name} must be set in the configuration"
        tags = unknown.get("tags_all")
        if tags is True or (isinstance(tags, dict) and tags.get("Environment") is True):
            yield f"{address}: the tag Environment must be set in the configuration"


def encryption_is_on(plan):
    for address, after, unknown in groups(plan):
        for name in ENCRYPTION:
            if unknown.get(name) is not True and after.get(name) is not True:
                yield f"{address}: {name} must be true"


def failover_is_on_in_production(plan):
    name = "automatic_failover_enabled"
    for address, after, unknown in groups(plan):
        if in_production(after) and unknown.get(name) is not True and after.get(name) is not True:
            yield f"{address}: {name} must be true in production"


def snapshots_are_kept_in_production(plan):
    name = "snapshot_retention_limit"
    for address, after, unknown in groups(plan):
        if in_production(after) and unknown.get(name) is not True and not after.get(name):
            yield f"{address}: {name} must be at least 1 in production"


def data_is_kept(plan):
    for change in plan.get("resource_changes", []):
        if change["type"] == GROUP and "delete" in change["change"]["actions"]:
            because = ", ".join(path[0] for path in change["change"].get("replace_paths") or [])
            reason = f" because of {because}" if because else ""
            yield f"{change['address']}: would be destroyed with its data{reason}"


RULES = (
    settings_are_known,
    encryption_is_on,
    failover_is_on_in_production,
    snapshots_are_kept_in_production,
    data_is_kept,
)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        plan = json.load(file)
    found = [problem for rule in RULES for problem in rule(plan)]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
