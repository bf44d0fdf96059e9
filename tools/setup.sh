#!/bin/bash
# From a fresh Debian 12 to a trained network. See --help.
set -euo pipefail

# All that the project needs, and the only list of it. clang-22 brings the C and C++
# libraries; llvm-22-tools brings lit, FileCheck and the Python that runs them. Without
# ccache and lld-22 everything works, but building again takes longer; libclang-rt-22-dev
# has what the fuzzer of the frontend (fuzz-frontend) links, python3-clang-22 what the mutation
# test (mutation-test) finds its places with; graphviz is for `cnnc summary --graph` only.
packages=(
  cmake ninja-build clang-22 lld-22 ccache libclang-rt-22-dev
  llvm-22-dev llvm-22-tools libmlir-22-dev mlir-22-tools
  libfmt-dev libpng-dev libjpeg62-turbo-dev zlib1g-dev
  clang-format-22 python3 python3-clang-22 graphviz
)

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${CNNC_BUILD:-$root/build}
log=$build/setup.log

usage() {
  cat <<'END'
Installs what is missing, builds cnnc, and trains LeNet-5 on the built-in digits.

Usage: tools/setup.sh [--build-only] [--target NAME]

  --build-only   install and build, but train nothing
  --target NAME  build this, too (test-programs: what the tests run)
  --help         this text

The build lands in build/ (or in $CNNC_BUILD), its log in setup.log there. Installing
needs Debian 12 and the rights of root, by sudo if need be. What is there already is
neither installed nor built again.
END
}

say() { printf '%s\n' "$*"; }
fail() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

# missing: those of `packages` that are not installed, one a line
missing() {
  local present
  present=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null |
    sed -n 's/ installed$//p') || true
  printf '%s\n' "${packages[@]}" | grep -vxF -f <(printf '%s\n' "$present") || true
}

# follow LABEL PID: one line that says how far the log has come, until PID ends
follow() {
  local label=$1 pid=$2 started=$SECONDS told=$SECONDS count
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.5
    count=$(tail -n 3 "$log" | grep -oE '^\[[0-9]+/[0-9]+\]' | tail -n 1) || true
    if [[ -t 1 ]]; then
      printf '\r\033[K%s %s %d s' "$label" "$count" $((SECONDS - started))
    elif ((SECONDS - told >= 20)); then
      told=$SECONDS
      say "$label $count $((SECONDS - started)) s"
    fi
  done
  [[ ! -t 1 ]] || printf '\r\033[K'
}

# quietly LABEL COMMAND...: the output goes to the log; of a failure its end is shown
quietly() {
  local label=$1 started=$SECONDS pid code=0
  shift
  printf '\n$ %s\n' "$*" >>"$log"
  "$@" >>"$log" 2>&1 </dev/null &
  pid=$!
  # Commands in the background do not see Ctrl-C by themselves.
  trap 'kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; exit 130' INT TERM
  follow "$label" "$pid"
  wait "$pid" || code=$?
  trap - INT TERM
  if ((code != 0)); then
    tail -n 30 "$log" >&2
    fail "$label: failed; all of its output is in $log"
  fi
  ((SECONDS - started < 2)) || say "$label: $((SECONDS - started)) s"
}

install_missing() {
  command -v dpkg-query apt-get >/dev/null ||
    fail "expected Debian 12 with apt-get; elsewhere install what corresponds to: ${packages[*]}"
  local wanted as_root=()
  mapfile -t wanted < <(missing)
  ((${#wanted[@]} > 0)) || return 0
  if ((EUID != 0)); then
    command -v sudo >/dev/null || fail "run as root, or install first: ${wanted[*]}"
    as_root=(sudo)
    sudo -v || fail "sudo is needed to install: ${wanted[*]}"
  fi
  as_root+=(env DEBIAN_FRONTEND=noninteractive)
  say "installing ${wanted[*]}"
  quietly "package lists" "${as_root[@]}" apt-get update
  apt-cache show llvm-22-dev >/dev/null 2>&1 ||
    fail "no package llvm-22-dev: are bookworm and bookworm-security among apt's sources?"
  quietly "packages" "${as_root[@]}" apt-get install -y --no-install-recommends "${wanted[@]}"
}

# jobs: as many compilers as there are cores, and room for 1.5 GB each
jobs() {
  local cores gigabytes
  cores=$(nproc)
  gigabytes=$(awk '/^MemAvailable/ { print int($2 / 1500000) }' /proc/meminfo)
  echo $((gigabytes < 1 ? 1 : gigabytes < cores ? gigabytes : cores))
}

build_all() {
  [[ -f $build/build.ninja ]] || quietly "configuring" cmake -S "$root" -B "$build" -G Ninja
  quietly "building" ninja -C "$build" -j "$(jobs)" "$@"
}

demo() {
  local cnnc=$build/bin/cnnc out=$build/demo shown=${build#"$PWD"/}
  say "training LeNet-5 on drawn digits (examples/lenet5.cnn)"
  rm -rf "$out"
  "$cnnc" train "$root/examples/lenet5.cnn" --out "$out"
  cat <<END

Next:
  $shown/bin/cnnc summary examples/lenet5.cnn            layers, sizes, parameters
  $shown/bin/cnnc eval examples/lenet5.cnn --weights $shown/demo/best.safetensors
  $shown/bin/cnnc compile examples/lenet5.cnn -o lenet5.o   a C library that infers and trains
  $shown/bin/cnnc help                                   all commands
  test/run.sh                                       every test
END
}

mode=demo
targets=()
while (($# > 0)); do
  case $1 in
  --build-only) mode=build ;;
  --target)
    (($# > 1)) || fail "--target needs a name"
    targets+=("$2")
    shift
    ;;
  --help | -h)
    usage
    exit
    ;;
  *)
    printf 'setup: unknown option %s\n' "$1" >&2
    usage >&2
    exit 2
    ;;
  esac
  shift
done

mkdir -p "$build"
: >"$log"
install_missing
build_all all ${targets[@]+"${targets[@]}"}
[[ $mode == build ]] || demo
