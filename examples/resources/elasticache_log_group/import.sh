terraform import elasticache_log_group.slow /aws/elasticache/backend-booking/slow-log
