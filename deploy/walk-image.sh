#!/bin/sh
# Walks the steps of the Dockerfile without Docker, as an ordinary user: lays out what the image holds, then starts the service and
# a worker on it as compose does: read only, without privileges, with nothing of their own but the data folder.
#   DATABASE_URL=postgresql://… sh deploy/walk-image.sh FOLDER [PORT]
# FOLDER is an empty one of the user's. Namespaces of users have to be allowed (Debian and Ubuntu without AppArmor's ban allow them).
set -eu
: "${DATABASE_URL:?names a PostgreSQL 15 or newer, and an empty database on it}"
folder=$(cd "$1" && pwd)
port=${2:-3000}
checkout=$(cd "$(dirname "$0")/.." && pwd)
[ "$(id -u)" != 0 ] || { echo 'Run this as an ordinary user.' >&2; exit 1; }

mkdir -p "$folder/build" "$folder/image/data" "$folder/data" "$folder/data-worker"
(cd "$checkout" && tar cf - --exclude=.git --exclude=./node_modules --exclude=./dist --exclude=./data --exclude=.env .) |
  tar xf - -C "$folder/build"
cd "$folder/build"
npm ci --ignore-scripts --no-audit --no-fund
sh deploy/lay-out-image.sh "$folder/image"
echo "image: our layers are $(du -sm "$folder/image" | cut -f1) MB"

# Runs a command on the read-only tree with the data folder $1, as user 1000 without any capability.
run() {
  data=$1
  shift
  exec unshare --user --map-root-user --mount sh -euc '
    mount --bind "$1" "$1" && mount --bind "$2" "$1/data" && mount -o remount,bind,ro "$1"
    cd "$1" && shift 2
    exec unshare --user --map-user=1000 --map-group=1000 setpriv --no-new-privs --bounding-set=-all --inh-caps=-all -- \
      env -i PATH="$PATH" NODE_ENV=production DATA_DIR=data DATABASE_URL="$DATABASE_URL" PORT="$PORT" METRICS_PORT="$METRICS_PORT" \
      LOG_LEVEL=warn "$@"
  ' sh "$folder/image" "$data" "$@"
}

export PORT="$port" METRICS_PORT=$((port + 1))
(run "$folder/data" node dist/cli.js serve) & serve=$!
(run "$folder/data-worker" node dist/cli.js worker) & worker=$!
trap 'kill $serve $worker 2>/dev/null || true' EXIT

# Asks as the image's health check does, once a second, for at most two minutes.
healthy() {
  for _ in $(seq 120); do
    if (run "$folder/data" node dist/cli.js health "$@") >/dev/null 2>&1; then return 0; fi
    sleep 1
  done
  echo "not healthy within two minutes: health $*" >&2
  return 1
}
healthy
healthy --worker
(run "$folder/data" node dist/cli.js status --json) >/dev/null

(run "$folder/data" touch data/written)
if (run "$folder/data" touch written) 2>/dev/null; then
  echo 'the tree could be written to' >&2
  exit 1
fi
kill $serve $worker
wait $serve || exit 1
wait $worker || exit 1
trap - EXIT
echo 'image: the service and a worker ran read only, were healthy, and ended in order'
