#!/bin/sh
# Installs Python packages for the demo, the tests and the tools of a release:
#
#   venv.sh create DIRECTORY FILE   in a new virtual environment; PYTHON names another Python than python3
#   venv.sh add DIRECTORY FILE      in an existing one
#
# FILE lists the packages. tests/need.sh checks Python.
set -eu

action=$1
venv=$2
requirements=$3
python=${PYTHON:-python3}
log=$venv.log

fail() {
    printf '%s\n' "$@" "The end of $log:" >&2
    tail -n 30 "$log" >&2
    rm -rf "$venv"
    exit 1
}

echo "Installing the packages of $requirements in $venv, once"
if [ "$action" = create ]; then
    mkdir -p "$(dirname "$venv")"
    rm -rf "$venv"
    "$python" -m venv "$venv" >"$log" 2>&1 || { rm -rf "$venv"; "$python" -m virtualenv "$venv" >>"$log" 2>&1; } ||
        fail "Missing: a working venv module of $python. Get it: on Debian or Ubuntu, apt-get install python3-venv"
fi

# The files list what each package needs too, so pip need not find that out.
"$venv/bin/python" -m pip install --disable-pip-version-check --no-deps --requirement "$requirements" >"$log" 2>&1 ||
    fail "Missing: a package of $requirements. pip must reach PyPI or a mirror of it: set PIP_INDEX_URL, or HTTPS_PROXY behind a proxy, and PIP_CERT if the proxy has its own certificate"

"$venv/bin/python" -m pip check --disable-pip-version-check >>"$log" 2>&1 ||
    fail "Missing: a package that another one in $requirements needs. Add it there"
