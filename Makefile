# Everything here needs Go and make; the tests and clusters build or install the rest themselves.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
MAKEFLAGS += --no-print-directory
# Recipes are short scripts: V=1 prints them.
$(V).SILENT:
.DEFAULT_GOAL := help

# The operator's image, as config/manager names it, and its version.
IMG ?= ghcr.io/dittofs/dittofs-operator:dev
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# The server that all suites run, and the one that they change to: a stand-in replaces both where
# there is no registry.
export DITTOFS_IMAGE ?= marmos91c/dittofs:v0.29.0
export DITTOFS_IMAGE_NEXT ?= marmos91c/dittofs:v0.29.1
# The test cluster: several of them live side by side by name.
NAME ?= dev
NODES ?= 1
# The cluster of a whole end-to-end run. Two runs at once need two names.
E2E ?= e2e

# One set of flags for binaries, tests and linters, and for the cluster's own parts, so that each
# package is compiled once. CGO_ENABLED=1 is for GOTESTFLAGS=-race.
export CGO_ENABLED ?= 0
override GOFLAGS := $(filter-out -trimpath -buildvcs=false,$(GOFLAGS)) -trimpath -buildvcs=false
export GOFLAGS

CLUSTER = go run ./test/cluster
BUILD = CGO_ENABLED=0 go build
LDFLAGS = -s -w -X main.version=$(VERSION)
# Go modules with code of ours. A package without tests is left to build and lint.
MODULES = . test/dittofs-sim test/tools test/cluster/addons test/cluster/kube
TESTS = $(MODULES:%=%.test)
TESTED = go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./... | grep -v '/test/e2e$$'
# Sets KUBECONFIG to the test cluster, and PATH so that there is a kubectl.
USE_CLUSTER = export KUBECONFIG="$$($(CLUSTER) kubeconfig --path --name $(NAME))" PATH="$$($(CLUSTER) assets):$$PATH"

##@ Develop

.PHONY: help
help: ## list the targets
	awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  %-20s %s\n", $$1, $$2}' Makefile

.PHONY: build
build: ## build bin/manager and bin/kubectl-plan
	$(BUILD) -ldflags '$(LDFLAGS)' -o bin/ ./cmd/manager ./cmd/kubectl-plan

.PHONY: test
test: ## run all tests that need no cluster: unit, golden, property, envtest
	export KUBEBUILDER_ASSETS="$$($(CLUSTER) assets)"
	$(MAKE) --keep-going --jobs=2 --output-sync=target $(TESTS)

# One module's tests. The stand-in's mostly wait, so they run beside the operator's.
.PHONY: $(TESTS)
$(TESTS): %.test:
	cd $*
	packages="$$($(TESTED))"
	echo "== $*"
	go test -timeout 15m $(GOTESTFLAGS) $$packages

.PHONY: lint
lint: ## run golangci-lint over all modules
	lint="$$($(CLUSTER) assets --lint)" failed=0
	for module in $(MODULES); do
		echo "== $$module"
		packages=./...
		# Its main package only links all of Kubernetes, which would be read for that.
		if [ "$$module" = test/cluster/kube ]; then packages="./gen ./multicall"; fi
		(cd "$$module" && "$$lint" run --config "$(CURDIR)/.golangci.yml" $$packages) || failed=1
	done
	exit $$failed

.PHONY: generate
generate: ## write CRDs, the manager's role and the reference from operator-package
	go run ./cmd/kubectl-plan package crds operator-package -o config/crd
	go run ./cmd/kubectl-plan package rbac operator-package -o config/rbac
	go run ./cmd/kubectl-plan package docs operator-package -o docs/reference
	go run ./cmd/kubectl-plan package format -o docs/reference

.PHONY: verify
verify: generate ## fail when generated files, go.mod or go vet are not in order
	git diff --exit-code -- config docs/reference
	test -z "$$(git ls-files --others --exclude-standard -- config docs/reference | tee /dev/stderr)"
	for module in $(MODULES); do (cd $$module && go mod tidy -diff && go mod verify >/dev/null); done
	go vet ./...
	go run ./cmd/kubectl-plan package verify operator-package
	for overlay in default namespaced; do PATH="$$($(CLUSTER) assets):$$PATH" kubectl kustomize config/$$overlay >/dev/null; done

##@ Images

.PHONY: image
image: ## write the operator's image to dist/manager.tar (no container engine needed)
	$(BUILD) -ldflags '$(LDFLAGS)' -o dist/manager ./cmd/manager
	go run -C test/tools ./image -o $(CURDIR)/dist/manager.tar -t $(IMG) -user 65532:65532 -entrypoint /manager $(CURDIR)/dist/manager:/manager

