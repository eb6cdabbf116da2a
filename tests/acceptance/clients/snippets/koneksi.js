const Redis = require('ioredis');

// Primary client for writes
const primary = new Redis({
  host: 'koneksi-staging-redis.xxxxx.cache.amazonaws.com',
  port: 6379,
  tls: {}
});

// Reader client for reads
const reader = new Redis({
  host: 'koneksi-staging-redis-ro.xxxxx.cache.amazonaws.com',
  port: 6379,
  tls: {}
});

// Write operations
await primary.set('user:123', 'john_doe');
await primary.hset('session:abc', 'user_id', '123');

// Read operations
const user = await reader.get('user:123');
const session = await reader.hgetall('session:abc');
