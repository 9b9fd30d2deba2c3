# The dependencies: licences, sources, bans and known flaws, and whether each is used.
# shellcheck shell=bash

advisories=https://github.com/rustsec/advisory-db # where cargo-deny takes them from

deny_dependencies() { run cargo deny --locked --all-features check licenses bans sources; }

known_flaws() {
	if timeout 30 git ls-remote --exit-code "$advisories" HEAD >/dev/null 2>&1; then
		run cargo deny --locked --all-features check advisories
	else
		say "SKIPPED: $advisories can't be reached, so known flaws were not looked up."
		closing_line="Known flaws were not looked up; the rest of the audit passed."
	fi
}

unused_dependencies() { run cargo machete; }

run_audit() {
	closing_line="The audit passed."
	step "Licences, bans, sources" deny_dependencies
	step "Known flaws" known_flaws
	step "Unused dependencies" unused_dependencies
}
