"""What an application does: it reads its Redis URL from Parameter Store and uses it as it is.

app.py PATH, for example app.py /backend-booking/dev/redis/url
"""

import sys

import boto3
import redis


def main(path):
    parameter = boto3.client("ssm").get_parameter(Name=path, WithDecryption=True)["Parameter"]
    cache = redis.Redis.from_url(parameter["Value"], decode_responses=True)
    cache.set("demo:greeting", "Hello from the cache")
    answer = cache.get("demo:greeting")
    if answer != "Hello from the cache":
        sys.exit(f"SET and GET do not agree: GET answered {answer!r}")
    print(parameter["Value"])


if __name__ == "__main__":
    main(sys.argv[1])
