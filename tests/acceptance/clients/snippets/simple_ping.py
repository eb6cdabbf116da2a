import redis, os
r = redis.from_url(os.environ['REDIS_URL'])
r.ping()
