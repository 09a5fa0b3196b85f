# What deploy/restore and deploy/drill share: the database and the files out of the backup. Sourced,
# after backup.sh. Their caller sets `to` (a moment in UTC or nothing), `from` and `timeline`.
# shellcheck shell=bash
# shellcheck disable=SC2154

# restore_database OPTION ...: to the moment `to` or to the newest state; options of pgBackRest win.
restore_database() {
    local options=()
    [ -z "$from" ] || options+=(--repo="$from")
    [ -z "$timeline" ] || options+=(--target-timeline="$timeline")
    [ -z "$to" ] || options+=(--type=time --target="$to" --target-action=promote)
    run_pgbackrest "${options[@]}" "$@" restore
}

# restore_files FOLDER MANAGE ...: uploads are added and deleted, never changed. So the last
# snapshot before the moment lacks only what was added after it; that is in the first one after the
# moment. MANAGE is the command that runs manage.py on the database of then.
restore_files() {
    local snapshots media missing
    media=$(realpath -m "$MEDIA_ROOT")
    mapfile -t snapshots < <(snapshots_around)
    [ ${#snapshots[@]} -gt 0 ] || stop_with "No backup of the files."
    [ -d "$1" ] || install -d -o "$PORTAL_USER" -g "$(id -g "$PORTAL_USER")" -m 0750 "$1"
    run_restic "${from:-1}" restore "${snapshots[0]}:$media" --target="$1" --delete >/dev/null
    mapfile -t missing < <("${@:2}" check_files --names)
    [ ${#missing[@]} -gt 0 ] && [ ${#snapshots[@]} = 2 ] || return 0
    run_restic "${from:-1}" restore "${snapshots[1]}:$media" --target="$1" \
        --include-file=<(printf '/%s\n' "${missing[@]}") >/dev/null
}

snapshots_around() {
    run_restic "${from:-1}" --json snapshots --host=sscnet | python3 -c '
import json, sys
from datetime import datetime
moment = sys.argv[1]
taken = sorted((datetime.fromisoformat(one["time"]), one["id"]) for one in json.load(sys.stdin))
until = datetime.fromisoformat(moment) if moment else taken[-1][0]
before = [number for time, number in taken if time <= until][-1:]
after = [number for time, number in taken if time > until][:1]
print("\n".join(before + after))
' "$to"
}

# restore_into FOLDER OPTION ...: a trial, reached by a socket in the folder by nobody but root, the
# users postgres and the portal's.
restore_into() {
    [ -z "$(ls -A "$1" 2>/dev/null)" ] || stop_with "$1 is not empty."
    want_room_for "$1"
    install -d -o postgres -g "$(id -g "$PORTAL_USER")" -m 0751 "$1"
    install -d -o postgres -g postgres -m 0700 "$1/data"
    restore_database --pg1-path="$1/data" --archive-mode=off "${@:2}"
    start_trial "$1"
    restore_files "$1/files" manage_trial "$1"
}

# manage_trial TRIAL COMMAND ...: manage.py on a trial.
manage_trial() {
    local -x DATABASE_URL=postgresql://$PORTAL_USER@${1//\//%2F}/$DATABASE MEDIA_ROOT=$1/files
    manage "$RELEASE" "${@:2}"
}

want_room_for() {
    local needed free
    needed=$(du --summarize --block-size=1M --total "$MEDIA_ROOT" \
        "$(pg_conftool --short "${CLUSTER%/*}" "${CLUSTER#*/}" show data_directory)" 2>/dev/null |
        tail -n 1 | cut -f1)
    mkdir -p "$1"
    free=$(df --output=avail --block-size=1M "$1" | tail -n 1)
    [ "$free" -gt $((needed * 5 / 4)) ] || stop_with "$1 has $free MB free; a trial needs $needed."
}

# Options on the command line win over what the original's administrators set by ALTER SYSTEM.
start_trial() {
    : | as_postgres tee "$1/data/postgresql.conf" >/dev/null
    printf 'local all %s peer\n' postgres "$PORTAL_USER" $OWNER $READER | as_postgres tee "$1/data/pg_hba.conf" >/dev/null
    : | as_postgres tee "$1/data/pg_ident.conf" >/dev/null
    as_postgres "/usr/lib/postgresql/${CLUSTER%/*}/bin/pg_ctl" start --silent --wait --timeout=86400 \
        --pgdata="$1/data" --log="$1/log" --options="-c listen_addresses= -c port=5432 \
        -c unix_socket_directories=$1 -c synchronous_standby_names= -c hot_standby=off -c archive_mode=off -c ssl=off -c jit=off" >/dev/null || {
        tail -n 5 "$1/log" >&2
        return 1
    }
}

end_trial() {
    as_postgres "/usr/lib/postgresql/${CLUSTER%/*}/bin/pg_ctl" stop --silent --mode=immediate \
        --pgdata="$1/data" || true
    rm -r "$1"
}
