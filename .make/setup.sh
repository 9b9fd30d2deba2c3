# Installs what the build, the tests and plain `cargo leptos` need. Each function
# looks first whether its part is there, so a second run installs nothing.
# shellcheck shell=bash

minimum_rust=1.96 # cargo-leptos needs it; Cargo.toml names it as rust-version too
minimum_node=20.19 # oauth2-mock-server needs it
minimum_python=3.10 # msgraph-sdk needs it

# debian WHAT PACKAGE...: installs Debian packages, or says how to do it by hand.
debian() {
	local what=$1 log
	shift
	if dpkg -s "$@" >/dev/null 2>&1; then return; fi
	local by_hand=("Run by hand, as root, and then make again:" "" "  apt-get update && apt-get install $*")
	has apt-get || die "This is no Debian, so $what cannot be installed from here." \
		"Install it your system's way, and then make again. Debian's packages would be:" "  $*"
	[[ $(id -u) == 0 ]] || die "Installing $what needs root." "${by_hand[@]}"
	say "Installing Debian packages: $*"
	log=$(mktemp)
	# A source of packages that does not answer is no reason to stop: the
	# installation itself tells whether it finds what it needs.
	run apt-get update -qq || say "apt-get update had errors; going on with the lists there are."
	if ! DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
		-o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1; then
		tail -20 "$log" >&2
		die "apt-get could not install $what (its last words are above)." "${by_hand[@]}"
	fi
	rm "$log"
}

# ---- Rust, with its standard library for WebAssembly ------------------------

rust_version() { "${1:-rustc}" --version 2>/dev/null | cut -d' ' -f2 || true; }

# compiles_wasm RUSTC: the honest test, compiling and linking an empty library.
compiles_wasm() {
	local dir code=0
	dir=$(mktemp -d)
	"$1" --target wasm32-unknown-unknown --crate-type cdylib --out-dir "$dir" - <<<'' >/dev/null 2>&1 || code=$?
	rm -r "$dir"
	return "$code"
}

toolchain_works() {
	at_least "$minimum_rust" "$(rust_version)" && compiles_wasm rustc &&
		cargo clippy --version >/dev/null 2>&1 && cargo fmt --version >/dev/null 2>&1
}

rust_toolchain() {
	if toolchain_works; then
		say "rustc $(rust_version) compiles to WebAssembly."
	elif debian_toolchain_works; then
		say "Debian's rustc is set up on this machine; now for this clone too."
		use_debian_toolchain
	elif ! toolchain_from_rustup; then
		toolchain_from_debian
	fi
	toolchain_works || die "The Rust toolchain cannot compile to WebAssembly, or has no clippy or rustfmt. Look at:" \
		"  rustup show; rustc --version; cargo clippy --version; cargo fmt --version" \
		"  rustc --target wasm32-unknown-unknown --crate-type cdylib --out-dir /tmp - </dev/null"
}

# The ordinary way. Where rustup has no network, its first command fails at once.
toolchain_from_rustup() {
	has rustup || return 1
	say "Trying the ordinary way, rustup."
	local code=0
	timeout 60 rustup check >/dev/null 2>&1 || code=$?
	if ((code != 0 && code != 100)); then # 100 means that there are updates
		say "rustup cannot reach its downloads."
		return 1
	fi
	if ! at_least "$minimum_rust" "$(rust_version)"; then
		say "rustc $(rust_version) is older than $minimum_rust."
		run timeout 900 rustup update --no-self-update stable || return 1
		# Something else than stable may be the default.
		at_least "$minimum_rust" "$(rust_version)" || run rustup override set stable || return 1
	fi
	run timeout 300 rustup component add clippy rustfmt || return 1
	run timeout 300 rustup target add wasm32-unknown-unknown || return 1
	toolchain_works
}

# Where only Debian's packages can be reached: Debian's rustc; and, since Debian
# has no standard library for WebAssembly, that one compiled from its source.
toolchain_from_debian() {
	if ! has apt-get || [[ $(id -u) != 0 ]]; then
		die "Rust $minimum_rust or newer with its standard library for WebAssembly is needed." \
			"Run by hand, and then make again. Where rustup has network:" "" \
			"  rustup update stable && rustup component add clippy rustfmt && rustup target add wasm32-unknown-unknown" "" \
			"Otherwise, on Debian, as root:" "" \
			"  .make/run debian-rust"
	fi
	say "Taking Rust from Debian, as rustup's toolchain \"debian\"."
	debian "Rust $minimum_rust" \
		rustc-web cargo-web rustfmt-web rust-web-clippy rust-web-src rust-web-llvm lld-22
	use_debian_toolchain
	if ! compiles_wasm /usr/bin/rustc; then wasm_std_from_source; fi
}

debian_toolchain_works() {
	at_least "$minimum_rust" "$(rust_version /usr/bin/rustc)" && compiles_wasm /usr/bin/rustc
}

