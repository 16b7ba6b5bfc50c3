# "make test" is what has to pass. Each step is a target of its own; the first that fails ends it.
.PHONY: help test need fmt vet tidy fix staticcheck unit tools fuzz types node browser examples generate shop bench
.NOTPARALLEL:

# A workspace around this repository must not change what is built.
export GOWORK := off

# The root module first, then the nested ones, which keep what only we need out of users' go.sum.
MODULES := $(sort $(patsubst %/go.mod,%,$(shell find . -name go.mod -not -path './node_modules/*' -not -path '*/testdata/*')))
# Modules whose tests start nothing that could race but what the root module's tests start as well; to build frameworks a second time takes long.
WIRING := $(filter ./examples/% ./internal/bench,$(MODULES))
NESTED := $(filter-out . ./internal/tools $(WIRING),$(MODULES))

# $(call each,<modules>,<command>) runs the command in every one of the modules.
each = @for module in $(1); do echo "$$module: $(2)"; (cd $$module && $(2)) || exit 1; done

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 14

test: need fmt vet tidy fix staticcheck unit tools fuzz types node browser examples ## run every check and test
	@echo ok

need: ## install, or name, the programs that "make test" uses
	@scripts/need

fmt: ## is all Go code formatted?
	@unformatted=$$(find . -name '*.go' -not -path './node_modules/*' -exec gofmt -l {} +); \
	if [ -n "$$unformatted" ]; then echo "gofmt -w $$unformatted" >&2; exit 1; fi

vet: ## go vet
	$(call each,$(MODULES),go vet ./...)

tidy: ## do go.mod and go.sum list exactly what is needed?
	$(call each,$(MODULES),go mod tidy -diff)

fix: ## is everything written in the idiom of the Go version in go.mod?
	$(call each,$(MODULES),go fix -diff ./...)

staticcheck: ## staticcheck
	$(call each,$(MODULES),go tool -modfile=$(CURDIR)/internal/tools/go.mod staticcheck ./...)

unit: ## all Go tests but those of nested modules
	go test -race -shuffle=on ./...

tools: ## are bundles and licences fresh? can other modules use this one?
	go -C internal/tools test -shuffle=on ./...

fuzz: ## every fuzz target, 3 s each
	scripts/fuzz 3s

node_modules/.package-lock.json: package.json package-lock.json .npmrc
	npm ci --no-progress

types: node_modules/.package-lock.json ## check the TypeScript
	npm run --silent check

node: node_modules/.package-lock.json ## all TypeScript tests
	npm test --silent

browser: node_modules/.package-lock.json ## tests in Chromium, Firefox and WebKit, and those of the other nested modules
	$(call each,$(WIRING),go test -shuffle=on ./...)
	$(call each,$(NESTED),go test -race -shuffle=on ./...)

examples: ## do all examples build?
	$(call each,$(MODULES),go build -o /dev/null ./...)

generate: node_modules/.package-lock.json ## make everything that is generated anew
	go generate ./...
	npm run --silent types

shop: ## run the example shop
	go run ./examples/shop

bench: ## all benchmarks
	go test -run '^$$' -bench . -benchmem ./...
	go -C internal/bench run .
