import os

REDIS_URL = os.environ['REDIS_URL']

# Cache
CACHES = {
    'default': {
        'BACKEND': 'django_redis.cache.RedisCache',
        'LOCATION': REDIS_URL,
    }
}

# Sessions
SESSION_ENGINE = "django.contrib.sessions.backends.cache"

# Dramatiq
DRAMATIQ_BROKER = {
    "BROKER": "dramatiq.brokers.redis.RedisBroker",
    "OPTIONS": {"url": REDIS_URL},
}
