#!/bin/sh
# `make check`: runs every check, reports all failures, changes nothing.
set -u
py=.venv/bin/python
failed=0
check() {
    name=$1
    shift
    started=$(date +%s)
    if output=$("$@" 2>&1); then
        printf 'ok      %-14s %3ss\n' "$name" "$(($(date +%s) - started))"
    else
        failed=$((failed + 1))
        printf 'FAILED  %-14s %3ss\n%s\n' "$name" "$(($(date +%s) - started))" "$output"
    fi
}
check style "$py" -m ruff check --output-format concise .
check format "$py" -m ruff format --check .
check types "$py" -m mypy
check imports .venv/bin/lint-imports --no-cache
check translations "$py" tools/extract_words.py --check
check reference "$py" tools/make_reference.py --check
[ "$failed" -eq 0 ] || { echo "$failed of 6 checks failed; \`make fix\` mends what a machine can."; exit 1; }
