"""The same plans and applies as far from AWS as people are: each call takes longer, and AWS takes no more
calls in a second than it says.
"""

import statistics

from proxy import Proxy
from rates import DOCUMENTED
from stacks import PER_SET, Stack, environment
from tables import by_operation, row, seconds, table

# A call from another continent, or from a laptop through a VPN.
SECONDS = 0.06
RUNS = 3


def measure(contenders, aws, home, sizes, runs, figures):
    table(
        f"With {seconds(SECONDS)} for each call, and AWS's limits", "resources", "provider", "apply", "apply / ours",
        "calls of the apply", "refused", "plan", "plan / ours", "calls of the plan", "refused", "calls by operation",
    )  # fmt: skip
    for size in sizes:
        ours = {}
        for plugin in contenders:
            # One for each: nobody's calls count against another's limit.
            with Proxy(aws, SECONDS, DOCUMENTED) as proxy:
                stack = Stack.of(plugin, home, size, environment(plugin, proxy.endpoint, home, size))
                applied = stack.timed("apply", "-auto-approve")
                creating = proxy.take()
                times = []
                for _ in range(min(runs, RUNS)):
                    proxy.take()
                    times.append(stack.timed("plan", "-detailed-exitcode"))
                planning = proxy.take()
                stack.run("destroy", "-auto-approve", AWS_ENDPOINT_URL=aws)
                stack.remove()
            took = {"apply": applied, "plan": statistics.median(times)}
            ours = ours or took
            ratios = {name: f"{took[name] / ours[name]:.1f}" for name in took}
            row(
                size * PER_SET, plugin.name, seconds(applied), ratios["apply"], len(creating), refused(creating),
                seconds(took["plan"]), ratios["plan"], len(planning), refused(planning), by_operation(planning),
            )  # fmt: skip
            if plugin is contenders[0]:
                figures["slow plan", size * PER_SET] = took["plan"]


def refused(calls):
    return sum(call.refused for call in calls)
