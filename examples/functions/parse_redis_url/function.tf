locals {
  # The URL of a cache that another team manages.
  cache = provider::elasticache::parse_redis_url(data.aws_ssm_parameter.redis_url.value)

  # The same cache, but another database.
  celery_url = provider::elasticache::redis_url(
    local.cache.host,
    local.cache.port,
    merge(local.cache, { database = 1 }),
  )
}
