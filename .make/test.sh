# Everything that is checked, the quick checks first.
# shellcheck shell=bash

# `frontend` exists in the browser only, and turns a feature of `app` on that does
# not go together with the server's: the commands for this machine leave it out.
native=(--workspace --exclude frontend)

format() { run cargo fmt --all --check; }

lint_native() { run cargo clippy --quiet "${native[@]}" --all-targets -- -D warnings; }

lint_wasm() { run cargo clippy --quiet -p frontend --target wasm32-unknown-unknown -- -D warnings; }

docs() {
	RUSTDOCFLAGS=-Dwarnings run cargo doc --quiet "${native[@]}" --no-deps --document-private-items
}

rust_tests() { run cargo test "${native[@]}" 2>&1 | tee target/rust-tests.log; }

browser_tests() {
	(cd end2end && run npx playwright test) 2>&1 | tee target/browser-tests.log
}

# The sandbox is the one that the Rust tests built.
client_tests() {
	(cd end2end && run node clients/run.mjs) 2>&1 | tee target/client-tests.log
}

# count WORD: the sum of the runners' own closing lines.
count() {
	{
		grep -h '^test result:' target/rust-tests.log
		grep -hE '^[^a-zA-Z]*[0-9]+ (passed|failed)' target/browser-tests.log
		tail -1 target/client-tests.log
	} | grep -oE "[0-9]+ $1" | awk '{ n += $1 } END { print n + 0 }'
}

run_tests() {
	step "Format" format
	step "Lints, server" lint_native
	step "Lints, WebAssembly" lint_wasm
	step "Documentation" docs
	step "Rust tests" rust_tests
	step "Release build" release_build
	step "Browser tests" browser_tests
	step "Other people's clients" client_tests
	closing_line="$(count passed) passed, $(count failed) failed"
}
