# In a pipeline inside the VPC
# The pipeline fails if the cache does not answer, or a slot is not served.
data "elasticache_connection_check" "sessions" {
  host                       = "clustercfg.sessions.abc123.euw1.cache.amazonaws.com"
  transit_encryption_enabled = true
  timeout                    = "2s"
  required                   = true

  lifecycle {
    postcondition {
      condition     = self.slots_covered == 16384
      error_message = "Only ${coalesce(self.slots_covered, 0)} of 16384 slots are served."
    }
  }
}
