#!/usr/bin/env python3
"""Checks a plan against the policies: check.py plan.json [exceptions.json], of `terraform show -json`.

Prints each finding and exits with 1 when there is one. A setting that is omitted, or known only after apply, is a
finding. rego/elasticache.rego and checkov/ have the same rules, by the same IDs.
"""

import json
import re
import sys

GROUP = "elasticache_replication_group"
SERVERLESS = "elasticache_serverless_cache"
USER = "elasticache_user"

# The values of the tag Environment with which a cache may have one node and no backups.
NON_PRODUCTION = {"dev", "development", "sandbox", "test"}

# AWS creates no new clusters of these types (API reference, CacheNode).
PREVIOUS_GENERATION = re.compile(r"cache\.(c1|m1|m2|m3|r3|t1)\.")


class Resource:
    """A resource that the plan creates, changes or keeps."""

    def __init__(self, change):
        self.address = change["address"]
        self.type = change["type"]
        self.after = change["change"]["after"]
        self.unknown = change["change"].get("after_unknown") or {}

    def is_unknown(self, name):
        return self.unknown.get(name) is True

    def value(self, name):
        return self.after.get(name)

    def text(self, name):
        value = self.value(name)
        return value if isinstance(value, str) else ""

    def must(self, name, what):
        verb = "is omitted or not known before apply; it must be" if self.is_unknown(name) else "must be"
        return f"{self.address}: {name} {verb} {what}"


def managed(plan):
    return [change for change in plan.get("resource_changes", []) if change["mode"] == "managed"]


def resources(plan, *types):
    for change in managed(plan):
        if change["type"] in types and change["change"]["after"] is not None:
            yield Resource(change)


def in_production(cache):
    tags = cache.value("tags_all")
    return not isinstance(tags, dict) or tags.get("Environment") not in NON_PRODUCTION


def must_be_true(plan, name, applies=lambda group: True):
    for group in resources(plan, GROUP):
        if applies(group) and group.value(name) is not True:
            yield group.address, group.must(name, "true")


def encryption_at_rest(plan):
    yield from must_be_true(plan, "at_rest_encryption_enabled")


def encryption_in_transit(plan):
    yield from must_be_true(plan, "transit_encryption_enabled")
    for group in resources(plan, GROUP):
        if group.value("transit_encryption_enabled") is True and group.value("transit_encryption_mode") != "required":
            yield group.address, group.must("transit_encryption_mode", "required")


def customer_managed_key(plan):
    for cache in resources(plan, GROUP, SERVERLESS):
        key = cache.text("kms_key_id")
        if not key or re.search("(^|:)alias/aws/", key):
            yield cache.address, cache.must("kms_key_id", "a customer managed key")


def authentication(plan):
    for group in resources(plan, GROUP):
        # Without a secret its ARN is empty: an ARN that is not known yet is that of a secret.
        secret = group.is_unknown("auth_token_secret_arn") or group.text("auth_token_secret_arn")
        if not secret and group.value("auth_token_enabled") is not True and not group.value("user_group_ids"):
            yield group.address, f"{group.address}: clients must log in with an AUTH token or as users"
    for cache in resources(plan, SERVERLESS):
        if cache.text("engine").lower() != "memcached" and not cache.text("user_group_id"):
            yield cache.address, cache.must("user_group_id", "a user group")


def automatic_failover(plan):
    yield from must_be_true(plan, "automatic_failover_enabled", in_production)


def multi_az(plan):
    yield from must_be_true(plan, "multi_az_enabled", in_production)


def backups(plan):
    name = "snapshot_retention_limit"
    for cache in resources(plan, GROUP, SERVERLESS):
        if in_production(cache) and not cache.value(name):
            yield cache.address, cache.must(name, "at least 1")


def minor_version_upgrades(plan):
    yield from must_be_true(plan, "auto_minor_version_upgrade")


def own_subnets(plan):
    for group in resources(plan, GROUP):
        if group.text("subnet_group_name").lower() in ("", "default"):
            yield group.address, group.must("subnet_group_name", "a subnet group of your own")
    for cache in resources(plan, SERVERLESS):
        if not cache.value("subnet_ids"):
            yield cache.address, cache.must("subnet_ids", "subnets of your own")


def own_parameter_group(plan):
    name = "parameter_group_name"
    for group in resources(plan, GROUP):
        if not group.text(name) or group.text(name).lower().startswith("default."):
            yield group.address, group.must(name, "a parameter group of your own")


def current_generation(plan):
    for group in resources(plan, GROUP):
        if not group.text("node_type") or PREVIOUS_GENERATION.match(group.text("node_type")):
            yield group.address, group.must("node_type", "a node type of the current generation")


def data_is_kept(plan):
    for change in managed(plan):
        if change["type"] in (GROUP, SERVERLESS) and "delete" in change["change"]["actions"]:
            names = sorted({str(path[0]) for path in change["change"].get("replace_paths") or []})
            because = f" because of {', '.join(names)}" if names else ""
            yield change["address"], f"{change['address']}: would be destroyed with its data{because}"


def users_authenticate(plan):
    text = "must log in with a password or IAM, or have an access_string that begins with off"
    for user in resources(plan, USER):
        modes = [mode.get("type") for mode in user.value("authentication_mode") or []]
        authenticates = user.value("no_password_required") is False and set(modes) <= {"iam", "password"}
        if not authenticates and not re.match(r"\s*off(\s|$)", user.text("access_string")):
            yield user.address, f"{user.address}: {text}"


RULES = {
    "CKV2_ELASTICACHE_1": encryption_at_rest,
    "CKV2_ELASTICACHE_2": encryption_in_transit,
    "CKV2_ELASTICACHE_3": customer_managed_key,
    "CKV2_ELASTICACHE_4": authentication,
    "CKV2_ELASTICACHE_5": automatic_failover,
    "CKV2_ELASTICACHE_6": multi_az,
    "CKV2_ELASTICACHE_7": backups,
    "CKV2_ELASTICACHE_8": minor_version_upgrades,
    "CKV2_ELASTICACHE_9": own_subnets,
    "CKV2_ELASTICACHE_10": own_parameter_group,
    "CKV2_ELASTICACHE_11": current_generation,
    "CKV2_ELASTICACHE_12": data_is_kept,
    "CKV2_ELASTICACHE_13": users_authenticate,
}


def is_whole_plan(plan):
    if not isinstance(plan, dict) or "planned_values" not in plan or plan.get("errored"):
        return False
    return str(plan.get("format_version", "")).startswith("1.")


def findings(plan):
    """The rule, the address and the text of each finding."""
    if not is_whole_plan(plan):
        return [("plan", "plan", "plan: must be the output of `terraform show -json` for a plan without errors")]
    return [
        (rule, address, f"{text} ({rule})") for rule, check in RULES.items() for address, text in check(plan)
    ]


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main(arguments):
    exceptions = load(arguments[1])["exceptions"] if len(arguments) > 1 else {}
    found = findings(load(arguments[0]))
    denied = [text for rule, address, text in found if rule not in exceptions.get(address, [])]
    for rule, address, text in found:
        print(text if rule not in exceptions.get(address, []) else f"excepted: {text}")
    return 1 if denied else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
