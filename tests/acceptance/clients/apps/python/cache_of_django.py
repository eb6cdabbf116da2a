"""The cache and the sessions of Django behind one URL, with Django's own backend or django-redis."""

import django
from django.conf import settings

BACKENDS = {
    "django": "django.core.cache.backends.redis.RedisCache",
    "django-redis": "django_redis.cache.RedisCache",
}

settings.configure(
    SECRET_KEY="of the test",
    CACHES={},
    SESSION_ENGINE="django.contrib.sessions.backends.cache",
    INSTALLED_APPS=["django.contrib.sessions"],
)
django.setup()

from django.contrib.sessions.backends.cache import SessionStore  # noqa: E402
from django.core.cache import cache, caches  # noqa: E402


class Connection:
    def __init__(self, backend, url):
        self.backend = backend
        caches.settings["default"] = {"BACKEND": BACKENDS[backend], "LOCATION": url}

    def use(self):
        cache.set("greeting", {"text": "hello"}, 300)
        assert cache.get("greeting") == {"text": "hello"}
        session = SessionStore()
        session["visits"] = 7
        session.save()
        assert SessionStore(session_key=session.session_key)["visits"] == 7
        clients = cache._cache if self.backend == "django" else cache.client
        return clients.get_client().acl_whoami()

    def close(self):
        caches.close_all()


def open_url(backend, mode, url):
    return Connection(backend, url)
