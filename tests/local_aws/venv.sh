#!/bin/sh
# Creates the virtual environment of the demo and the tests: venv.sh DIRECTORY
# PYTHON names another Python than python3; tests/need.sh checks it.
set -eu

requirements=$(dirname "$0")/requirements.txt
venv=$1
python=${PYTHON:-python3}
log=$venv.log

fail() {
    printf '%s\n' "$@" "What pip said:" >&2
    tail -n 30 "$log" >&2
    rm -rf "$venv"
    exit 1
}

echo "Installing the local AWS and the clients of the tests in $venv, once"
mkdir -p "$(dirname "$venv")"
rm -rf "$venv"
"$python" -m venv "$venv" >"$log" 2>&1 || { rm -rf "$venv"; "$python" -m virtualenv "$venv" >>"$log" 2>&1; } ||
    fail "Missing: a working venv module of $python. Get it: on Debian or Ubuntu, apt-get install python3-venv"

"$venv/bin/python" -m pip install --disable-pip-version-check --requirement "$requirements" >"$log" 2>&1 ||
    fail "Missing: one of the packages of $requirements. pip must reach PyPI or a mirror of it: set PIP_INDEX_URL, or HTTPS_PROXY behind a proxy, and PIP_CERT if the proxy has its own certificate"
