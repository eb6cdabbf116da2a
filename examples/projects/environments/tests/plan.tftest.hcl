# terraform init && terraform test
#
# Plans every unit of live with its inputs, without Terragrunt: this needs neither AWS nor credentials.

variables {
  vpc_id                    = "vpc-0a1b2c3d4e5f60002"
  subnet_ids                = ["subnet-0a1b2c3d4e5f60021", "subnet-0a1b2c3d4e5f60022"]
  client_security_group_ids = ["sg-0a1b2c3d4e5f60002"]
  kms_key_id                = "alias/caches"
}

run "development_booking_cache" {
  command = plan

  module {
    source = "../service-cache"
  }

  variables {
    environment              = "development"
    alarm_actions            = []
    name                     = "booking-development"
    node_type                = "cache.t4g.micro"
    nodes                    = 1
    snapshot_retention_limit = 0
  }

  assert {
    condition     = elasticache_replication_group.this.num_cache_clusters == 1 && !elasticache_replication_group.this.multi_az_enabled
    error_message = "Development must have one node, without Multi-AZ."
  }
}

run "production_booking_cache" {
  command = plan

  module {
    source = "../service-cache"
  }

  variables {
    environment   = "production"
    alarm_actions = ["arn:aws:sns:eu-west-1:444455556666:on-call"]
    name          = "booking-production"
    node_type     = "cache.r7g.large"
    nodes         = 3
  }

  assert {
    condition     = elasticache_replication_group.this.num_cache_clusters == 3 && elasticache_replication_group.this.multi_az_enabled
    error_message = "Production must have a primary and two replicas, with Multi-AZ."
  }

  assert {
    condition     = contains(elasticache_alarm_set.this.alarm_actions, "arn:aws:sns:eu-west-1:444455556666:on-call")
    error_message = "The alarms of production must call the team on duty."
  }
}

run "production_shop_sessions" {
  command = plan

  module {
    source = "../session-store"
  }

  variables {
    environment   = "production"
    alarm_actions = ["arn:aws:sns:eu-west-1:444455556666:on-call"]
    name          = "shop-sessions-production"
    shards        = 3
  }

  assert {
    condition     = elasticache_replication_group.this.num_cache_clusters == 6 && elasticache_replication_group.this.deletion_protection
    error_message = "Each of the three shards must have a replica, and a plan that destroys the sessions must fail."
  }
}

run "production_reports_celery" {
  command = plan

  module {
    source = "../celery-broker"
  }

  variables {
    environment   = "production"
    alarm_actions = ["arn:aws:sns:eu-west-1:444455556666:on-call"]
    name          = "reports-celery-production"
  }

  assert {
    condition     = elasticache_replication_group.this.multi_az_enabled
    error_message = "The broker of production must have a replica in another Availability Zone."
  }
}
