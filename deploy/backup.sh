# Backups of an installed portal: settings, and the two programs that do the work. Sourced by
# deploy/install, backup, restore and drill. The database goes by pgBackRest, files by restic; both
# encrypt with one key. What an operator does with it: docs/operate.md.
# shellcheck shell=bash

RELEASE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/lib.sh
. "$RELEASE/deploy/lib.sh"
BACKREST_CONF=/etc/pgbackrest.conf
SSH_FOLDER=/etc/pgbackrest
STANZA=sscnet
KEY_FILE=$CONFIG/backup.key
export RESTIC_CACHE_DIR=/var/cache/sscnet-backup

# ------------------------------------------------------------------ settings

read_backup_settings() {
    BACKUP_FOLDER=$(setting BACKUP_FOLDER /var/lib/pgbackrest)
    BACKUP_WEEKS=$(setting BACKUP_WEEKS 5)
    MEDIA_ROOT=$(setting MEDIA_ROOT "$STATE/media")
    ERASURE_LOG=$(setting ERASURE_LOG "$STATE/erasures.jsonl")
    DATABASE=$(setting DATABASE_URL)
    DATABASE=${DATABASE##*/}
    DATABASE=${DATABASE%%\?*}
    SECOND_PLACE=
    [ -z "$(setting BACKUP_SFTP_HOST)" ] || SECOND_PLACE=sftp
    [ -z "$(setting BACKUP_S3_BUCKET)" ] || SECOND_PLACE=s3
    ! grep --quiet '^BACKUP_S3_[KS]' "$PORTAL_ENV" ||
        stop_with "The keys of the second place stand in $PORTAL_ENV, which the pages read: move them to $ROOT_ENV."
}

in_database() {
    sql --dbname="$DATABASE" "$@"
}

is_database_up() {
    pg_lsclusters --no-header "${CLUSTER%/*}" "${CLUSTER#*/}" | grep -q ' online '
}

# put_file PATH MODE GROUP: take the text from stdin; fail when the file holds it already.
put_file() {
    local new
    new=$(mktemp)
    cat >"$new"
    if cmp --silent "$new" "$1"; then
        rm "$new"
        return 1
    fi
    install -o root -g "$3" -m "$2" "$new" "$1"
    rm "$new"
}

# note_state NAME TEXT: leave for those who watch what was done last, whole or not at all.
note_state() {
    local new
    new=$(mktemp "$STATE/.XXXXXXXX")
    printf '%s\n' "$2" >"$new"
    chmod 644 "$new"
    mv -T "$new" "$STATE/$1"
}

now() {
    date --utc +%Y-%m-%dT%H:%M:%SZ
}

# ------------------------------------------------------------------ the database: pgBackRest

run_pgbackrest() {
    as_postgres pgbackrest --config="$BACKREST_CONF" --stanza="$STANZA" "$@"
}

# The numbers pgBackRest gives the places: 1 is here, 2 the second one. It counts once it was set up,
# not as soon as it is named: a new machine must not write into the backup it is about to restore.
places() {
    echo 1
    ! grep -q '^repo2-' "$BACKREST_CONF" || echo 2
}

pgbackrest_conf() {
    cat <<END
# Made by deploy/backup.sh from portal.env and root.env: change it there, then deploy/backup set-up.
[global]
$(repository 1)
repo1-path=$BACKUP_FOLDER
$(second_repository)
start-fast=y
compress-type=zst
log-level-console=warn
# After a place was out of reach there is much to archive.
archive-timeout=600
log-level-file=off
lock-path=$BACKUP_FOLDER/lock
# With a place out of reach for long the database goes on; the next backup makes it whole.
archive-push-queue-max=4GiB

[$STANZA]
pg1-path=$(pg_conftool --short "${CLUSTER%/*}" "${CLUSTER#*/}" show data_directory)
pg1-port=$(pg_conftool --short "${CLUSTER%/*}" "${CLUSTER#*/}" show port)
pg1-socket-path=$(pg_conftool --short "${CLUSTER%/*}" "${CLUSTER#*/}" show unix_socket_directories)
END
}

repository() {
    cat <<END
repo$1-cipher-type=aes-256-cbc
repo$1-cipher-pass=$(cat "$KEY_FILE")
repo$1-retention-full=$BACKUP_WEEKS
repo$1-bundle=y
END
}

second_repository() {
    [ -n "$SECOND_PLACE" ] || return 0
    repository 2
    echo "repo2-type=$SECOND_PLACE"
    "second_repository_$SECOND_PLACE"
}

second_repository_s3() {
    cat <<END
repo2-path=/database
repo2-s3-endpoint=$(setting BACKUP_S3_ENDPOINT)
repo2-s3-bucket=$(setting BACKUP_S3_BUCKET)
repo2-s3-region=$(setting BACKUP_S3_REGION us-east-1)
repo2-s3-key=$(setting BACKUP_S3_KEY)
repo2-s3-key-secret=$(setting BACKUP_S3_SECRET)
repo2-s3-uri-style=path
END
}

second_repository_sftp() {
    cat <<END
repo2-path=$(setting BACKUP_SFTP_FOLDER)/database
repo2-sftp-host=$(setting BACKUP_SFTP_HOST)
repo2-sftp-host-port=$(setting BACKUP_SFTP_PORT 22)
repo2-sftp-host-user=$(setting BACKUP_SFTP_USER)
repo2-sftp-private-key-file=$SSH_FOLDER/backup_key
repo2-sftp-known-host=$SSH_FOLDER/known_hosts
repo2-sftp-host-key-hash-type=sha256
END
}

# ------------------------------------------------------------------ the files: restic

# run_restic PLACE ...
run_restic() {
    local arguments=(--quiet "--password-file=$KEY_FILE" --retry-lock=10m)
    case $1/$SECOND_PLACE in
        1/*) arguments+=("--repo=$BACKUP_FOLDER/files") ;;
        2/s3) arguments+=("--repo=s3:https://$(setting BACKUP_S3_ENDPOINT)/$(setting BACKUP_S3_BUCKET)/files") ;;
        2/sftp) arguments+=("--repo=sftp://$(setting BACKUP_SFTP_USER)@$(setting BACKUP_SFTP_HOST):$(
            setting BACKUP_SFTP_PORT 22)/$(setting BACKUP_SFTP_FOLDER)/files"
            "--option=sftp.args=-o BatchMode=yes -i $SSH_FOLDER/backup_key -o UserKnownHostsFile=$SSH_FOLDER/known_hosts") ;;
        *) stop_with "There is no place $1: see BACKUP_ in $ROOT_ENV." ;;
    esac
    AWS_ACCESS_KEY_ID=$(setting BACKUP_S3_KEY) AWS_SECRET_ACCESS_KEY=$(setting BACKUP_S3_SECRET) \
        AWS_DEFAULT_REGION=$(setting BACKUP_S3_REGION us-east-1) restic "${arguments[@]}" "${@:2}"
}

backed_up_files() {
    local path
    for path in "$MEDIA_ROOT" "$ERASURE_LOG" "$PORTAL_ENV"; do
        [ ! -e "$path" ] || realpath "$path"
    done
}

# A snapshot. Those of one name ("host") follow one another on any machine.
take_files() {
    local paths
    mapfile -t paths < <(backed_up_files)
    run_restic "$1" backup --host=sscnet --skip-if-unchanged "${paths[@]}"
}

# In each place.
back_up_files() {
    local place begun failed=0
    # A name of its own: the timer and a drill may do this at the same time.
    begun=$(mktemp "$BACKUP_FOLDER/.files.XXXXXXXX")
    for place in $(places); do
        take_files "$place" || failed=1
    done
    if [ $failed != 0 ]; then
        rm "$begun"
        stop_with "Not every place took the files."
    fi
    mv "$begun" "$BACKUP_FOLDER/.files"
}

have_files_changed() {
    local paths
    mapfile -t paths < <(backed_up_files)
    [ ! -e "$BACKUP_FOLDER/.files" ] ||
        [ -n "$(find "${paths[@]}" -newercm "$BACKUP_FOLDER/.files" -print -quit)" ]
}

# Every minute's state for a week, every hour's as long as the database's.
forget_old_files() {
    local place
    for place in $(places); do
        run_restic "$place" forget --host=sscnet --group-by=host --prune --keep-within=8d \
            --keep-within-hourly=$((BACKUP_WEEKS * 7))d
    done
}

# ------------------------------------------------------------------ setting it up

# Called by deploy/install and after a restore; run again it changes nothing. A place that holds the
# backup of another database is refused.
set_up_backup() {
    read_backup_settings
    want_roots "$MEDIA_ROOT" "$ERASURE_LOG"
    make_key
    install -d -o postgres -g postgres -m 0750 "$BACKUP_FOLDER"
    install -d -m 0700 "$RESTIC_CACHE_DIR"
    pgbackrest_conf | put_file "$BACKREST_CONF" 0640 postgres || true
    turn_on_archiving
    run_pgbackrest stanza-create
    make_places_for_files
    [ -n "$(latest_backup)" ] || "$RELEASE/deploy/backup" full
}

make_key() {
    [ ! -s "$KEY_FILE" ] || return 0
    (umask 077 && openssl rand -base64 33 >"$KEY_FILE")
    cat <<END
The key of the backups was made: $KEY_FILE
Keep a copy of it outside this machine, on paper or in a safe for passwords, with the name of the
second place: without the key no backup can be read, and nobody can make it again.
END
}

# After a restart PostgreSQL looks at archive_timeout only when a checkpoint is due.
turn_on_archiving() {
    local version=${CLUSTER%/*} name=${CLUSTER#*/} setting before after
    before=$(archive_settings)
    while IFS='|' read -r setting value; do
        pg_conftool "$version" "$name" set "$setting" "$value"
    done <<END
archive_mode|on
archive_timeout|60
checkpoint_timeout|60
archive_command|pgbackrest --config=$BACKREST_CONF --stanza=$STANZA archive-push %p
END
    after=$(archive_settings)
    if [ "$before" != "$after" ]; then
        pg_ctlcluster "$version" "$name" restart
    fi
}

archive_settings() {
    grep -E '^(archive_(mode|timeout|command)|checkpoint_timeout) ' "/etc/postgresql/$CLUSTER/postgresql.conf" || true
}

make_places_for_files() {
    local place
    for place in $(places); do
        run_restic "$place" cat config >/dev/null 2>&1 || run_restic "$place" init
    done
}

# The name of the newest backup of the database here, if there is one.
latest_backup() {
    run_pgbackrest --repo=1 --output=json info | grep -o '"label":"[^"]*"' | tail -n 1 | cut -d'"' -f4
}
