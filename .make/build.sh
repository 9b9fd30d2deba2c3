# The release build, and the environment to build and run it in.
# shellcheck shell=bash

server=$PWD/target/release/server
site=$PWD/target/site

# Intermediate results lie in the cache, so that a fresh clone compiles only the
# project itself; what is ready to use lies in target/ as always.
export CARGO_BUILD_BUILD_DIR=$cache/build

# For the release build and for running it. Not for all: `cargo test` needs none of it.
release_env() {
	# File names with hashes in them: browsers may keep those files for ever.
	export LEPTOS_HASH_FILES=true LEPTOS_SITE_ROOT=$site
	export SERVER_BIN=$server # end2end/playwright.config.ts and .make/size.mjs start it
}

# Clones share the cache, and cargo tells by its time whether a file has changed:
# what another clone built there may be newer than the files of this one. So the
# files of a clone that is new or was not the last one count as changed, and one
# clone builds at a time. `9<&-` keeps the lock from whatever outlives this script.
claim_cache() {
	mkdir -p "$CARGO_BUILD_BUILD_DIR"
	exec 9>"$cache/lock"
	flock --nonblock 9 || { say "Waiting for another clone's build."; flock 9; }
	if [[ ! -d target || ! -f $cache/last-clone || $(<"$cache/last-clone") != "$PWD" ]]; then
		find app server Cargo.toml Cargo.lock -type f -exec touch {} +
		mkdir -p target
		printf '%s' "$PWD" >"$cache/last-clone"
	fi
}

# Everything that decides what the build will be.
input_hash() {
	{
		rustc -vV
		sha256sum "$(type -P cargo-leptos)" "$(type -P wasm-bindgen)"
		wasm-opt --version
		echo "$PWD ${RUSTFLAGS:-}"
		find .cargo app server style public Cargo.toml Cargo.lock -type f -print0 |
			sort -z | xargs -0 sha256sum
	} | sha256sum
}

# Everything that came out. `cargo leptos watch` puts other files into target/site.
output_hash() {
	find "$server" target/release/hash.txt "$site" -type f -print0 2>/dev/null |
		sort -z | xargs -0 sha256sum | sha256sum
}

# The sandbox as a program of its own.
sandbox_build() {
	run cargo build --quiet --locked --release -p sandbox
	export SANDBOX_BIN=$PWD/target/release/sandbox # .make/bench.mjs starts it
}

# What .make/bench.mjs measures with.
bench_build() {
	run cargo build --quiet --locked --release -p server --example bench --example growth
	export BENCH_BIN=$PWD/target/release/examples/bench GROWTH_BIN=$PWD/target/release/examples/growth
}

release_build() {
	local stamp=target/release-build.stamp inputs
	release_env
	inputs=$(input_hash)
	if [[ -f $stamp && $(<"$stamp") == "$inputs $(output_hash)" ]]; then
		say "Nothing has changed since the last build."
		return
	fi
	rm -f "$stamp"
	# -P: compressed copies of every file, made once here.
	run cargo leptos build --release -P --cargo-locked
	echo "$inputs $(output_hash)" >"$stamp"
}
