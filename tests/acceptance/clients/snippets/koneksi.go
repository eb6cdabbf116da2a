package main

import (
    "crypto/tls"
    "github.com/go-redis/redis/v8"
)

// Primary client for writes
primaryClient := redis.NewClient(&redis.Options{
    Addr:     "koneksi-staging-redis.xxxxx.cache.amazonaws.com:6379",
    TLSConfig: &tls.Config{},
})

// Reader client for reads
readerClient := redis.NewClient(&redis.Options{
    Addr:     "koneksi-staging-redis-ro.xxxxx.cache.amazonaws.com:6379",
    TLSConfig: &tls.Config{},
})

// Write operations
primaryClient.Set(ctx, "user:123", "john_doe", 0)
primaryClient.HSet(ctx, "session:abc", "user_id", "123")

// Read operations
user := readerClient.Get(ctx, "user:123")
session := readerClient.HGetAll(ctx, "session:abc")
