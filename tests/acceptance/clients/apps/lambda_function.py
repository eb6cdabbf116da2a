"""A Lambda function that finds its cache through a secret, whose ARN is REDIS_AUTH_SECRET."""

import json
import os

import boto3
import redis


def get_redis_client():
    secrets = boto3.client("secretsmanager")
    secret = secrets.get_secret_value(SecretId=os.environ["REDIS_AUTH_SECRET"])
    config = json.loads(secret["SecretString"])
    # Without users the username is null, which redis-py takes for none.
    return redis.Redis(
        host=config["host"],
        port=config["port"],
        username=config["username"],
        password=config["auth_token"],
        ssl=config["ssl"],
        decode_responses=True,
        socket_keepalive=True,
        socket_connect_timeout=5,
        socket_timeout=5,
    )


def lambda_handler(event, context):
    client = get_redis_client()
    client.setex(event["key"], 300, event["value"])
    return {"stored": client.get(event["key"]), "user": client.acl_whoami()}


if __name__ == "__main__":
    print(json.dumps(lambda_handler({"key": "lambda", "value": "from a function"}, None)))
