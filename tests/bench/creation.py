"""New groups at a simulated AWS, where each is being created for ten minutes: the calls that are made
against those that are needed, and how soon the end of the creation is seen.
"""

import http.client
import math
import re
import statistics
import threading
import time
import urllib.parse
import xml.etree.ElementTree

import neighbours
from proxy import Proxy
from stacks import PER_SET, Stack, events, spans
from tables import by_operation, row, seconds, table

GROUP = re.compile(r"module\.set\[(\d+)\]\.(?:aws_)?elasticache_replication_group\.this")
# Between two looks at the simulated AWS, past the proxy.
PAUSE = 0.2

# Counted by hand: no attribute of the five resources can be known with less.
# Once for each set: what creates its objects. A parameter group is created with the defaults of its family.
FOR_EACH_SET = (
    "CreateCacheSubnetGroup", "CreateCacheParameterGroup", "ModifyCacheParameterGroup", "CreateReplicationGroup",
    "PutMetricAlarm", "PutParameter",
)  # fmt: skip
# Once for a page of so many: the groups and nodes when they are ready, because the answer to the creation has no
# endpoints; the alarms before PutMetricAlarm, which would overwrite an existing alarm silently, and after it, because
# its answer is empty; the parameters, because the answer to PutParameter has no ARN.
FOR_EACH_PAGE = (
    ("DescribeReplicationGroups", 100), ("DescribeCacheClusters", 50), ("DescribeAlarms", 100), ("DescribeAlarms", 100),
    ("GetParameters", 10),
)  # fmt: skip


def needed(sets):
    pages = sum(math.ceil(sets / size) for _, size in FOR_EACH_PAGE)
    return len(FOR_EACH_SET) * sets + pages


def measure(contenders, simulator, home, sets, scale, figures):
    table(
        f"{sets} new groups, {600 / scale:.0f} s in creation", "provider", "apply", "calls",
        "calls for a resource, without polls", "needed", "polls", "polls for a group",
        "seconds between polls of a group", "end seen after, median", "at most", "calls by operation",
    )  # fmt: skip
    for plugin in contenders:
        with neighbours.simulator(simulator, home, scale) as endpoint, Proxy(endpoint) as proxy:
            stack = Stack.of(plugin, home, sets, neighbours.environment(proxy.endpoint, home))
            with Watch(endpoint) as watch:
                begun = time.time()
                # All at once: with Terraform's ten, most would wait for Terraform and not for AWS.
                done = stack.run("apply", "-auto-approve", "-json", f"-parallelism={sets * 2}")
                took = time.time() - begun
            calls = proxy.take()
            stack.remove()
        created = groups(spans(events(done.stdout), "apply"))
        late = [ended - watch.ready[name] for name, (_, ended) in created.items()]
        # Those that were made while groups were being created.
        polls = [
            call for call in calls
            if call.operation in ("DescribeReplicationGroups", "DescribeCacheClusters")
            and call.begun < max(watch.ready.values())
        ]  # fmt: skip
        others = len(calls) - len(polls)
        waited = sum(ended - begun for begun, ended in created.values())
        between = waited / len(polls) if polls else math.inf
        row(
            plugin.name, seconds(took), len(calls), f"{others / (sets * PER_SET):.2f}",
            f"{needed(sets) / (sets * PER_SET):.2f}", len(polls), f"{len(polls) / sets:.1f}", f"{between:.1f}",
            seconds(statistics.median(late)), seconds(max(late)), by_operation(calls),
        )  # fmt: skip
        if plugin is contenders[0]:
            figures |= {
                "calls of a creation": others / needed(sets), "end seen after": max(late), "between polls": between,
            }  # fmt: skip


def groups(applied):
    """The spans of replication groups, by the group's ID."""
    found = ((GROUP.fullmatch(address), span) for address, span in applied.items())
    return {f"bench-{int(match.group(1)):04}": span for match, span in found if match}


class Watch:
    """Looks, past the proxy, when each group is available for the first time."""

    def __init__(self, endpoint):
        address = urllib.parse.urlsplit(endpoint)
        self.connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
        self.ready = {}
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        self.connection.close()

    def _run(self):
        while not self.over.wait(PAUSE):
            for name, status in self._groups():
                if status == "available":
                    self.ready.setdefault(name, time.time())

    def _groups(self):
        marker = ""
        while True:
            form = {"Action": "DescribeReplicationGroups", "MaxRecords": "100"} | ({"Marker": marker} if marker else {})
            root = xml.etree.ElementTree.fromstring(neighbours.call(self.connection, form))
            for group in root.findall(".//{*}ReplicationGroup"):
                yield group.findtext("{*}ReplicationGroupId"), group.findtext("{*}Status")
            marker = root.findtext(".//{*}Marker")
            if not marker:
                return
