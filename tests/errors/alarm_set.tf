resource "elasticache_alarm_set" "incomplete_group" {
  replication_group = { id = "booking" }
}

resource "elasticache_alarm_set" "preset" {
  replication_group = { id = "booking", member_clusters = ["booking-001"] }
  preset            = "everything"
}

resource "elasticache_alarm_set" "placeholder" {
  replication_group = { id = "booking", member_clusters = ["booking-001"] }
  name_template     = "{node}-{alarm}"
}

resource "elasticache_alarm_set" "one_name" {
  replication_group = { id = "booking", member_clusters = ["booking-001", "booking-002"] }
  name_template     = "{id}-{alarm}"
}

resource "elasticache_alarm_set" "long_name" {
  replication_group = { id = "booking", member_clusters = ["booking-001"] }
  name_template     = "the-cache-of-the-booking-service-in-the-production-account-of-the-platform-team-and-everything-that-has-to-be-said-about-it-in-the-name-of-an-alarm-so-that-nobody-at-all-has-to-look-anything-up-in-the-middle-of-the-night-when-a-pager-goes-{member}-{alarm}"
}

resource "elasticache_alarm_set" "no_threshold" {
  replication_group = { id = "booking", member_clusters = ["booking-001"] }
  metrics = {
    CurrConnections = {}
  }
}

resource "elasticache_alarm_set" "no_defaults" {
  replication_group = { id = "booking", member_clusters = ["booking-001"] }
  metrics = {
    CurrItem = { threshold = 1000 }
  }
}

resource "elasticache_alarm_set" "key" {
  replication_group = { id = "booking", member_clusters = ["booking-001"] }
  metrics = {
    "CPU Utilization" = { metric_name = "CPUUtilization" }
  }
}

resource "elasticache_alarm_set" "more_points_than_periods" {
  replication_group = { id = "booking", member_clusters = ["booking-001"] }
  metrics = {
    CPUUtilization = { datapoints_to_alarm = 3 }
  }
}

resource "elasticache_alarm_set" "longer_than_a_day" {
  replication_group = { id = "booking", member_clusters = ["booking-001"] }
  metrics = {
    CPUUtilization = { evaluation_periods = 289 }
  }
}

resource "elasticache_alarm_set" "period" {
  replication_group = { id = "booking", member_clusters = ["booking-001"] }
  metrics = {
    CPUUtilization = { period = 90 }
  }
}

resource "elasticache_alarm_set" "scope" {
  replication_group = { id = "booking", member_clusters = ["booking-001"] }
  metrics = {
    CPUUtilization = { scope = "group" }
  }
}

resource "elasticache_alarm_set" "operator" {
  replication_group = { id = "booking", member_clusters = ["booking-001"] }
  metrics = {
    CPUUtilization = { comparison_operator = ">" }
  }
}

resource "elasticache_alarm_set" "missing_data" {
  replication_group = { id = "booking", member_clusters = ["booking-001"] }
  metrics = {
    CPUUtilization = { treat_missing_data = "alarm" }
  }
}

resource "elasticache_alarm_set" "composite_name" {
  replication_group = { id = "booking", member_clusters = ["booking-001"] }
  composite_alarm   = { name_template = "{member}-all" }
}

resource "elasticache_alarm_set" "composite_named_as_another" {
  replication_group = { id = "booking", member_clusters = ["booking-001"] }
  composite_alarm   = { name_template = "booking-001-CPUUtilization" }
}

resource "elasticache_alarm_set" "action" {
  replication_group = { id = "booking", member_clusters = ["booking-001"] }
  alarm_actions     = ["on-call"]
}

resource "elasticache_alarm_set" "region" {
  replication_group = { id = "booking", member_clusters = ["booking-001"], region = "eu-west-1" }
  region            = "eu-central-1"
}

resource "elasticache_alarm_set" "no_cache" {
  preset = "basic"
}

resource "elasticache_alarm_set" "two_caches" {
  replication_group     = { id = "booking", member_clusters = ["booking-001"] }
  serverless_cache_name = "booking"
}

resource "elasticache_alarm_set" "serverless_scope" {
  serverless_cache_name = "booking"
  metrics = {
    ThrottledCmds = { scope = "group" }
  }
}
