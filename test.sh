#!/usr/bin/env bash
# Installs what the tests need and is missing, builds, runs every test, and ends with one line: N passed, N failed.
# The tests start their own private PostgreSQL, Redis and Chromium; nothing that runs on the machine is touched.
set -uo pipefail
cd "$(dirname "$0")"
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
passed=0
failed=0

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}

# What cannot be done counts as a failure, and is said.
give_up() {
  echo "$1" >&2
  failed=$((failed + 1))
  finish
}

install_missing() {
  local missing=()
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
  command -v redis-server >/dev/null || missing+=(redis-server)
  command -v chromium >/dev/null || missing+=(chromium)
  /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || missing+=(python3-aiosmtpd)
  [ ${#missing[@]} -eq 0 ] && return 0
  echo "Installing ${missing[*]}"
  local root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo)
  # Only the programs are wanted: no service of theirs is started.
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 bash -c "
    apt-get update -qq && apt-get install -y -qq --no-install-recommends ${missing[*]}" >"$results/apt.log" 2>&1 \
    || { tail -20 "$results/apt.log" >&2; give_up "Could not install ${missing[*]}."; }
}

count() { # count NAME FILE: the number that a test result file gives for NAME
  grep -o "$1=\"[0-9]*\"" "$2" | head -1 | grep -o '[0-9]*' || echo 0
}

run_dotnet() { # run_dotnet PROJECT
  local name
  name=$(basename "$1")
  echo "== $name"
  dotnet test "$1" --no-build --nologo -v quiet --logger "trx;LogFileName=$results/$name.trx" >"$results/$name.log" 2>&1
  local code=$?
  if [ ! -f "$results/$name.trx" ]; then
    tail -60 "$results/$name.log"
    failed=$((failed + 1))
    return
  fi
  local counters good bad
  counters="$results/$name.counters"
  grep -o '<Counters [^>]*>' "$results/$name.trx" >"$counters"
  good=$(count passed "$counters")
  bad=$(($(count total "$counters") - good))
  [ "$code" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
  [ "$bad" -eq 0 ] || {
    grep -vE '^\s*$' "$results/$name.log" | tail -150
    sed -n '/<Message>/,/<\/StackTrace>/p' "$results/$name.trx" | head -200
  }
  echo "   $good passed, $bad failed"
  passed=$((passed + good))
  failed=$((failed + bad))
}

run_pages() {
  echo "== ClientApp"
  (cd src/Web/ClientApp && npm run --silent check) || { echo "   the pages do not pass their check"; failed=$((failed + 1)); }
  (cd src/Web/ClientApp && npx --no-install vitest run --reporter=default --reporter=json --outputFile.json="$results/pages.json") >"$results/pages.log" 2>&1
  local code=$? good=0 bad=0
  if [ -f "$results/pages.json" ]; then
    good=$(node -p "JSON.parse(require('fs').readFileSync('$results/pages.json')).numPassedTests")
    bad=$(node -p "const r = JSON.parse(require('fs').readFileSync('$results/pages.json')); r.numTotalTests - r.numPassedTests")
  fi
  [ "$code" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
  [ "$bad" -eq 0 ] || tail -80 "$results/pages.log"
  echo "   $good passed, $bad failed"
  passed=$((passed + good))
  failed=$((failed + bad))
}

install_missing
echo "== build"
dotnet build LiveProctor.sln --nologo -v quiet >"$results/build.log" 2>&1 || { grep -E 'error|warn' "$results/build.log" | sort -u | tail -40; give_up "The build failed."; }
for project in tests/*.Tests; do
  run_dotnet "$project"
done
run_pages
finish
