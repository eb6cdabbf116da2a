"""How many calls in a second AWS takes from an account in a region, as far as AWS says so.

What AWS says no figure for has no limit here: all of ElastiCache, PutParameter and DescribeParameters
among them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """Calls in a second, of these operations together."""

    service: str
    operations: tuple
    per_second: float


# Services are named as in the scope of a signature.
DOCUMENTED = (
    # https://docs.aws.amazon.com/general/latest/gr/cw_region.html, "Rate of … requests".
    Rate("monitoring", ("DescribeAlarms",), 9),
    Rate("monitoring", ("PutMetricAlarm",), 3),
    Rate("monitoring", ("DeleteAlarms",), 3),
    Rate("monitoring", ("ListTagsForResource",), 10),
    Rate("monitoring", ("TagResource",), 20),
    Rate("monitoring", ("UntagResource",), 20),
    # https://docs.aws.amazon.com/tag-editor/latest/userguide/reference.html
    Rate("tagging", ("GetResources",), 15),
    # https://docs.aws.amazon.com/general/latest/gr/ssm.html, Parameter Store's default throughput.
    Rate("ssm", ("GetParameter", "GetParameters", "GetParametersByPath"), 40),
)
