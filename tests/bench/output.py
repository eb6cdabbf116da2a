"""How many lines Terraform prints for small changes of a group with many alarms."""

import configurations
import neighbours
from local_aws import clean_environment
from stacks import Stack
from tables import row, table


def measure(plugin, simulator, home, figures):
    table("What a plan prints", "alarms before", "change", "lines")
    with neighbours.simulator(simulator, home) as endpoint:
        directory = home / "output"
        stack = Stack(plugin, directory, {"main.tf": configurations.alarmed(2)}, {})
        stack.environment = clean_environment(home) | neighbours.environment(endpoint, home) | stack.cli()
        stack.run("apply", "-auto-approve")
        alarms = int(stack.run("output", "-raw", "alarms").stdout)
        for change, text in (
            ("one more node", configurations.alarmed(3)),
            ("another threshold", configurations.alarmed(2, threshold=80)),
        ):
            (directory / "main.tf").write_text(text)
            lines = lines_of(stack.run("plan", "-no-color").stdout)
            row(alarms, change, lines)
            figures[change] = lines
        stack.remove()


def lines_of(printed):
    """Those from the first change to the number of changes."""
    begun = printed.index("Terraform will perform the following actions:")
    return len(printed[begun : printed.index("\nPlan: ") + 1].splitlines()) + 1
