# The programs that cargo and npm install: prebuilt or compiled, each in a folder of
# its own in the cache, and offered to whoever looks for it.
# shellcheck shell=bash

cargo_leptos_version=0.3.11
binaryen_version=132.0.0
lighthouse_version=12.8.2
cargo_deny_version=0.20.2
cargo_machete_version=0.9.2

# Two places lead to a tool: one that only these scripts look at, and first; and, so
# that plain `cargo leptos` works too, the folder where cargo puts programs. What
# somebody else has put there stays.
own_bin=$cache/bin
cargo_bin=${CARGO_HOME:-$HOME/.cargo}/bin
export PATH="$own_bin:$cargo_bin:$PATH"

# version_of PROGRAM OPTION...: the first number with dots, or none, in what it says.
version_of() { "$@" 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)*' | head -1 || true; }

# offer NAME FILE: links NAME to FILE in both places.
offer() {
	local name=$1 file=$2 link=$cargo_bin/$1
	mkdir -p "$own_bin" "$cargo_bin"
	ln -sfn "$file" "$own_bin/$name"
	if [[ -L $link && $(readlink "$link") == "$cache"/* || ! -e $link && ! -L $link ]]; then
		ln -sfn "$file" "$link"
	else
		say "$link is not ours and stays as it is; these scripts use $own_bin/$name."
	fi
}

# install_tool CRATE VERSION PROGRAM: a prebuilt one where cargo-binstall is there and
# finds one, otherwise compiled from its crate.
install_tool() {
	local crate=$1 version=$2 program=$3 place=$cache/tools/$1-$2
	mkdir -p "$place"
	if has cargo-binstall && run timeout 300 cargo binstall --no-confirm --disable-strategies compile \
		--root "$place" "$crate@$version"; then
		say "$program $version came prebuilt."
	else
		compile_tool "$crate@$version" --locked --root "$place" || {
			say "Its own lock file asks for something that the registry does not have; without it, then."
			compile_tool "$crate@$version" --root "$place"
		}
	fi
	offer "$program" "$place/bin/$program"
}

# compile_tool CRATE@VERSION OPTION...
compile_tool() {
	local quiet=(--quiet) build=$cache/tools/build
	if [[ -t 2 ]]; then quiet=(); fi # a terminal shows a progress bar instead of 400 lines
	# Quick to compile is worth more here than quick to run: it halves the time.
	# In a directory of its own, an interrupted installation goes on where it was.
	CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
		CARGO_TARGET_DIR=$build CARGO_BUILD_BUILD_DIR=$build \
		run cargo install "${quiet[@]}" --force "$@" || return 1
	rm -rf "$build"
}

cargo_leptos() {
	local installed
	installed=$(version_of cargo-leptos leptos --version)
	if at_least "$cargo_leptos_version" "$installed"; then
		say "cargo-leptos $installed is there."
		return
	fi
	say "Installing cargo-leptos $cargo_leptos_version, which builds server and WebAssembly together."
	say "The longest step of all where it is compiled: a quarter of an hour on two cores, once."
	install_tool cargo-leptos "$cargo_leptos_version" cargo-leptos
}

wasm_bindgen() {
	local locked installed
	# The tool and the crate must have exactly the same version.
	locked=$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"$/\1/p}' Cargo.lock)
	installed=$(version_of wasm-bindgen --version)
	if [[ $installed == "$locked" ]]; then
		say "wasm-bindgen $installed is there, the version in Cargo.lock."
		return
	fi
	say "Installing wasm-bindgen $locked, the version in Cargo.lock${installed:+ (there is $installed)}; it writes the JavaScript around the WebAssembly."
	install_tool wasm-bindgen-cli "$locked" wasm-bindgen
}

wasm_opt() {
	local installed
	installed=$(version_of wasm-opt --version)
	if at_least "${binaryen_version%%.*}" "$installed"; then
		say "wasm-opt $installed is there."
		return
	fi
	say "Installing wasm-opt $binaryen_version${installed:+ (there is $installed)}, which makes the WebAssembly smaller, from the npm package binaryen."
	run npm install --silent --no-audit --no-fund --prefix "$cache/binaryen" "binaryen@$binaryen_version"
	offer wasm-opt "$cache/binaryen/node_modules/.bin/wasm-opt"
}

# ---- For `make bench` alone --------------------------------------------------

lighthouse() {
	export LIGHTHOUSE=$cache/lighthouse # .make/bench/lighthouse.mjs loads it
	local package=$LIGHTHOUSE/node_modules/lighthouse/package.json
	if [[ -f $package ]] && grep -q "\"version\": \"$lighthouse_version\"" "$package"; then
		say "Lighthouse $lighthouse_version is there."
		return
	fi
	say "Installing Lighthouse $lighthouse_version from npm."
	run npm install --silent --no-audit --no-fund --prefix "$LIGHTHOUSE" "lighthouse@$lighthouse_version"
}

# ---- For `make audit` alone --------------------------------------------------

audit_tool() {
	local crate=$1 version=$2 installed
	installed=$(version_of "$crate" "${@:3}" --version)
	if at_least "$version" "$installed"; then
		say "$crate $installed is there."
		return
	fi
	say "Installing $crate $version."
	install_tool "$crate" "$version" "$crate"
}

cargo_deny() { audit_tool cargo-deny "$cargo_deny_version"; }
cargo_machete() { audit_tool cargo-machete "$cargo_machete_version"; }
