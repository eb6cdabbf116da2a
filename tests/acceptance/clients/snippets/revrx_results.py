# Celery task results TTL (1 hour)
result_expires = 3600

# Keep only recent failed tasks
celery.conf.result_backend_transport_options = {
    'global_keyprefix': 'celery',
    'max_connections': 100,
}
