resource "elasticache_log_group" "two_names" {
  name        = "/aws/elasticache/booking/slow-log"
  name_prefix = "booking-"
}

resource "elasticache_log_group" "characters" {
  name = "booking cache"
}

resource "elasticache_log_group" "reserved" {
  name = "aws/elasticache/booking/slow-log"
}

resource "elasticache_log_group" "retention" {
  name              = "booking"
  retention_in_days = 10
}

resource "elasticache_log_group" "key_id" {
  name       = "booking"
  kms_key_id = "1234abcd-12ab-34cd-56ef-1234567890ab"
}

resource "elasticache_log_group" "key_alias" {
  name       = "booking"
  kms_key_id = "alias/booking"
}

resource "elasticache_log_group" "class" {
  name            = "booking"
  log_group_class = "CHEAP"
}
