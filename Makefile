# Sets up whatever is missing, then builds, runs or tests. The scripts are in .make/.

.PHONY: help serve test attack audit size bench setup clean
.DEFAULT_GOAL := help

help:
	@echo "make serve   set up, build for release, run on http://localhost:5000"
	@echo "make test    set up, then format, lints, documentation, tests of Rust, in a browser and by other clients, attacks"
	@echo "make attack  attack the program in thousands of ways (a small part of it is in make test)"
	@echo "make audit   licences, sources and known flaws of the dependencies, and whether each is used"
	@echo "make size    what a visitor downloads, and whether that is within its limits"
	@echo "make bench   CPU beside bare axum, memory, growth, presses and Lighthouse, as a table; a quarter of an hour"
	@echo "make setup   only install what is missing"
	@echo "make clean   remove what was built in this clone"

serve test attack audit size bench setup:
	@.make/run $@

clean:
	rm -rf target end2end/node_modules end2end/test-results end2end/playwright-report
