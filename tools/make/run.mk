# run.mk - installing and serving.

.PHONY: deps run
deps: ## install what building, running and testing need (root or sudo)
	@tools/deps run build test

run: ## the whole way to http://localhost:8080 with demo data; PORT=, DATA=, DEV=1
	@PORT='$(PORT)' DATA='$(DATA)' DEV='$(DEV)' tools/run
