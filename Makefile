# `make` alone lists what there is to make.

SHELL := /bin/sh
.DEFAULT_GOAL := help

NAME    := terraform-provider-elasticache
SOURCE  := $(shell sed -n 's/^pub const SOURCE: .* = "\(.*\)";/\1/p' src/provider/mod.rs)
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
TARGET  := $(or $(CARGO_TARGET_DIR),target)
PYTHON  ?= python3
VENV    := target/venv
CHECKOV_VENV := target/checkov
TOFUSOUP_VENV := target/tofusoup
MORE_CLIENTS := target/more-clients

# Go's names for this machine, as Terraform writes them.
OS   := $(shell uname -s | tr '[:upper:]' '[:lower:]')
ARCH := $(shell uname -m | sed 's/^x86_64$$/amd64/; s/^aarch64$$/arm64/; s/^i.86$$/386/; s/^armv.*$$/arm/')

# Where `terraform init` looks of its own accord. On Windows the directory is
# %APPDATA%\terraform.d\plugins and the file ends in .exe: copy it by hand.
PLUGIN_DIR ?= $(HOME)/.terraform.d/plugins
INSTALLED  := $(SOURCE)/$(VERSION)/$(OS)_$(ARCH)/$(NAME)_v$(VERSION)

# A source without a host means the first in Terraform and the second in OpenTofu.
REGISTRIES := registry.terraform.io registry.opentofu.org

# BINARY=path installs that file and builds nothing.
BINARY ?= $(TARGET)/release/$(NAME)

on = $(filter-out 0 no false,$($(1)))
DEMO_PROFILE := $(if $(call on,RELEASE),release,debug)
DEMO_MIRROR  := target/demo/mirror
DEMO         := $(PYTHON) examples/demo/demo.py

# Compiles of the SDKs only what is used. Empty, which means none, without a Bash that keeps all variables.
export RUSTC_WRAPPER ?= $(if $(shell env 'a-b=c' bash -c env 2>/dev/null | grep '^a-b=c$$'),$(CURDIR)/.ci/rustc-sdks-in-part)

# Nothing here calls the AWS of the user: what a test runs in its own process must not find the user's settings.
unexport $(filter-out AWS_LC_%,$(filter AWS_%,$(.VARIABLES)))

# What the tests need to know: where the programs of the local AWS are.
export LOCAL_AWS_VENV := $(CURDIR)/$(VENV)
NEXTEST  := $(shell command -v cargo-nextest 2>/dev/null)
BUILD_TESTS := cargo $(if $(NEXTEST),nextest run,test) --no-run
RUN_TESTS := $(if $(NEXTEST),cargo nextest run --no-fail-fast,cargo test --no-fail-fast)

# Most of a test's time is waiting: for a poll to be due, and for Terraform and its providers to
# start each other. So several tests share a core.
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
THREADS := $(shell echo $$(($(CORES) * 4)))
export RUST_TEST_THREADS ?= $(THREADS)
export NEXTEST_TEST_THREADS ?= $(THREADS)

# Behind a shim of asdf or mise, the program itself: the demo and the tests replace the HOME by which a shim finds it.
override TERRAFORM := $(or $(shell sh tests/terraform.sh $(TERRAFORM)),$(TERRAFORM))
ifneq ($(TERRAFORM),)
export TERRAFORM
endif

# The oldest Terraform with which each of them runs; every version of OpenTofu will do for the demo.
DEMO_TERRAFORM := 1.5
TEST_TERRAFORM := 1.11

.PHONY: help
help: ## List the targets
	@echo "$(NAME) $(VERSION)"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: build
build: need-cargo ## Build the provider, quickly (debug)
	cargo build --bin $(NAME)

.PHONY: release
release: need-cargo ## Build the provider, small and fast (release)
	cargo build --release --locked --bin $(NAME)

.PHONY: install
install: $(if $(filter file,$(origin BINARY)),release) ## Build the release and install it where `terraform init` finds it
	@$(MAKE) --no-print-directory copy-plugin
	@printf '%s\n' "$$HOW_TO_USE"

