"""Tables in Markdown, as docs/PERFORMANCE.md has them."""

import collections


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def table(title, *titles):
    print(f"\n### {title}\n")
    row(*titles)
    row(*("---" for _ in titles))


def seconds(value):
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def by_operation(calls):
    """How many calls there are of each operation."""
    counted = collections.Counter(call.operation for call in calls)
    return ", ".join(f"{count} {name}" for name, count in sorted(counted.items()))


def together(spans):
    """How long at least one of these spans of time lasted."""
    total, reached = 0.0, float("-inf")
    for begun, ended in sorted(spans):
        total += max(0.0, ended - max(begun, reached))
        reached = max(reached, ended)
    return total
