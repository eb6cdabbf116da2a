"""Asks AWS itself, not Terraform, and answers in JSON.

account.py network     the default VPC, its subnets and its security group
account.py leftovers   what exists of the kinds of object that the demo makes
"""

import json
import sys

import boto3


def network():
    ec2 = boto3.client("ec2")
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "isDefault", "Values": ["true"]}])["Vpcs"]
    in_vpc = {"Name": "vpc-id", "Values": [vpc["VpcId"]]}
    subnets = ec2.describe_subnets(Filters=[in_vpc])["Subnets"]
    groups = ec2.describe_security_groups(Filters=[in_vpc])["SecurityGroups"]
    return {
        "vpc_id": vpc["VpcId"],
        "subnet_ids": sorted(subnet["SubnetId"] for subnet in subnets),
        "security_group_ids": [group["GroupId"] for group in groups if group["GroupName"] == "default"],
    }


def leftovers():
    elasticache = boto3.client("elasticache")
    ssm = boto3.client("ssm")

    def names(client, operation, items, name):
        pages = client.get_paginator(operation).paginate()
        return [item[name] for page in pages for item in page[items]]

    found = {
        "replication groups": names(
            elasticache, "describe_replication_groups", "ReplicationGroups", "ReplicationGroupId"
        ),
        "cache clusters": names(elasticache, "describe_cache_clusters", "CacheClusters", "CacheClusterId"),
        "subnet groups": names(
            elasticache, "describe_cache_subnet_groups", "CacheSubnetGroups", "CacheSubnetGroupName"
        ),
        "parameter groups": [
            name
            for name in names(
                elasticache, "describe_cache_parameter_groups", "CacheParameterGroups", "CacheParameterGroupName"
            )
            if not name.startswith("default.")
        ],
        "parameters": names(ssm, "describe_parameters", "Parameters", "Name"),
    }
    return {kind: found[kind] for kind in found if found[kind]}


if __name__ == "__main__":
    questions = {"network": network, "leftovers": leftovers}
    print(json.dumps(questions[sys.argv[1]]()))
