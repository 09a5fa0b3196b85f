# What deploy/restore and deploy/drill share: the database and the files out of the backup, beside the
# portal. Sourced, after backup.sh. Their caller sets `to` (a moment in UTC or nothing), `from` and
# `timeline`, and ends the trial that TRIAL names if something fails.
# shellcheck shell=bash
# shellcheck disable=SC2154

TRIAL=''
OTHER_BACKUP="Try the second place (--from 2) or an earlier backup (--to with a moment before this one)."

# ------------------------------------------------------------------ before it

# A database that still applies its log is up, and answers nobody.
is_writable() {
    [ "$(in_database --command="SELECT pg_is_in_recovery()" 2>/dev/null)" = f ]
}

# bring_log_up_to_now POINT: mark the log there, and have it in the backup up to the mark. A moment is
# reached with the first change after it.
bring_log_up_to_now() {
    in_database --command="SELECT pg_create_restore_point('$1'), pg_current_xact_id()" >/dev/null &&
        run_pgbackrest check
}

# MB that a restore takes: the backup's own sizes, and the log while it is applied.
room_needed() {
    local database files
    database=$(about_backup 'max(one["info"]["size"] for one in stanza["backup"])') &&
        files=$(run_restic "${from:-1}" --json stats latest --host=sscnet |
            python3 -c 'import json, sys; print(json.load(sys.stdin)["total_size"])') ||
        stop_with "The backup does not say what it holds. $OTHER_BACKUP"
    echo $(((database + files) / 1024 / 1024 * 5 / 4 + 1024))
}

# about_backup EXPRESSION: in Python, of what pgBackRest tells of the place that is read.
about_backup() {
    run_pgbackrest --repo="${from:-1}" --output=json info |
        python3 -c "import json, sys; [stanza] = json.load(sys.stdin); print($1)"
}

free_room() {
    df --output=avail --block-size=1M "$1" | tail -n 1 | tr -d ' '
}

want_room() {
    local needed free
    needed=$(room_needed)
    free=$(free_room "$1")
    [ "$free" -gt "$needed" ] ||
        stop_with "$1 has $free MB free; a restore needs $needed, as what is there stays meanwhile. Make room."
}

# ------------------------------------------------------------------ the trial

# restore_into FOLDER OPTION ...: a trial, reached by a socket in the folder by nobody but root and the
# users postgres, the portal's, the owner's and the reader's. Options are pgBackRest's.
restore_into() {
    [ -z "$(ls -A "$1" 2>/dev/null)" ] || stop_with "$1 is not empty."
    install -d -o postgres -g "$(id -g "$PORTAL_USER")" -m 0751 "$1"
    TRIAL=$1
    want_room "$1"
    install -d -o postgres -g postgres -m 0700 "$1/data"
    restore_database --pg1-path="$1/data" "${@:2}"
    start_trial "$1"
    restore_files "$1/files" manage_trial "$1"
}

# restore_database OPTION ...: to the moment `to` or as the options say; these win.
restore_database() {
    local options=()
    [ -z "$from" ] || options+=(--repo="$from")
    [ -z "$timeline" ] || options+=(--target-timeline="$timeline")
    [ -z "$to" ] || options+=(--type=time --target="$to" --target-action=promote)
    run_pgbackrest "${options[@]}" "$@" restore ||
        stop_with "The backup of the database cannot be read. $OTHER_BACKUP"
}

# Options on the command line win over what the original's administrators set by ALTER SYSTEM. A log
# of an original with room for more connections is not applied where hot_standby is on. Nothing is
# archived: a timeline in the archive that the portal does not follow would mislead the next restore.
start_trial() {
    : | as_postgres tee "$1/data/postgresql.conf" >/dev/null
    printf 'local all %s peer\n' postgres "$PORTAL_USER" $OWNER $READER |
        as_postgres tee "$1/data/pg_hba.conf" >/dev/null
    : | as_postgres tee "$1/data/pg_ident.conf" >/dev/null
    control_trial "$1" start --wait --timeout=86400 --log="$1/log" --options="-c listen_addresses= \
        -c port=5432 -c unix_socket_directories=$1 -c synchronous_standby_names= -c hot_standby=off \
        -c archive_mode=off -c ssl=off -c jit=off -c log_timezone=UTC" >/dev/null || explain_recovery "$1/log"
    wait_for_trial "$1"
    control_trial "$1" status >/dev/null
}

# It answers once the log is applied, however long that takes.
wait_for_trial() {
    local waited=0
    until ask_trial "$1" postgres "SELECT 1" >/dev/null 2>&1; do
        sleep 1
        control_trial "$1" status >/dev/null || explain_recovery "$1/log"
        waited=$((waited + 1))
        [ $((waited % 60)) != 0 ] || echo "The log of the database is applied: $waited seconds."
    done
}

