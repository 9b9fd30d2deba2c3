# What the other scripts share: the cache, messages, timed steps, the table at the end.
# shellcheck shell=bash

# Downloads, tools and build results that a fresh clone can use again.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/graph-connect

step_names=()   # what ran so far,
step_seconds=() # and how long each took
current_step=   # the step that is running; empty between steps
current_began=0
current_log= # the file that keeps what the running step says, if one does
closing_line= # printed last, when everything went well

say() { printf '   %s\n' "$*"; }

# die MESSAGE LINE...: ends the run.
die() {
	printf '\n!! %s\n' "$1" >&2
	shift
	if (($#)); then printf '   %s\n' "$@" >&2; fi
	exit 1
}

# has PROGRAM: -P, because a function of the same name is not meant.
has() { type -P "$1" >/dev/null; }

# at_least MINIMUM VERSION
at_least() { [[ $2 && $(printf '%s\n' "$1" "$2" | sort -V | head -1) == "$1" ]]; }

# Shows a command, then runs it.
run() {
	printf '   $ %s\n' "$*"
	"$@"
}

# logged FILE COMMAND...: runs the command in a subshell and keeps what it says.
logged() {
	current_log=$1
	shift
	"$@" 2>&1 | tee "$current_log"
}

# step TITLE COMMAND...: runs the command under a heading and notes its time.
# A command that fails ends the script (set -e), and `summary` names the step.
step() {
	current_step=$1
	current_began=$SECONDS
	current_log=
	shift
	printf '\n== %s\n' "$current_step"
	"$@"
	local took=$((SECONDS - current_began))
	printf '   (%d s)\n' "$took"
	step_names+=("$current_step")
	step_seconds+=("$took")
	current_step=
}

# Runs on every exit: the table of the steps, which one failed, and the end of what it said, for
# whoever sees only the end of all this.
summary() {
	local code=$? i
	if ((${#step_names[@]} > 0)) || [[ $current_step ]]; then
		printf '\n%-36s %7s\n' Step Seconds
		for i in "${!step_names[@]}"; do
			printf '%-36s %7d\n' "${step_names[i]}" "${step_seconds[i]}"
		done
		if [[ $current_step ]]; then
			printf '%-36s %7d  <- failed\n' "$current_step" $((SECONDS - current_began))
		fi
		printf '%-36s %7d\n' Total "$SECONDS"
	fi
	if [[ $current_step && -f $current_log ]]; then
		printf '\nThe end of %s:\n' "$current_log"
		tail -n 40 "$current_log"
	fi
	if ((code == 0)) && [[ $closing_line ]]; then printf '\n%s\n' "$closing_line"; fi
}
trap summary EXIT
