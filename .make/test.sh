# Everything that is checked, the quick checks first.
# shellcheck shell=bash

# `frontend` exists in the browser only, and turns a feature of `app` on that does
# not go together with the server's: the commands for this machine leave it out.
# --locked: what is tested is what Cargo.lock says, or nothing.
native=(--locked --workspace --exclude frontend)

format() { run cargo fmt --all --check; }

lint_native() { run cargo clippy --quiet "${native[@]}" --all-targets -- -D warnings; }

lint_wasm() { run cargo clippy --quiet --locked -p frontend --target wasm32-unknown-unknown -- -D warnings; }

docs() {
	RUSTDOCFLAGS=-Dwarnings run cargo doc --quiet "${native[@]}" --no-deps --document-private-items
}

rust_tests() { logged target/rust-tests.log run cargo test "${native[@]}"; }

# Only in a subshell, as `logged` has one.
in_end2end() { cd end2end && run "$@"; }

browser_tests() { logged target/browser-tests.log in_end2end npx playwright test; }

# In the build that the browser tests use.
size() { run node .make/size.mjs; }

# The sandbox is the one that the Rust tests built.
client_tests() { logged target/client-tests.log in_end2end node clients/run.mjs; }

# attacks OPTION...: prints a table of them.
attacks() { logged target/attacks.log in_end2end node attacks/run.mjs "$@"; }

# count WORD: the sum of the runners' own closing lines.
count() {
	{
		grep -h '^test result:' target/rust-tests.log
		grep -hE '^[^a-zA-Z]*[0-9]+ (passed|failed)' target/browser-tests.log
		tail -1 target/client-tests.log
		tail -1 target/attacks.log
	} | grep -oE "[0-9]+ $1" | awk '{ n += $1 } END { print n + 0 }'
}

run_tests() {
	step "Format" format
	step "Lints, server" lint_native
	step "Lints, WebAssembly" lint_wasm
	step "Documentation" docs
	step "Rust tests" rust_tests
	step "Release build" release_build
	step "Size" size
	step "Browser tests" browser_tests
	step "Other people's clients" client_tests
	step "Attacks" attacks
	closing_line="$(count passed) passed, $(count failed) failed"
}
