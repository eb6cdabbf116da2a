terraform import elasticache_service_update.this booking,elc-20260915-001
