#!/usr/bin/env bash
# Checks a plan with checkov: checkov.sh plan.json [ARGUMENT…], of `terraform show -json`. checkov gets the arguments.
#
# checkov takes a value that is not known yet for the name of the object that it comes from. It judges some of these
# names as if they were values, and omits the result of others. So it is given the plan without the configuration, and
# told which values are not known.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
plan=$1
shift

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 - "$plan" >"$folder/plan.json" <<'EOF'
import json, sys

with open(sys.argv[1], encoding="utf-8") as file:
    plan = json.load(file)
plan.pop("configuration", None)
json.dump(plan, sys.stdout)
EOF

EVAL_TF_PLAN_AFTER_UNKNOWN=1 "${CHECKOV:-checkov}" --file "$folder/plan.json" --framework terraform_plan \
    --external-checks-dir "$here/checkov" --check 'CKV2_ELASTICACHE_*' --compact --quiet --skip-download "$@"
