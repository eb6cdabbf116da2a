"""Prints what the API models say of the operations that src/aws calls without an SDK crate.

    api_models.py > src/aws/direct/tests/api_models.json

For each operation: the names of the members of its input as they are sent, with N in the place of
numbers, and its output as it is received, with types in the place of values.
"""

import json
import sys

import botocore.session

OPERATIONS = {
    "ec2": [
        "AuthorizeSecurityGroupIngress",
        "CreateSecurityGroup",
        "CreateTags",
        "DeleteSecurityGroup",
        "DeleteTags",
        "DescribeNetworkInterfaces",
        "DescribeSecurityGroupRules",
        "DescribeSecurityGroups",
        "ModifySecurityGroupRules",
        "RevokeSecurityGroupEgress",
        "RevokeSecurityGroupIngress",
    ],
    "logs": [
        "AssociateKmsKey",
        "CreateLogGroup",
        "DeleteLogGroup",
        "DeleteRetentionPolicy",
        "DescribeLogGroups",
        "DisassociateKmsKey",
        "ListTagsForResource",
        "PutLogGroupDeletionProtection",
        "PutRetentionPolicy",
        "TagResource",
        "UntagResource",
    ],
    "resourcegroupstaggingapi": ["GetResources"],
}


def upper(name):
    return name[0].upper() + name[1:]


def sent(shape, name, query):
    """The names below `name` that an input shape has."""
    if shape.type_name == "structure":
        for key, member in shape.members.items():
            if query:
                # The EC2 query protocol: queryName, else locationName with a capital.
                key = member.serialization.get("queryName") or upper(member.serialization.get("name", key))
            yield from sent(member, f"{name}.{key}" if name else key, query)
    elif shape.type_name == "list" and query:
        yield from sent(shape.member, f"{name}.N", query)
    else:
        yield name


def received(shape, query, above=()):
    """An output shape with types in the place of values."""
    if shape is None:
        return {}
    if shape.name in above:
        return {}
    above = (*above, shape.name)
    if shape.type_name == "structure":
        name = lambda key, member: member.serialization.get("name", key) if query else key
        return {name(key, member): received(member, query, above) for key, member in shape.members.items()}
    if shape.type_name == "list":
        return [received(shape.member, query, above)]
    if shape.type_name == "map":
        return {"KEY": received(shape.value, query, above)}
    return shape.type_name


def main():
    session = botocore.session.get_session()
    models = {}
    for service, operations in OPERATIONS.items():
        model = session.get_service_model(service)
        query = model.metadata["protocol"] == "ec2"
        models[service] = {
            "apiVersion": model.metadata["apiVersion"],
            "serviceId": model.metadata["serviceId"],
            "signingName": model.metadata.get("signingName", model.metadata["endpointPrefix"]),
            "endpointPrefix": model.metadata["endpointPrefix"],
            "targetPrefix": model.metadata.get("targetPrefix", ""),
            "operations": {},
        }
        for name in operations:
            operation = model.operation_model(name)
            models[service]["operations"][name] = {
                "input": sorted(sent(operation.input_shape, "", query)),
                "output": received(operation.output_shape, query),
            }
    json.dump(models, sys.stdout, indent=1, sort_keys=True)
    print()


main()