.PHONY: image-sim
image-sim: ## write two versions of the test server to dist/dittofs-*.tar
	for version in v0.29.0 v0.29.1; do
		(cd test/dittofs-sim && $(BUILD) -ldflags "-s -w -X main.version=$${version#v}" -o $(CURDIR)/dist/dfs-$$version .)
		go run -C test/tools ./image -o $(CURDIR)/dist/dittofs-$$version.tar -t docker.io/marmos91c/dittofs:$$version \
			-user 65532:65532 -env HOME=/app -workdir /app -entrypoint /app/dfs \
			-cmd start -cmd --foreground -cmd --config -cmd /config/config.yaml $(CURDIR)/dist/dfs-$$version:/app/dfs
	done

.PHONY: docker-image
docker-image: ## build the same image with Docker
	docker build --build-arg VERSION=$(VERSION) -t $(IMG) .

##@ A real cluster on this machine (Debian, as root)

.PHONY: cluster-up
cluster-up: ## start a cluster, or what of it is missing (NAME=dev NODES=1)
	$(CLUSTER) up --name $(NAME) --nodes $(NODES)

.PHONY: cluster-down
cluster-down: ## stop the cluster and remove all that it made (NAME=dev)
	$(CLUSTER) down --name $(NAME)

.PHONY: cluster-kubeconfig
cluster-kubeconfig: ## print the cluster's kubeconfig (NAME=dev)
	$(CLUSTER) kubeconfig --name $(NAME)

.PHONY: load
load: image image-sim ## import the images into the cluster (NAME=dev)
	$(CLUSTER) load --name $(NAME) dist/manager.tar dist/dittofs-v0.29.0.tar dist/dittofs-v0.29.1.tar

.PHONY: install
install: ## install the operator from config/default and the loaded image (NAME=dev)
	$(USE_CLUSTER)
	operator="kubectl -n dittofs-system"
	build="$$(sha256sum dist/manager.tar | cut -c1-16)"
	before="$$($$operator get deployment dittofs-operator -o 'jsonpath={.metadata.annotations.dittofs\.io/build}' 2>/dev/null || true)"
	kubectl apply -k config/default
	$$operator annotate --overwrite deployment dittofs-operator dittofs.io/build="$$build"
	# Another build under the same tag asks for another Pod; the same one does not.
	if [ -n "$$before" ] && [ "$$before" != "$$build" ]; then $$operator rollout restart deployment dittofs-operator; fi
	$$operator rollout status deployment/dittofs-operator --timeout=120s

##@ See and prove it on that cluster

.PHONY: demo
demo: build ## from nothing to a served file, with the time that each stage takes (uses KUBECONFIG's cluster when set)
	go run ./test/demo -cluster $(NAME)

.PHONY: e2e
e2e: ## run the kuttl and Go suites on a cluster of their own (E2E=e2e), taken down at the end
	trap 'rc=$$?; if [ $$rc -ne 0 ]; then $(MAKE) -s logs NAME=$(E2E) || true; fi; $(MAKE) -s cluster-down NAME=$(E2E) || rc=1; exit $$rc' EXIT
	$(MAKE) cluster-up load install build NAME=$(E2E)
	$(MAKE) e2e-suites NAME=$(E2E)

.PHONY: e2e-suites
e2e-suites: ## run the same suites on a cluster that is up, with the operator installed (NAME=dev)
	$(USE_CLUSTER)
	failed=0
	go run ./test/kuttl || failed=1
	# A spec that a busy machine upset is tried once more, and shown as flaked.
	go test -count=1 -timeout 25m $(GOTESTFLAGS) ./test/e2e/... -ginkgo.flake-attempts=2 || failed=1
	exit $$failed

.PHONY: bench
bench: image ## measure against the lower bound and write bench/results.json
	assets="$$($(CLUSTER) assets)"
	KUBEBUILDER_ASSETS="$$assets" go run ./test/bench -o bench/results.json

.PHONY: logs
logs: ## keep what explains a failure of the cluster's suites in dist/logs (NAME=dev)
	$(USE_CLUSTER)
	mkdir -p dist/logs
	kubectl -n dittofs-system logs deployment/dittofs-operator --tail=-1 >dist/logs/manager.log || true
	kubectl get dittofses,statefulsets,pods,pvc,services,controllerrevisions -A -o yaml >dist/logs/objects.yaml || true
	kubectl get events -A --sort-by=.metadata.creationTimestamp >dist/logs/events.txt || true
	cp "$$(dirname "$$KUBECONFIG")"/node*/logs/*.log dist/logs/ || true
	echo "kept in dist/logs: $$(ls dist/logs | tr '\n' ' ')"
