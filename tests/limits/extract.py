#!/usr/bin/env python3
"""Write limits.json: what AWS's API models state of the request members that the provider sends.

Usage: python3 extract.py > limits.json   (with botocore installed)

src/resources/limits_tests.rs compares each limit with the checks of the schemas, and fails for one
that belongs to no argument and has no reason why not. Members that the provider never sends are left
out here, by name, so that a member that is sent one day has to be removed from the list first.
"""

import gzip
import json
import pathlib

import botocore

DATA = pathlib.Path(botocore.__file__).parent / "data"

OPERATIONS = {
    "elasticache": [
        "AddTagsToResource",
        "CopyServerlessCacheSnapshot",
        "CopySnapshot",
        "CreateCacheParameterGroup",
        "CreateCacheSubnetGroup",
        "CreateGlobalReplicationGroup",
        "CreateReplicationGroup",
        "CreateServerlessCache",
        "CreateServerlessCacheSnapshot",
        "CreateSnapshot",
        "CreateUser",
        "CreateUserGroup",
        "DecreaseNodeGroupsInGlobalReplicationGroup",
        "DeleteReplicationGroup",
        "DeleteServerlessCache",
        "ExportServerlessCacheSnapshot",
        "FailoverGlobalReplicationGroup",
        "IncreaseNodeGroupsInGlobalReplicationGroup",
        "ModifyCacheParameterGroup",
        "ModifyCacheSubnetGroup",
        "ModifyGlobalReplicationGroup",
        "ModifyReplicationGroup",
        "ModifyReplicationGroupShardConfiguration",
        "ModifyServerlessCache",
        "ModifyUser",
        "ModifyUserGroup",
    ],
    "ssm": ["AddTagsToResource", "PutParameter"],
    "secretsmanager": [
        "CreateSecret",
        "DeleteSecret",
        "PutResourcePolicy",
        "PutSecretValue",
        "ReplicateSecretToRegions",
        "TagResource",
        "UpdateSecret",
    ],
    "cloudwatch": ["PutCompositeAlarm", "PutMetricAlarm", "TagResource"],
    "logs": ["AssociateKmsKey", "CreateLogGroup", "PutRetentionPolicy", "TagResource"],
    "sts": ["AssumeRole", "AssumeRoleWithWebIdentity"],
}

# Members with limits that the provider does not send.
NOT_SENT = {
    "elasticache": ["AppendAccessString", "NodeGroupsToRetain"],
    "ssm": ["AllowedPattern", "DataType", "Policies"],
    "secretsmanager": ["PolicyName", "RotationToken", "SecretBinary", "Type"],
    "cloudwatch": ["ActionConfiguration"],
    "logs": ["resourceIdentifier"],
    "sts": [
        "MinimumSessionTokenSize",
        "ProvidedContexts",
        "ProviderId",
        "SerialNumber",
        "TokenCode",
    ],
}


def model(service):
    version = sorted(path.name for path in (DATA / service).iterdir())[-1]
    file = DATA / service / version / "service-2.json"
    if file.exists():
        return json.loads(file.read_text())
    return json.loads(gzip.decompress(file.with_suffix(".json.gz").read_bytes()))


def limits(service, operation, shapes, name, path=""):
    shape = shapes[name]
    found = {key: shape[key] for key in ("min", "max", "pattern", "enum") if key in shape}
    if found:
        yield {"service": service, "operation": operation, "member": path, "type": shape["type"]} | found
    if shape["type"] == "structure":
        for member, inner in shape["members"].items():
            if path or member not in NOT_SENT[service]:
                yield from limits(service, operation, shapes, inner["shape"], f"{path}.{member}" if path else member)
    elif shape["type"] == "list":
        yield from limits(service, operation, shapes, shape["member"]["shape"], f"{path}[]")
    elif shape["type"] == "map":
        yield from limits(service, operation, shapes, shape["key"]["shape"], f"{path}{{key}}")
        yield from limits(service, operation, shapes, shape["value"]["shape"], f"{path}{{}}")


def main():
    lines = []
    for service, operations in OPERATIONS.items():
        described = model(service)
        for operation in operations:
            shape = described["operations"][operation]["input"]["shape"]
            lines += [json.dumps(limit) for limit in limits(service, operation, described["shapes"], shape)]
    head = json.dumps({"botocore": botocore.__version__})
    print("[\n" + ",\n".join([head, *lines]) + "\n]")


if __name__ == "__main__":
    main()
