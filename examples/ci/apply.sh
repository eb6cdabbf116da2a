#!/usr/bin/env bash
# Applies the plan that plan.sh saved, and nothing else. Usage: apply.sh FOLDER.
#
# Terraform refuses the plan if the state or the provider has changed since. TERRAFORM=tofu uses OpenTofu.
set -euo pipefail

terraform=${TERRAFORM:-terraform}
cd "$1"
"$terraform" init -input=false -no-color -lockfile=readonly
"$terraform" apply -input=false -no-color -lock-timeout=300s plan.bin
rm -f plan.bin plan.txt plan.json findings.txt comment.md
