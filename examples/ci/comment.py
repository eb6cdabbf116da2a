#!/usr/bin/env python3
"""Describes a plan in Markdown, for a comment in a pull request: comment.py plan.json, of `terraform show -json`.

--findings FILE   the output of ../policies/check.py
--title TEXT      what is planned, such as the folder
"""

import argparse
import html
import json

# GitHub accepts 65536 characters.
LONGEST = 60_000
LONGEST_VALUE = 120

GROUP = "elasticache_replication_group"
HOLD_DATA = (GROUP, "elasticache_serverless_cache")

# Changes that AWS makes in the maintenance window unless apply_immediately is true.
DEFERRED = {
    "automatic_failover_enabled",
    "cluster_mode",
    "durability",
    "engine",
    "engine_version",
    "ip_discovery",
    "multi_az_enabled",
    "node_type",
    "parameter_group_name",
    "transit_encryption_enabled",
    "transit_encryption_mode",
}

REPLACE = (["delete", "create"], ["create", "delete"])
ORDER = ("destroy", "replace", "update", "create", "import", "forget")
PAST = {
    "create": "created",
    "destroy": "destroyed",
    "forget": "removed from the state",
    "import": "imported",
    "replace": "replaced",
    "update": "updated in place",
}


def verb(change):
    actions = change["change"]["actions"]
    if actions in REPLACE:
        return "replace"
    if actions == ["delete"]:
        return "destroy"
    if actions == ["no-op"]:
        return "import" if change["change"].get("importing") else None
    return actions[0] if actions[0] in PAST else None


def code(text):
    """Text as it is, also where it has backticks, pipes or tags."""
    shown = text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
    return f"<code>{html.escape(shown, quote=False).replace('|', '&#124;').replace(chr(10), ' ')}</code>"


def value_text(value):
    if value is None:
        return "<i>none</i>"
    return code(value if isinstance(value, str) and value else json.dumps(value, sort_keys=True))


def any_true(marks):
    if isinstance(marks, dict):
        return any(any_true(each) for each in marks.values())
    if isinstance(marks, list):
        return any(any_true(each) for each in marks)
    return marks is True


def mark(marks, name):
    return True if marks is True else (marks or {}).get(name, False)


def changed_names(change):
    before, after = change["before"] or {}, change["after"] or {}
    unknown = change.get("after_unknown") or {}
    names = sorted(set(before) | set(after) | set(unknown))
    opened = [name for name in names if any_true(mark(unknown, name))]
    changed = [name for name in names if name not in opened and before.get(name) != after.get(name)]
    return changed, opened


def differences(name, was, becomes, marks):
    """A line for each value that differs, with the way to it; elements of a list are added and removed."""
    if isinstance(was, dict) and isinstance(becomes, dict) and True not in marks:
        for key in sorted(set(was) | set(becomes)):
            if was.get(key) != becomes.get(key):
                inner = [mark(each, key) for each in marks]
                yield from differences(f"{name}.{key}", was.get(key), becomes.get(key), inner)
    elif any(any_true(each) for each in marks):
        yield f"{code(name)}: <i>sensitive</i> → <i>sensitive</i>"
    elif is_flat(was) and is_flat(becomes):
        removed = [f"− {value_text(each)}" for each in was if each not in becomes]
        added = [f"+ {value_text(each)}" for each in becomes if each not in was]
        yield f"{code(name)}: {', '.join(removed + added) or 'another order'}"
    else:
        yield f"{code(name)}: {value_text(was)} → {value_text(becomes)}"


def is_flat(value):
    return isinstance(value, list) and not any(isinstance(each, (dict, list)) for each in value)


def attribute_lines(change):
    """A line for each value that an update or a replacement changes; those not known yet share one."""
    changed, opened = changed_names(change)
    before, after = change["before"] or {}, change["after"] or {}
    lines = []
    for name in changed:
        # All tags change with those of the resource.
        if name != "tags_all" or "tags" not in changed:
            marks = [mark(change.get(f"{side}_sensitive"), name) for side in ("before", "after")]
            lines.extend(differences(name, before.get(name), after.get(name), marks))
    if opened:
        lines.append("known after apply: " + ", ".join(code(name) for name in opened))
    return lines


def reasons(change):
    names = {str(path[0]) for path in change.get("replace_paths") or []}
    return ", ".join(code(name) for name in sorted(names))


