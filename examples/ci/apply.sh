#!/usr/bin/env bash
# Applies the plan that plan.sh left: what was reviewed, and nothing else. Usage: apply.sh FOLDER.
#
# Terraform refuses the plan when the state, or the provider's bytes, are not those it was made with.
set -euo pipefail

cd "$1"
terraform init -input=false -no-color -lockfile=readonly
terraform apply -input=false -no-color -lock-timeout=300s plan.bin
rm -f plan.bin plan.json
