#!/bin/bash
# Builds everything and runs every test; the last line counts. Further arguments go
# to lit: test/run.sh --filter=Frontend
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${CNNC_BUILD:-$root/build}
results=$build/test-results.json

"$root/tools/setup.sh" --build-only --target test-programs

rm -f "$results"
mkdir -p "$build/test"
# lit's own count is dropped: it has several lines, and fine with no test at all.
/usr/lib/llvm-22/bin/lit --quiet -v --output "$results" "$@" "$build/test" || true
exec python3 "$root/test/count.py" "$results"
