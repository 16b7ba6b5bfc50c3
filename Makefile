# "make test" is what has to pass. Each step is a target of its own; the first that fails ends it.
.PHONY: help test quick need fmt types node vet tidy fix staticcheck tools unit browser fuzz generate shop bench
.NOTPARALLEL:

# A workspace around this repository must not change what is built.
export GOWORK := off

# The root module first, then the nested ones, which keep what only we need out of users' go.sum.
MODULES := $(sort $(patsubst %/go.mod,%,$(shell find . -name go.mod -not -path './node_modules/*' -not -path '*/testdata/*')))
NESTED := $(filter-out . ./internal/tools,$(MODULES))

# $(call each,<modules>,<command>) runs the command for every $$module. $$race is how its code is built: all but our tools is checked with the flag that it is tested
# with, since to compile dependencies a second time without it would take longer than all checks.
each = @for module in $(1); do race=-race; [ $$module != ./internal/tools ] || race=; echo "$@: $$module"; $(2) || exit 1; done

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 14

# What fails soonest comes first.
STEPS := fmt types node vet tidy fix staticcheck tools unit browser fuzz

test: need ## run every check and test, and say how long each step took
	@for step in $(STEPS); do \
		begin=$$(date +%s); $(MAKE) --no-print-directory $$step || { echo "failed: make $$step" >&2; exit 1; }; \
		took="$$took $$step $$(($$(date +%s) - begin)) s,"; \
	done; echo "ok:$${took%,}"

# Go runs again what depends on what has changed, and nothing else.
quick: fmt types node ## for everyday work: format, types, vet, TypeScript tests, and Go tests of the root module as far as something has changed
	go vet -race ./...
	go test -race ./...

need: ## install, or name, the programs that "make test" uses
	@scripts/need

fmt: ## is all Go code formatted?
	@unformatted=$$(find . -name '*.go' -not -path './node_modules/*' -exec gofmt -l {} +); \
	if [ -n "$$unformatted" ]; then echo "gofmt -w $$unformatted" >&2; exit 1; fi

node_modules/.package-lock.json: package.json package-lock.json .npmrc
	npm ci --no-progress

types: node_modules/.package-lock.json ## check the TypeScript
	npm run --silent check

node: node_modules/.package-lock.json ## all TypeScript tests
	@npm test --silent || { echo "alone:  node --import tsx --test <file>" >&2; exit 1; }

vet: ## go vet; does everything build?
	$(call each,$(MODULES),go -C $$module vet $$race ./...)

tidy: ## do go.mod and go.sum list exactly what is needed?
	$(call each,$(MODULES),go -C $$module mod tidy -diff)

fix: ## is everything written in the idiom of the Go version in go.mod?
	$(call each,$(MODULES),go -C $$module fix $$race -diff ./...)

staticcheck: ## staticcheck
	$(call each,$(MODULES),(program=$$(go tool -modfile=internal/tools/go.mod -n staticcheck) && cd $$module && GOFLAGS=$$race "$$program" ./...))

tools: ## are bundles and licences fresh? can other modules use this one?
	@scripts/gotest ./internal/tools ./...

unit: ## all Go tests but those of nested modules
	@scripts/gotest . -race ./...

browser: node_modules/.package-lock.json ## tests in Chromium, Firefox and WebKit, and those of the other nested modules
	$(call each,$(NESTED),scripts/gotest $$module $$race ./...)

fuzz: ## every fuzz target, 3 s each
	scripts/fuzz 3s

generate: node_modules/.package-lock.json ## make everything that is generated anew
	go generate ./...
	npm run --silent types

shop: ## run the example shop
	go run ./examples/shop

bench: ## all benchmarks
	go test -run '^$$' -bench . -benchmem ./...
	go -C internal/bench run .
