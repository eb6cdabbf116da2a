terraform import elasticache_user.app booking-app
