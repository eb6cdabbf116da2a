terraform import elasticache_ssm_url.this /backend-booking/prod/redis/url
