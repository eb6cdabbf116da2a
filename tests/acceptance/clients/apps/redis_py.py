"""redis-py with each URL of REDIS_URLS, one a line: who the server takes us for."""

import json
import os

import redis

users = []
for url in os.environ["REDIS_URLS"].splitlines():
    with redis.Redis.from_url(url, decode_responses=True, socket_timeout=10) as client:
        client.set("redis-py", "a value")
        assert client.get("redis-py") == "a value"
        users.append(client.acl_whoami())
print(json.dumps(users))