use_debian_toolchain() {
	has rustup || return 0 # without rustup, /usr/bin/rustc is the one that is found
	run rustup toolchain link debian /usr
	# For this clone only. Plain `cargo leptos` follows it too.
	run rustup override set debian
}

wasm_std_from_source() {
	say "Compiling Rust's standard library for WebAssembly (about a minute)."
	local dir lib=/usr/lib/rustlib/wasm32-unknown-unknown/lib
	dir=$(mktemp -d)
	mkdir "$dir/src"
	touch "$dir/src/lib.rs"
	printf '[package]\nname = "empty"\nedition = "2024"\n[lib]\ncrate-type = ["cdylib"]\n[workspace]\n' >"$dir/Cargo.toml"
	# RUSTC_BOOTSTRAP lets a stable compiler take -Zbuild-std, in this one build.
	# Without embedded bitcode, link-time optimisation of the app would fail.
	(
		cd "$dir"
		RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes \
			CARGO_TARGET_DIR=target CARGO_BUILD_BUILD_DIR=target \
			/usr/bin/cargo build --quiet --release --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort
	)
	mkdir -p "$lib"
	rm -f "$lib"/*.rlib
	cp "$dir"/target/wasm32-unknown-unknown/release/deps/*.rlib "$lib/"
	rm -r "$dir"
	say "Copied to $lib."
}

# ---- Node ------------------------------------------------------------------

node_and_npm() {
	local installed
	installed=$(node --version 2>/dev/null | tr -d v || true)
	if ! at_least "$minimum_node" "$installed" || ! has npm; then
		die "Node $minimum_node or newer with npm is needed${installed:+ (there is Node $installed)}." \
			"Install it, and then make again."
	fi
	say "Node $installed is there."
}

# ---- For the browser tests --------------------------------------------------

find_chromium() {
	local name
	for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
		if [[ $name ]] && has "$name"; then
			type -P "$name"
			return
		fi
	done
}

chromium() {
	CHROMIUM=$(find_chromium)
	if [[ ! $CHROMIUM ]]; then
		debian "Chromium (or set CHROMIUM to a browser that is there)" chromium fonts-liberation
		CHROMIUM=$(find_chromium)
	fi
	export CHROMIUM # end2end/playwright.config.ts reads it
	say "$CHROMIUM is there."
}

npm_packages() {
	local stamp=end2end/node_modules/.lock-hash want
	want=$(sha256sum <end2end/package-lock.json)
	if [[ -f $stamp && $(<"$stamp") == "$want" ]]; then
		say "end2end/node_modules is as package-lock.json says."
		return
	fi
	PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 run npm ci --silent --no-audit --no-fund --prefix end2end
	echo "$want" >"$stamp"
}

# ---- For the drivers of other people's clients --------------------------------

# It makes the certificate of a client.
openssl_program() {
	if ! has openssl; then debian "OpenSSL" openssl; fi
	say "$(type -P openssl) is there."
}

python_version() { "$1" -c 'import platform; print(platform.python_version())' 2>/dev/null || true; }

# A virtual environment in the cache, so that a fresh clone has it at once.
python_packages() {
	local venv=$cache/python-clients requirements=end2end/clients/requirements.txt want
	if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
		debian "Python $minimum_python with its module venv" python3 python3-venv
	fi
	at_least "$minimum_python" "$(python_version python3)" ||
		die "Python $minimum_python or newer is needed (there is $(python_version python3))." \
			"Install it, and then make again."
	export PYTHON=$venv/bin/python # end2end/clients/run.mjs starts it
	want="$(python_version python3) $(sha256sum <"$requirements")"
	if [[ -f $venv/stamp && $(<"$venv/stamp") == "$want" ]]; then
		say "$venv is as $requirements says."
		return
	fi
	say "Installing other people's clients for Python into $venv (half a minute)."
	run python3 -m venv --clear "$venv"
	run "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
	echo "$want" >"$venv/stamp"
}

# ---- For the attacks --------------------------------------------------------

# Where systemd runs, installing nginx would start it on port 80; without nginx, the attacks behind it
# are left out, and their table says so.
nginx() {
	if has nginx; then
		say "$(type -P nginx) is there."
	elif has apt-get && [[ $(id -u) == 0 && ! -d /run/systemd/system ]] && (debian "nginx" nginx-light); then
		return
	else
		say "There is no nginx: the attacks behind it are left out. Debian's package is nginx-light."
	fi
}

# ---- All of it --------------------------------------------------------------

setup() {
	step "Node" node_and_npm
	step "Rust toolchain" rust_toolchain
	step "cargo-leptos" cargo_leptos
	step "wasm-bindgen" wasm_bindgen
	step "wasm-opt" wasm_opt
}

setup_audit() {
	step "cargo-deny" cargo_deny
	step "cargo-machete" cargo_machete
}

setup_browser_tests() {
	step "Chromium" chromium
	step "OpenSSL" openssl_program
	step "npm packages" npm_packages
	step "Python packages" python_packages
}

setup_attacks() {
	step "nginx" nginx
}
