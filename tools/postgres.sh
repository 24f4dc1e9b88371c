#!/bin/sh
# A PostgreSQL of one's own, with PostGIS, in a folder: for tests and for trying things out.
#
#   sh tools/postgres.sh start FOLDER    makes it where it is missing, starts it, prints DATABASE_URL
#   sh tools/postgres.sh url FOLDER      prints DATABASE_URL, the database running or not
#   sh tools/postgres.sh stop FOLDER     stops it; the folder stays until you remove it
#
# Each word may be said twice. It needs the programs of PostgreSQL and the extension PostGIS, no
# running service, and touches none: it has its own folder, its own port and a socket in that
# folder. It listens on this machine only and asks for no password, and it does not wait for the
# disk (fsync is off): what it holds may be lost with the power. Not for records anybody needs.
set -eu

say() { printf 'kulan: %s\n' "$*" >&2; }
fail() {
    say "$1"
    shift
    for line in "$@"; do printf '       %s\n' "$line" >&2; done
    exit 1
}

word=${1:-}
folder=${2:-}
case "$word" in start | stop | url) ;; *) word= ;; esac
if [ -z "$word" ] || [ -z "$folder" ]; then
    fail "Say what to do, and in which folder: sh tools/postgres.sh start|stop|url FOLDER"
fi
case "$folder" in /*) ;; *) folder=$(pwd)/$folder ;; esac
data=$folder/data
database=kulan

# PostgreSQL refuses to run as root: then it runs as the user its package made.
if [ "$(id -u)" -eq 0 ]; then owner=postgres; else owner=$(id -un); fi
as_owner() {
    # from a folder that any user may stand in
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && setpriv --reuid "$owner" --regid "$owner" --init-groups "$@")
    else
        (cd / && "$@")
    fi
}

# Prints the folder of the newest PostgreSQL's programs, or says what is missing.
find_programs() {
    for place in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -rn) \
        $(ls -d /opt/homebrew/opt/postgresql@*/bin /usr/pgsql-*/bin 2>/dev/null | sort -r) \
        "$(dirname "$(command -v initdb 2>/dev/null || echo /nowhere/initdb)")"; do
        if [ -x "$place/initdb" ] && [ -x "$place/pg_ctl" ]; then echo "$place"; return; fi
    done
    fail "PostgreSQL's programs (initdb, pg_ctl) are not on this machine." \
        "Debian and Ubuntu: apt install postgresql, and the PostGIS that fits it:" \
        "apt-cache search --names-only '^postgresql-[0-9]*-postgis-3\$' names it."
}

ask() {
    as_owner "$programs/psql" -X -q -A -t -v ON_ERROR_STOP=1 \
        -h "$folder" -p "$1" -U kulan -d "$2" -c "$3"
}
running() { as_owner "$programs/pg_ctl" -D "$data" status >/dev/null 2>&1; }

# The port stands in a file of its own, so that `url` knows it also while nothing runs.
port() { cat "$folder/port" 2>/dev/null || true; }
url() { echo "postgresql://kulan@127.0.0.1:$(port)/$database"; }

# A port nobody listens on. Another may take it before we do: the start then tries the next one.
free_port() {
    candidate=$((5500 + ($$ + $1 * 37) % 900))
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        if ! "$programs/pg_isready" -q -h 127.0.0.1 -p "$candidate" -t 1; then break; fi
        candidate=$((candidate + 1))
    done
    echo "$candidate"
}

# The folder belongs to the owner, who must also be able to walk to it.
make_folder() {
    mkdir -p "$folder"
    if [ "$(id -u)" -eq 0 ]; then
        id "$owner" >/dev/null 2>&1 ||
            fail "PostgreSQL does not run as root, and this machine has no user $owner to run it as." \
                "Run this as an ordinary user, or install PostgreSQL's own package: it makes that user."
        chown "$owner" "$folder"
    fi
    as_owner test -w "$folder" ||
        fail "PostgreSQL runs as $owner here, who cannot reach $folder." \
            "Name a folder whose parents everybody may pass, for instance one under /var/tmp."
    # the name of a socket holds at most 107 characters
    if [ "${#folder}" -gt 85 ]; then
        fail "The path $folder is too long for a socket (${#folder} characters; 85 fit)." \
            "Name a folder nearer to the root, for instance one under /var/tmp."
    fi
}

# Two who start the same one at the same time take turns; the server must not inherit the turn.
wait_for_others() {
    if command -v flock >/dev/null; then
        exec 9>"$folder/lock"
        flock -w 120 9 || fail "Somebody else has been starting the PostgreSQL in $folder for two minutes."
    fi
}

make_cluster() {
    if as_owner test -s "$data/PG_VERSION"; then return; fi
    # an unfinished one would be taken for a whole one: it gets its name when it is done
    as_owner rm -rf "$data.new"
    as_owner "$programs/initdb" -D "$data.new" -A trust -U kulan -E UTF8 --locale=C.UTF-8 \
        --no-sync >"$folder/initdb.log" 2>&1 || {
        cat "$folder/initdb.log" >&2
        rm -f "$folder/initdb.log"
        fail "PostgreSQL could not be set up in $folder; the lines above say why."
    }
    rm -f "$folder/initdb.log"
    as_owner mv "$data.new" "$data"
}

start_cluster() {
    if running; then return; fi
    for try in 0 1 2 3 4; do
        number=$(port)
        if [ "$try" -gt 0 ] || [ -z "$number" ]; then number=$(free_port "$try"); fi
        echo "$number" >"$folder/port"
        # its words go to the log alone: a server that keeps our output open would hang a pipe
        if as_owner "$programs/pg_ctl" -D "$data" -s -w -t 60 -l "$folder/log" -o "-p $number \
            -c unix_socket_directories='$folder' -c listen_addresses=127.0.0.1 -c fsync=off \
            -c synchronous_commit=off -c full_page_writes=off" start >/dev/null 2>&1 9>&-; then return; fi
    done
    tail -n 5 "$folder/log" >&2 || true
    fail "PostgreSQL did not start; the end of $folder/log stands above."
}

# Started by us or found running: it may still be getting up.
await_answer() {
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        if "$programs/pg_isready" -q -h "$folder" -p "$(port)" -t 3; then return; fi
        sleep 1
    done
    fail "PostgreSQL in $folder is said to run, but does not answer; the end of $folder/log says why." \
        "Should its process be gone, remove $data/postmaster.pid and start again."
}

make_database() {
    number=$(port)
    there=$(ask "$number" postgres "select count(*) from pg_database where datname = '$database'")
    if [ "$there" = 0 ]; then ask "$number" postgres "create database $database"; fi
    known="select count(*) from pg_available_extensions where name = 'postgis'"
    if [ "$(ask "$number" "$database" "$known")" = 0 ]; then
        fail "This PostgreSQL has no PostGIS, or not one that fits it ($programs)." \
            "Debian and Ubuntu: apt install postgresql-$(as_owner cat "$data/PG_VERSION")-postgis-3"
    fi
    ask "$number" "$database" \
        "set client_min_messages = warning; create extension if not exists postgis"
}

[ "$word" = url ] || programs=$(find_programs)
case "$word" in
    start)
        make_folder
        wait_for_others
        make_cluster
        start_cluster
        await_answer
        make_database
        url
        ;;
    stop)
        if running; then as_owner "$programs/pg_ctl" -D "$data" -s -w -m fast stop; fi
        ;;
    url)
        if [ -z "$(port)" ]; then
            fail "No PostgreSQL was ever started in $folder: sh tools/postgres.sh start $folder"
        fi
        url
        ;;
esac