.PHONY: demo
demo: $(if $(EXAMPLE),demo-example,demo-module) ## Apply a real module against a local AWS; KEEP=1 leaves it running, RELEASE=1 uses the release build, EXAMPLE=name applies examples/name against the simulated AWS

.PHONY: demo-module
demo-module:
	@$(need) rust cc python glibc terraform:$(DEMO_TERRAFORM)
	@$(DEMO) check
	@$(call while_installing,$(VENV)/.local-aws) $(MAKE) --no-print-directory $(if $(filter release,$(DEMO_PROFILE)),release,build); $(wait_for_both)
	@rm -rf $(DEMO_MIRROR)
	@$(MAKE) --no-print-directory copy-plugin DESTDIR= PLUGIN_DIR=$(DEMO_MIRROR) BINARY=$(TARGET)/$(DEMO_PROFILE)/$(NAME)
	@$(DEMO) run $(if $(call on,KEEP),--keep)

.PHONY: demo-example
demo-example:
	@$(need) rust cc python terraform:$(DEMO_TERRAFORM)
	@cargo build --bin $(NAME) --example simulator
	@$(MAKE) --no-print-directory copy-plugin DESTDIR= PLUGIN_DIR=$(DEMO_MIRROR) BINARY=$(TARGET)/debug/$(NAME)
	@$(PYTHON) examples/demo/simulated.py $(EXAMPLE) --simulator $(TARGET)/debug/examples/simulator

.PHONY: demo-stop
demo-stop: ## Stop a demo that KEEP=1 left running
	@$(need) python
	@$(DEMO) stop

.PHONY: clean-demo
clean-demo: demo-stop ## Stop the demo and delete its files
	rm -rf target/demo

.PHONY: simulator
simulator: need-cargo ## Run the simulated AWS of the tests, to play with; PORT=n, SCALE=simulated seconds in a real one
	cargo run --quiet --example simulator -- $(if $(PORT),--port $(PORT)) $(if $(SCALE),--scale $(SCALE))

.PHONY: fmt
fmt: need-lints ## Format the code
	cargo fmt

.PHONY: lint
lint: need-lints ## Check format, lints, and dependencies
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings
	@$(need) python
	@$(PYTHON) .ci/dist dependencies

# Clippy is the compiler here, as it is within `cargo clippy`: what it passes is what is run, and the
# SDKs are not compiled once to be run and once more to be checked, which takes minutes.
AS_CLIPPY := RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-Dwarnings__CLIPPY_HACKERY__

.PHONY: test
test: need-all test-scripts ## Check format and lints, and run every test, those with Terraform and a local AWS too
	cargo fmt --check
	@$(call while_installing,venv checkov tofusoup) $(AS_CLIPPY) $(BUILD_TESTS); $(wait_for_both)
	$(AS_CLIPPY) $(RUN_TESTS)

.PHONY: check
check: need-lints ## Check format and lints, and run the unit tests: what to run after each edit
	cargo fmt --check
	$(AS_CLIPPY) $(RUN_TESTS) --lib --bins

.PHONY: testacc
testacc: need-all venv ## Run the tests of one resource or area under Terraform; RESOURCE=replication_group
	$(AS_CLIPPY) $(if $(NEXTEST),cargo nextest run --test acceptance -E 'test(/$(RESOURCE)/)',cargo test --test acceptance -- $(RESOURCE))

.PHONY: chaos
chaos: need-all venv ## Run every proof of docs/RELIABILITY.md whole and print its table; PROOF=death runs one, ONLY=text keeps the cells of the matrix whose name contains it
	$(if $(ONLY),CHAOS_ONLY="$(ONLY)") cargo test --test acceptance -- --ignored --test-threads=1 chaos::$(PROOF)

.PHONY: test-unit
test-unit: need-cargo ## Run the tests that need neither Terraform nor a local AWS
	$(RUN_TESTS) --lib --bins

