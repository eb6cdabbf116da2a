"""What the project wants of its figures, beside what this run has measured."""

from tables import row, seconds, table


def number(value):
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def megabytes(value):
    return f"{value:.0f} MB"


# Of our provider; what was not measured is left out.
GOALS = (
    ("plan of 250 resources / floor", ("plan", 250), 3.5, number),
    ("calls of a plan of 250 resources", ("calls", 250), 62, number),
    ("plan of 250 resources, 60 ms for each call", ("slow plan", 250), 1.5, seconds),
    ("validate / floor", ("validate", 250), 1.8, number),
    ("CPU of the provider, 250 resources", ("cpu", 250), 0.15, seconds),
    ("CPU of the provider, 1 000 resources", ("cpu", 1000), 0.5, seconds),
    ("memory, 1 000 resources", ("memory", 1000), 20, megabytes),
    ("handshake", "handshake", 0.003, seconds),
    ("calls of new groups, without polls / calls that are needed", "calls of a creation", 1.0, number),
    ("end of a creation seen after, at most", "end seen after", 5.0, seconds),
    ("lines of a plan of one more node", "one more node", 59, number),
)
# The other way round: at least so much.
AT_LEAST = (("seconds between polls of a group", "between polls", 15.0, number),)


def show(figures):
    table("Goals", "", "measured", "goal", "")
    for goals, word, sign in ((GOALS, "at most", 1), (AT_LEAST, "at least", -1)):
        for name, key, goal, written in goals:
            if key in figures:
                met = "" if sign * figures[key] <= sign * goal else "not met"
                row(name, written(figures[key]), f"{word} {written(goal)}", met)
