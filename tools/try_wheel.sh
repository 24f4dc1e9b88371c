#!/bin/sh
# Builds the wheel and uses it as a stranger would: in an environment of its own, without extras,
# from a folder outside the checkout. Fails when the Atlas cannot be built, or the report's files
# or those of the pages are missing.
set -eu
checkout=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

make --no-print-directory wheel
wheel=$(ls "$checkout"/dist/*.whl)

# the lock's versions, as constraints: what the wheel itself asks for must be enough
sed -n 's/^\([a-z][^\\]*[^ \\]\) *\\\{0,1\}$/\1/p' requirements.lock >"$work/constraints.txt"

# with uv when it is there and reaches an index, with pip otherwise
export UV_SYSTEM_CERTS=true
with_uv() {
    command -v uv >/dev/null 2>&1 &&
        uv venv --quiet --python "$checkout/.venv/bin/python" "$work/venv" &&
        uv pip install --quiet --python "$work/venv/bin/python" --compile-bytecode \
            --constraints "$work/constraints.txt" "$wheel"
}
with_pip() {
    "$checkout/.venv/bin/python" -m venv --clear "$work/venv"
    "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --constraint "$work/constraints.txt" "$wheel"
}
with_uv || with_pip

cd "$work"
unset PYTHONPATH KULAN_STATE
kulan="$work/venv/bin/kulan"
"$work/venv/bin/python" -c 'import importlib.util as u, sys; sys.exit(bool(u.find_spec("pyarrow")))'
# every file the pages load came along, byte for byte
(cd "$("$work/venv/bin/python" -c 'import kulan; print(kulan.__path__[0])')/web/static/vendor" &&
    sha256sum --quiet --check "$checkout/front_end/files.sha256")
cat >line.geojson <<'JSON'
{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "A line"},
 "geometry": {"type": "LineString", "coordinates": [[106.0, 46.5], [107.5, 44.5], [109.5, 43.2]]}}]}
JSON
"$kulan" --version
"$kulan" atlas build --state state
"$kulan" screen line.geojson --type railway --status planned --state state --out report
for name in report.html report.pdf findings.json findings.gpkg; do
    [ -s "report/$name" ] || { echo "report/$name is missing or empty" >&2; exit 1; }
done
ls -l report