explain_recovery() {
    local last reached
    # Without those who asked meanwhile.
    grep -E 'ERROR|FATAL|PANIC' "$1" | grep -v 'FATAL:  the database system is' | tail -n 5 >&2 || true
    last=$(grep -o 'restored log file "[^"]*"' "$1" | tail -n 1 | cut -d'"' -f2) || true
    reached=$(sed -n 's/.*last completed transaction was at log time //p' "$1" | tail -n 1)
    say_where_it_ends "${last:-none}" "${reached:-the end of its base}"
}

say_where_it_ends() {
    stop_with "The backup does not lead to ${to:-the newest state}: its log ends after the segment $1," \
        "the last change is of $2. The next segment is missing, cannot be read, or nothing changed since." \
        "Try the second place (--from 2), or --to with a moment before that change."
}

# want_whole_log TRIAL SEGMENT: without a target PostgreSQL takes the first segment it cannot get for
# the end of the log.
want_whole_log() {
    local reached
    reached=$(ask_trial "$1" postgres "SELECT pg_walfile_name(pg_last_wal_replay_lsn())")
    [ -n "$reached" ] && [[ ! ${2:8} > ${reached:8} ]] ||
        say_where_it_ends "${reached:8}" "$(newest_change "$1")"
}

newest_change() {
    ask_trial "$1" postgres "SET timezone = 'UTC'; SELECT coalesce(pg_last_xact_replay_timestamp()::text, 'its base')"
}

control_trial() {
    as_postgres "/usr/lib/postgresql/${CLUSTER%/*}/bin/pg_ctl" "$2" --silent --pgdata="$1/data" "${@:3}"
}

# ask_trial TRIAL DATABASE STATEMENT
ask_trial() {
    as_postgres psql --host="$1" --dbname="$2" --no-psqlrc --quiet --tuples-only --no-align \
        --set=ON_ERROR_STOP=1 --command="$3"
}

# manage_trial TRIAL COMMAND ...: manage.py on a trial.
manage_trial() {
    local -x DATABASE_URL=postgresql://$PORTAL_USER@${1//\//%2F}/$DATABASE MEDIA_ROOT=$1/files
    manage "$RELEASE" "${@:2}"
}

end_trial() {
    control_trial "$1" stop --mode=immediate >/dev/null 2>&1 || true
    rm -rf "$1"
}

# ------------------------------------------------------------------ the files

# restore_files FOLDER MANAGE ...: uploads are added and deleted, never changed. So the last
# snapshot before the moment lacks only what was added after it; that is in the first one after the
# moment. MANAGE is the command that runs manage.py on the database of then. The folder is the portal's
# user's, who could lead root elsewhere in it: so it is this user who writes.
restore_files() {
    local found media missing snapshots added
    media=$(realpath -m "$MEDIA_ROOT")
    found=$(snapshots_around) || say_no_files
    [ -n "$found" ] || stop_with "There is no backup of the files. $OTHER_BACKUP"
    mapfile -t snapshots <<<"$found"
    [ -d "$1" ] || install -d -o "$PORTAL_USER" -g "$(id -g "$PORTAL_USER")" -m 0750 "$1"
    run_restic "${from:-1}" dump "${snapshots[0]}:$media" / |
        as_user "$PORTAL_USER" tar --extract --no-overwrite-dir --directory="$1" || say_no_files
    missing=$("${@:2}" check_files --names)
    [ -n "$missing" ] && [ ${#snapshots[@]} = 2 ] || return 0
    added=$(mktemp -d)
    run_restic "${from:-1}" restore "${snapshots[1]}:$media" --target="$added" \
        --include-file=<(sed 's#^#/#' <<<"$missing") >/dev/null || say_no_files
    tar --create --directory="$added" . |
        as_user "$PORTAL_USER" tar --extract --no-overwrite-dir --directory="$1"
    rm -r "$added"
}

say_no_files() {
    stop_with "The backup of the files cannot be read. $OTHER_BACKUP"
}

snapshots_around() {
    run_restic "${from:-1}" --json snapshots --host=sscnet | python3 -c '
import json, sys
from datetime import datetime
moment = sys.argv[1]
taken = sorted((datetime.fromisoformat(one["time"]), one["id"]) for one in json.load(sys.stdin))
until = datetime.fromisoformat(moment) if moment else None
before = [number for time, number in taken if not until or time <= until][-1:]
after = [number for time, number in taken if until and time > until][:1]
print("\n".join(before + after))
' "$to"
}