def data_losses(changes):
    for what, each in changes:
        if each["type"] in HOLD_DATA and what in ("destroy", "replace"):
            because = f" because of {reasons(each['change'])}" if reasons(each["change"]) else ""
            yield f"{code(each['address'])} will be {PAST[what]}, and its data lost{because}."


def waits(changes):
    for what, each in changes:
        change = each["change"]
        if each["type"] == GROUP and what == "update" and not change["after"].get("apply_immediately"):
            changed, _ = changed_names(change)
            names = ", ".join(code(name) for name in changed if name in DEFERRED)
            window = change["after"].get("maintenance_window")
            when = f"the maintenance window ({window} UTC)" if window else "the maintenance window"
            if names:
                yield f"{code(each['address'])}: AWS changes {names} in {when}, not during apply."


def alert(kind, lines):
    lines = list(lines)
    return "\n".join([f"> [!{kind}]", *(f"> - {line}" for line in lines)]) if lines else None


def bullets(heading, lines):
    return "\n".join([heading, "", *(f"- {html.escape(line, quote=False)}" for line in lines)]) if lines else None


def summary(changes):
    counts = [(sum(1 for what, _ in changes if what == wanted), PAST[wanted]) for wanted in ORDER]
    parts = [f"{count} to be {past}" for count, past in counts if count]
    return ", ".join(parts) if parts else "No changes"


def size(group):
    """What a new group costs by."""
    engine = " ".join(group[name] for name in ("engine", "engine_version") if group.get(name))
    nodes = group.get("num_cache_clusters")
    of = f"{nodes} × {group['node_type']}" if nodes and group.get("node_type") else group.get("node_type")
    return [code(text) for text in (engine, of) if text]


def table(changes):
    yield "| resource | action | changes |"
    yield "| --- | --- | --- |"
    for what, each in changes:
        lines = attribute_lines(each["change"]) if what in ("update", "replace") else []
        if what == "create" and each["type"] == GROUP:
            lines = size(each["change"]["after"])
        yield f"| {code(each['address'])} | **{what}** | {'<br>'.join(lines)} |"


def sections(plan, findings):
    changes = [(verb(each), each) for each in plan.get("resource_changes", []) if each["mode"] == "managed"]
    changes = [(what, each) for what, each in changes if what]
    changes.sort(key=lambda pair: (ORDER.index(pair[0]), pair[1]["address"]))
    yield f"**{summary(changes)}.**"
    yield alert("CAUTION", data_losses(changes))
    yield alert("NOTE", waits(changes))
    excepted = [line for line in findings if line.startswith("excepted: ")]
    denied = [line for line in findings if line not in excepted]
    yield bullets("**The policies refuse this plan:**", denied)
    yield bullets("Findings that exceptions.json excepts:", [line.removeprefix("excepted: ") for line in excepted])
    if changes:
        yield "\n".join(table(changes))
    drift = sorted({each["address"] for each in plan.get("resource_drift", []) if each["mode"] == "managed"})
    if drift:
        yield "Changed outside of Terraform: " + ", ".join(code(address) for address in drift) + "."
    outputs = sorted(name for name, each in plan.get("output_changes", {}).items() if each["actions"] != ["no-op"])
    if outputs:
        yield "Outputs that change: " + ", ".join(code(name) for name in outputs) + "."


def describe(plan, title, findings):
    text = f"<!-- plan of {title} -->\n### Plan of {code(title)}\n"
    for section in filter(None, sections(plan, findings)):
        if len(text) + len(section) > LONGEST:
            # A table is cut between two rows.
            section = section[: max(0, LONGEST - len(text))].rsplit("\n", 1)[0]
            return f"{text}\n{section}\n\nThe rest is omitted: see the summary of the run.\n"
        text += f"\n{section}\n"
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("plan")
    parser.add_argument("--findings")
    parser.add_argument("--title", default="this configuration")
    arguments = parser.parse_args()
    with open(arguments.plan, encoding="utf-8") as file:
        plan = json.load(file)
    findings = []
    if arguments.findings:
        with open(arguments.findings, encoding="utf-8") as file:
            findings = file.read().splitlines()
    print(describe(plan, arguments.title, findings), end="")


if __name__ == "__main__":
    main()