.PHONY: bench
bench: $(if $(filter ministack,$(AWS)),venv) $(if $(filter file,$(origin BINARY)),release) ## Measure the release build; PEER=paths of hashicorp/aws to compare, PARTS=growth,latency SIZES=1,10,50,200 RUNS=5 SCALE=2 AWS=ministack
	@$(need) rust cc python terraform:$(TEST_TERRAFORM)
	cargo build --example simulator
	@$(PYTHON) tests/bench/bench.py --binary $(BINARY) --simulator $(TARGET)/debug/examples/simulator \
		$(if $(PEER),--peer $(PEER)) $(if $(AWS),--aws $(AWS)) $(if $(PARTS),--parts $(PARTS)) $(if $(SIZES),--sizes $(SIZES)) \
		$(if $(RUNS),--runs $(RUNS)) $(if $(SCALE),--scale $(SCALE))

.PHONY: bench-build
bench-build: need-cargo ## Measure the build itself; PARTS=debug,release,edit,check AGAINST=commit to compare with
	@$(need) python
	$(PYTHON) tests/bench/build.py $(if $(PARTS),--parts $(PARTS)) $(if $(AGAINST),--against $(AGAINST))

.PHONY: venv
venv: $(VENV)/.clients ## Install the local AWS and the clients of the tests in target/venv

$(VENV)/.local-aws: tests/local_aws/requirements.txt tests/local_aws/venv.sh
	@$(need) python glibc
	@PYTHON=$(PYTHON) sh tests/local_aws/venv.sh create $(VENV) $<
	@touch $@

$(VENV)/.clients: tests/acceptance/clients/requirements.txt $(VENV)/.local-aws
	@sh tests/local_aws/venv.sh add $(VENV) $<
	@touch $@

# Its packages are compiled, and a new Python may have none of them: the tests of the policies do without it.
.PHONY: checkov
checkov: ## Install checkov, which checks the example policies, in target/checkov
	@$(MAKE) --no-print-directory $(CHECKOV_VENV)/.installed || echo "checkov is not installed: its tests say that they are skipped" >&2

$(CHECKOV_VENV)/.installed: tests/acceptance/policies/requirements.txt tests/local_aws/venv.sh
	@$(need) python
	@PYTHON=$(PYTHON) sh tests/local_aws/venv.sh create $(CHECKOV_VENV) $<
	@touch $@

.PHONY: tofusoup
tofusoup: ## Install tofusoup, a client of the protocol besides Terraform, in target/tofusoup
	@$(MAKE) --no-print-directory $(TOFUSOUP_VENV)/.installed || echo "tofusoup is not installed: its test says that it is skipped" >&2

$(TOFUSOUP_VENV)/.installed: tests/acceptance/module_compatibility/tofusoup/requirements.txt tests/local_aws/venv.sh
	@$(need) python
	@PYTHON=$(PYTHON) sh tests/local_aws/venv.sh create $(TOFUSOUP_VENV) $<
	@touch $@

# Not with `make test`, because compilers and package managers of three languages take minutes.
.PHONY: more-clients
more-clients: ## Install ioredis, go-redis and Lettuce, clients besides those of Python, in target/more-clients
	@for client in ioredis go_redis lettuce; do \
		$(MAKE) --no-print-directory $(MORE_CLIENTS)/$$client/.installed || \
			echo "$$client is not installed: its tests say that they are skipped" >&2; \
	done

