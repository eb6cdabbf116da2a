# Short TTL for frequently changing data
redis.setex('customer:123:invoices', 300, value)  # 5 minutes

# Medium TTL for semi-static data
redis.setex('customer:123:metrics', 3600, value)  # 1 hour

# Long TTL for rarely changing data
redis.setex('customer:123:tier', 86400, value)  # 24 hours
