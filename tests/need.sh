#!/bin/sh
# Checks that what the build, the demo, or the tests need is installed: need.sh NAME...
#
#   rust               cargo, and the rust-version of Cargo.toml
#   lints              rustfmt and Clippy
#   cc                 a C compiler that builds programs, for rustc's linker and for AWS-LC
#   python             Python 3.11 with venv; PYTHON names the command
#   glibc              on Linux glibc 2.28, for which the packages of the demo and the tests are built
#   terraform:VERSION  that version of Terraform, or OpenTofu; TERRAFORM names the command
#
# The first line of output says what is missing and how to get it; the exit code is then 1.
set -u

missing() {
    printf '%s\n' "Missing: $1" >&2
    shift
    [ $# -eq 0 ] || printf '%s\n' "$@" >&2
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# at_least MINIMUM VERSION: compares major and minor version.
at_least() {
    minimum=$1
    version=$2
    major=${version%%.*}
    rest=${version#*.}
    minor=${rest%%[!0-9]*}
    [ "$major" -gt "${minimum%%.*}" ] || { [ "$major" -eq "${minimum%%.*}" ] && [ "$minor" -ge "${minimum#*.}" ]; }
}

need_rust() {
    minimum=$(sed -n 's/^rust-version = "\([0-9]*\.[0-9]*\).*"/\1/p' "$root/Cargo.toml")
    has cargo || missing "Rust $minimum or newer (cargo is not on the PATH). Get it from https://rustup.rs"
    output=$(cd "$root" && rustc --version 2>&1) || missing \
        "a working Rust toolchain (rustc does not start). Get it with: rustup toolchain install, in this clone" "$output"
    version=${output#*rustc }
    at_least "$minimum" "$version" || missing \
        "Rust $minimum or newer (this is ${version%% *}). Get it with: rustup update, or from https://rustup.rs"
}

need_lints() {
    for command in "cargo fmt" clippy-driver; do
        output=$(cd "$root" && $command --version 2>&1) || missing \
            "rustfmt and Clippy ($command does not start). Get them with: rustup component add rustfmt clippy" "$output"
    done
}

need_cc() {
    get="Get one: on Debian or Ubuntu, apt-get install build-essential; on Fedora, dnf install gcc; on macOS, xcode-select --install"
    has cc || missing "a C compiler (cc is not on the PATH). $get"
    directory=$(mktemp -d)
    printf '#include <stdlib.h>\nint main(void) { return EXIT_SUCCESS; }\n' >"$directory/main.c"
    output=$(cc "$directory/main.c" -o "$directory/main" 2>&1)
    status=$?
    rm -rf "$directory"
    [ "$status" -eq 0 ] || missing "a C compiler that builds programs (cc fails). $get" "$output"
}

need_python() {
    python=${PYTHON:-python3}
    debian="on Debian or Ubuntu, apt-get install python3 python3-venv; on Fedora, dnf install python3; on macOS, brew install python3"
    other="If it has another name here: make PYTHON=that-name"
    has "$python" || missing "Python 3.11 or newer ($python is not on the PATH). Get it: $debian. $other"
    output=$("$python" --version 2>&1) || missing "Python 3.11 or newer ($python does not start). Get it: $debian" "$output"
    at_least 3.11 "${output#Python }" || missing \
        "Python 3.11 or newer ($python is ${output#Python }). Get it from your system's packages. $other"
    "$python" -c 'import ensurepip, venv' 2>/dev/null || "$python" -c 'import virtualenv' 2>/dev/null || missing \
        "Python's venv module, or virtualenv. Get it: on Debian or Ubuntu, apt-get install python3-venv"
}

need_glibc() {
    [ "$(uname -s)" = Linux ] || return 0
    library=$("${PYTHON:-python3}" -c 'import os; print(os.confstr("CS_GNU_LIBC_VERSION"))' 2>/dev/null)
    case $library in
        glibc*) at_least 2.28 "${library#glibc }" && return ;;
        *) library="another C library, such as musl on Alpine" ;;
    esac
    missing "glibc 2.28 or newer (Python uses $library). The Valkey server of the demo and the tests needs it: use a machine or a container with Debian, Ubuntu or Fedora"
}

need_terraform() {
    minimum=$1
    get="Get one from https://developer.hashicorp.com/terraform/install or https://opentofu.org/docs/intro/install"
    program=${TERRAFORM:-}
    if [ -n "$program" ]; then
        has "$program" || missing "Terraform or OpenTofu (TERRAFORM names $program, which does not exist). $get"
    elif has terraform; then
        program=terraform
    elif has tofu; then
        program=tofu
    else
        missing "Terraform $minimum or newer, or OpenTofu (neither terraform nor tofu is on the PATH). $get"
    fi
    output=$(CHECKPOINT_DISABLE=1 TF_CLI_CONFIG_FILE=/dev/null "$program" version 2>&1) || missing \
        "a working Terraform or OpenTofu ($program does not start). $get" "$output"
    version=${output%%
*}
    case $program in
        /*) ;;
        */*) program=$PWD/$program ;;
    esac
    home=$(mktemp -d)
    output=$(cd "$home" && env -i PATH="$PATH" HOME="$home" CHECKPOINT_DISABLE=1 "$program" version 2>&1)
    status=$?
    rm -rf "$home"
    [ "$status" -eq 0 ] || missing \
        "a $program that starts with another HOME, as the demo and the tests have it. Behind a version manager, name the program itself: TERRAFORM=\$(asdf which terraform), or ~/.tenv/Terraform/VERSION/terraform" "$output"
    at_least "$minimum" "${version##* v}" || missing "Terraform $minimum or newer, or OpenTofu (this is $version). $get"
}

root=$(cd "$(dirname "$0")/.." && pwd)
for name in "$@"; do
    case $name in
        terraform:*) need_terraform "${name#*:}" ;;
        rust | lints | cc | python | glibc) "need_$name" ;;
        *) missing "a check named $name in $0" ;;
    esac
done