.SECONDEXPANSION:
$(MORE_CLIENTS)/%/.installed: tests/acceptance/clients/apps/install.sh $$(wildcard tests/acceptance/clients/apps/$$*/*)
	@sh $< $* $(@D)
	@touch $@

# pip waits for the network and cargo for the processor, so they run side by side.
while_installing = $(MAKE) --no-print-directory $(1) & venv=$$!;
wait_for_both = built=$$?; wait $$venv && exit $$built

# Copied beside its place and then moved there, so that a provider in use keeps its file.
.PHONY: copy-plugin
copy-plugin:
	@set -e; for registry in $(REGISTRIES); do \
		file="$(DESTDIR)$(PLUGIN_DIR)/$$registry/$(INSTALLED)"; \
		mkdir -p "$${file%/*}"; \
		cp "$(BINARY)" "$$file.new"; \
		chmod 755 "$$file.new"; \
		mv -f "$$file.new" "$$file"; \
	done

# One line that says what is missing and how to get it.
need := PYTHON=$(PYTHON) sh tests/need.sh

.PHONY: need-cargo
need-cargo:
	@$(need) rust cc

.PHONY: need-lints
need-lints:
	@$(need) rust lints cc

.PHONY: need-all
need-all:
	@$(need) rust lints cc python glibc terraform:$(TEST_TERRAFORM)

define HOW_TO_USE
Installed $(NAME) $(VERSION) for Terraform and OpenTofu in $(DESTDIR)$(PLUGIN_DIR)

Paste this into your configuration, then run terraform init (or tofu init):

terraform {
  required_providers {
    elasticache = {
      source  = "$(SOURCE)"
      version = "$(VERSION)"
    }
  }
}

If .terraform.lock.hcl pins another build of this version, delete its entry first.
If your CLI configuration has a provider_installation block, or PLUGIN_DIR is another directory, that block needs:

  filesystem_mirror {
    path    = "$(DESTDIR)$(PLUGIN_DIR)"
    include = ["$(SOURCE)"]
  }
endef
export HOW_TO_USE

# What compiles a release beside Rust: Zig as C compiler and linker, and the program that puts the
# list of dependencies into each binary.
DIST_TOOLS      := target/dist-tools
DIST_PROFILE    := release
CARGO_AUDITABLE := 0.7.7
DIST := PATH="$(abspath $(DIST_TOOLS))/bin:$$PATH" $(PYTHON) .ci/dist

# BINARIES=folder packages the binaries of that folder (linux_amd64/NAME, …) and builds nothing.
BINARIES ?= target/dist/binaries

BUILDS_DIST := $(filter file,$(origin BINARIES))
DIST_PLATFORMS = $(if $(PLATFORMS),--platforms "$(PLATFORMS)")
DIST_SIGN = $(if $(GPG_KEY),--sign "$(GPG_KEY)")

.PHONY: dist
dist: dist-check $(if $(BUILDS_DIST),dist-binaries) ## Build and package a release in target/dist; PLATFORMS="linux_amd64 …", GPG_KEY=… to sign, MIRROR=DIR to add it to that mirror
	@$(DIST) package --source $(SOURCE) --binaries "$(BINARIES)" --output target/dist \
		$(if $(MIRROR),--mirror "$(MIRROR)") $(DIST_PLATFORMS) $(DIST_SIGN)

# Compiling the tools takes minutes, so what is missing is found before.
.PHONY: dist-check
dist-check:
	@$(need) $(if $(BUILDS_DIST),rust cc) python
	@$(DIST) check $(if $(BUILDS_DIST),--build) $(DIST_PLATFORMS) $(DIST_SIGN)

.PHONY: dist-binaries
dist-binaries: dist-check dist-tools
	@$(DIST) build --profile $(DIST_PROFILE) --binaries "$(BINARIES)" $(DIST_PLATFORMS)

.PHONY: dist-test
dist-test: dist-check dist-tools ## Build a release twice, compare, and start it in an empty root; takes some minutes
	@$(DIST) prove --tools $(DIST_TOOLS)

.PHONY: dist-tools
dist-tools: $(DIST_TOOLS)/.made

.PHONY: version
version:
	@echo $(VERSION)

$(DIST_TOOLS)/.made: .ci/dist/requirements.txt tests/local_aws/venv.sh | dist-check
	$(if $(filter darwin,$(OS)),,@PYTHON=$(PYTHON) sh tests/local_aws/venv.sh create $(DIST_TOOLS) $<)
	cargo install --quiet --locked --root $(DIST_TOOLS) cargo-auditable@$(CARGO_AUDITABLE)
	@touch $@

.PHONY: test-scripts
test-scripts: ## Test the release scripts
	@$(need) python
	$(PYTHON) -B -m unittest discover --start-directory .ci/dist/tests --top-level-directory .ci/dist

.PHONY: generate docs
docs: generate
generate: need-cargo ## Write the reference pages under docs/ from the schemas and examples
	UPDATE_DOCS=1 cargo test --quiet --test docs
