#!/bin/sh
# Makes .venv from a lock file and puts the checkout into it. Called by make; does nothing when the
# environment already matches.
#
#   sh tools/environment.sh requirements.lock        what `make run` needs
#   sh tools/environment.sh requirements-dev.lock    what developers need: the same and more
#
# Needs Python 3.11 or later (KULAN_PYTHON names one; otherwise python3, then python3.13 and so on)
# and one of: uv, Python's venv, pip, virtualenv.
set -eu

lock=$1
venv=.venv
stamp="$venv/.kulan-$lock"

say() { printf 'kulan: %s\n' "$*" >&2; }
fail() {
    say "$1"
    shift
    for line in "$@"; do printf '       %s\n' "$line" >&2; done
    exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

# Prints the interpreter to build on, or says what is missing.
find_python() {
    if [ -n "${KULAN_PYTHON:-}" ]; then
        new_enough "$KULAN_PYTHON" && { echo "$KULAN_PYTHON"; return; }
        fail "KULAN_PYTHON is '$KULAN_PYTHON', which is not a Python 3.11 or later that runs here."
    fi
    for name in python3 python3.13 python3.12 python3.11 python3.14 python; do
        if has "$name" && new_enough "$name"; then echo "$name"; return; fi
    done
    found=$(python3 --version 2>&1) || found="no python3"
    fail "Kulan needs Python 3.11 or later; found $found." \
        "Debian 12, Ubuntu 24.04 and later: apt install python3 python3-venv" \
        "Elsewhere: install Python from your system, then run make again," \
        "or name one that make did not find: make run KULAN_PYTHON=/path/to/python3.12"
}

# Makes the empty environment by the first way that works here.
make_venv() {
    python=$1
    rm -rf "$venv"
    if has uv && uv venv --quiet --python "$(command -v "$python")" "$venv"; then return; fi
    # where ensurepip is missing, venv leaves half an environment behind
    if "$python" -m venv "$venv" >/dev/null 2>&1; then return; fi
    rm -rf "$venv"
    if "$python" -m pip --version >/dev/null 2>&1 &&
        "$python" -m venv --without-pip "$venv" >/dev/null 2>&1; then return; fi
    rm -rf "$venv"
    if "$python" -m virtualenv --quiet "$venv" 2>/dev/null; then return; fi
    if has virtualenv && virtualenv --quiet --python "$python" "$venv"; then return; fi
    rm -rf "$venv"
    fail "$python cannot make a virtual environment: its venv or ensurepip module is missing." \
        "Debian and Ubuntu split it off: apt install python3-venv" \
        "Without that right: install uv or virtualenv for your own user, then run make again."
}

# uv brings certificates of its own and asks the system's only when told to; pip asks both
export UV_SYSTEM_CERTS=true

# Installs with uv when it is there (faster), with pip otherwise. uv keeps its own settings and
# knows nothing of pip's: where it fails, pip gets its turn before we give up.
install() {
    if has uv && uv pip install --quiet --python "$venv/bin/python" --compile-bytecode "$@"; then
        return
    fi
    has uv && say "uv could not install; trying pip."
    pip_install "$@"
}
pip_install() {
    if "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
    elif "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m pip --python "$venv/bin/python" install --quiet \
            --disable-pip-version-check "$@"
    else
        fail "Neither uv nor pip is there to install the packages named in $lock." \
            "Debian and Ubuntu: apt install python3-venv, then run make again."
    fi
}

python=$(find_python)
wanted=$({ "$python" --version; cat "$lock" pyproject.toml tools/environment.sh; \
    grep -m 1 '^## ' CHANGELOG.md; pwd; } | cksum)

if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then exit 0; fi

version() { "$1" --version 2>/dev/null; }
if [ ! -x "$venv/bin/python" ] || [ "$(version "$venv/bin/python")" != "$(version "$python")" ]; then
    say "making $venv with $("$python" --version 2>&1)"
    make_venv "$python"
fi
# the virtual environment's own name, were one active, must not lead an installer elsewhere
unset VIRTUAL_ENV CONDA_PREFIX
say "installing $(grep -c '^[a-z]' "$lock") packages from $lock (the first time takes a minute or two)"
install --require-hashes -r "$lock" ||
    fail "The packages named in $lock could not be installed; the lines above say why." \
        "They come from the package index your pip or uv is set to, checked against the hashes."
install --no-deps --no-build-isolation -e . ||
    fail "The checkout itself could not be installed into $venv; the lines above say why."
printf '%s' "$wanted" >"$stamp"
