# By the id of the replication group, with the names a set gives by default.
terraform import elasticache_alarm_set.this backend-booking

# By the id and the template of other names: every alarm named so is taken.
terraform import elasticache_alarm_set.this 'backend-booking/prod-{member}-{alarm}'

# Of a serverless cache, by its name.
terraform import elasticache_alarm_set.serverless serverlesscache:backend-booking
