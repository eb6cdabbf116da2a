"""A Django that keeps its cache and its sessions in REDIS_URL, with django-redis."""

import json
import os

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="of the test",
    CACHES={"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": os.environ["REDIS_URL"]}},
    SESSION_ENGINE="django.contrib.sessions.backends.cache",
    INSTALLED_APPS=["django.contrib.sessions"],
)
django.setup()

from django.contrib.sessions.backends.cache import SessionStore  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django_redis import get_redis_connection  # noqa: E402

cache.set("greeting", {"text": "hello"}, 300)

session = SessionStore()
session["visits"] = 7
session.save()

print(
    json.dumps(
        {
            "cache": cache.get("greeting"),
            "ttl": 0 < cache.ttl("greeting") <= 300,
            "session": SessionStore(session_key=session.session_key)["visits"],
            "user": get_redis_connection("default").acl_whoami(),
        }
    )
)
