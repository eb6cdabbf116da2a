terraform import elasticache_auth_token_secret.this backend-booking/prod/redis/token
