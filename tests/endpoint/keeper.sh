#!/bin/sh
# A PostgreSQL server of its own in the directory $1, from the programs in $2: made, started, and said "ready" of; stopped, and the directory
# taken away, when nobody holds the other end of its input any more. So it never outlives whoever needed it, however that one ended.
set -e
# Who ends the whole group of a test run must not leave the server behind: then, too, it is stopped first.
trap : TERM INT HUP
dir=$1 bin=$2
run() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --init-groups "$@"; else "$@"; fi; }
[ "$(id -u)" != 0 ] || chown postgres "$dir"
cd "$dir"
run "$bin/initdb" -D "$dir/data" -U rasad -A trust -E UTF8 --locale=C --no-sync > "$dir/made" 2>&1
printf "listen_addresses = ''\nunix_socket_directories = '%s'\nmax_connections = 400\n" "$dir" >> "$dir/data/postgresql.conf"
run "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w start > "$dir/started" 2>&1
echo ready
cat > "$dir/input" || true
run "$bin/pg_ctl" -D "$dir/data" -m immediate stop > /dev/null 2>&1 || true
rm -rf "$dir"
