#!/usr/bin/env python3
"""Checks a plan before anybody may apply it: check.py plan.json, of `terraform show -json`.

Prints what is wrong and exits with 1 when something is. Values that are known after apply only are not judged.
"""

import json
import sys

GROUP = "elasticache_replication_group"


def objects(plan, kind):
    """The objects of a type that the plan leaves there: address, values, values not known yet."""
    for change in plan.get("resource_changes", []):
        if change["type"] == kind and change["change"]["after"] is not None:
            yield change["address"], change["change"]["after"], change["change"]["after_unknown"]


def problems(plan):
    for address, after, unknown in objects(plan, GROUP):
        for flag in ("at_rest_encryption_enabled", "transit_encryption_enabled"):
            if not unknown.get(flag) and after.get(flag) is not True:
                yield f"{address}: {flag} must be true"
        tags = after.get("tags_all") or {}
        if tags.get("Environment") in ("prod", "production"):
            if not unknown.get("automatic_failover_enabled") and after.get("automatic_failover_enabled") is not True:
                yield f"{address}: automatic_failover_enabled must be true in production"
            if not unknown.get("snapshot_retention_limit") and not after.get("snapshot_retention_limit"):
                yield f"{address}: snapshot_retention_limit must be at least 1 in production"

    for change in plan.get("resource_changes", []):
        if change["type"] == GROUP and "delete" in change["change"]["actions"]:
            because = ", ".join(path[0] for path in change["change"].get("replace_paths", []))
            reason = f" because of {because}" if because else ""
            yield f"{change['address']}: would be destroyed with its data{reason}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        found = list(problems(json.load(file)))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
