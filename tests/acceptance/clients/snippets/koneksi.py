import redis

# Connect to primary endpoint for writes
primary_client = redis.Redis(
    host='koneksi-staging-redis.xxxxx.cache.amazonaws.com',
    port=6379,
    decode_responses=True,
    ssl=True
)

# Connect to reader endpoint for reads
reader_client = redis.Redis(
    host='koneksi-staging-redis-ro.xxxxx.cache.amazonaws.com',
    port=6379,
    decode_responses=True,
    ssl=True
)

# Write operations
primary_client.set('user:123', 'john_doe')
primary_client.hset('session:abc', 'user_id', '123')

# Read operations
user = reader_client.get('user:123')
session = reader_client.hgetall('session:abc')
