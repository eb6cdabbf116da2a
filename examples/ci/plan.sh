#!/usr/bin/env bash
# Plans, shows the plan, and checks it. Usage: plan.sh FOLDER; writes FOLDER/plan.bin, .txt and .json.
#
# Nothing in the text varies from run to run, so that it can be compared.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cd "$1"

# The lock file is checked in: another build of the provider than the one it names is an error.
terraform init -input=false -no-color -lockfile=readonly
terraform plan -input=false -no-color -lock-timeout=300s -out=plan.bin
terraform show -no-color plan.bin > plan.txt
terraform show -json plan.bin > plan.json
python3 "$here/policy/check.py" plan.json
