# What the scripts of this folder share; sourced by bash under `set -euo pipefail`.
# shellcheck shell=bash
# shellcheck disable=SC2034 # Used by the scripts that source it.

OPT=/opt/sscnet
CURRENT=$OPT/current
PREVIOUS=$OPT/previous
CONFIG=/etc/sscnet
PORTAL_ENV=$CONFIG/portal.env
# What the portal's own user must not know.
ROOT_ENV=$CONFIG/root.env
STATE=/var/lib/sscnet
# The newest that starts by itself: its predecessor may be kept (deploy/upgrade-database).
CLUSTER=$({ grep --files-with-matches '^auto' /etc/postgresql/*/main/start.conf 2>/dev/null || true; } |
    sort --version-sort | tail -n 1 | cut -d/ -f4-5)
CLUSTER=${CLUSTER:-17/main}
# The log of requests (REQUEST_LOG), which the portal's user appends to and cannot read.
REQUESTS=/var/log/sscnet-requests
# Each is a user of the system and a role of the database: the pages; whom tables and functions belong
# to; who reads them for a drill.
PORTAL_USER=sscnet
OWNER=sscnet_owner
READER=sscnet_reader
RELEASES_KEPT=3
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
umask 022

REASON=''
stop_with() {
    REASON=$*
    echo "$*" >&2
    exit 1
}

want_root() {
    [ "$(id -u)" = 0 ] || stop_with "Run this as root."
}

# setting NAME [DEFAULT]: a value of portal.env or root.env.
setting() {
    local value
    value=$(sed -n "s/^$1=//p" "$PORTAL_ENV" "$ROOT_ENV" | tail -n 1)
    printf '%s' "${value:-${2:-}}"
}

# The time that timers and people go by, as TIME_ZONE of the settings; the machine's clock may show UTC.
office_zone() {
    echo Asia/Shanghai
}

# Show what a command printed only if it failed.
quietly() {
    local output
    output=$("$@" 2>&1) || {
        printf '%s\n' "$output" | tail -n 30 >&2
        return 1
    }
}

# as_user USER COMMAND ...
as_user() {
    (cd / && setpriv --reuid="$1" --regid="$(id -g "$1")" --init-groups "${@:2}")
}

as_postgres() {
    as_user postgres "$@"
}

sql() {
    sql_as postgres "$@"
}

# sql_as USER ...
sql_as() {
    as_user "$1" psql --cluster="$CLUSTER" --no-psqlrc --quiet --tuples-only --no-align \
        --set=ON_ERROR_STOP=1 "${@:2}"
}

# manage RELEASE COMMAND ...: manage.py of a release as the portal's user, or as the owner of its tables
# where the command needs that. Not with root's home: a connection with TLS looks for certificates
# there and ends where it may not look.
manage() {
    local user=$PORTAL_USER url
    local -x ENV_FILE=$PORTAL_ENV HOME=$STATE
    case $2 in
        migrate | make_sample)
            user=$OWNER url=$(owner_url)
            local -x WEB_ROLE=$PORTAL_USER SECURITY_LOG='' DATABASE_URL=$url
            ;;
    esac
    as_user "$user" env --chdir="$1" .venv/bin/python manage.py "${@:2}"
}

# How the owner gets into the database: here by name alone, elsewhere as root.env says.
owner_url() {
    local url=${DATABASE_URL:-$(setting OWNER_DATABASE_URL "$(setting DATABASE_URL)")}
    if [[ $url == *%2F* ]]; then
        url=$(sed -E "s#//[^@/]*@#//$OWNER@#" <<<"$url")
    fi
    printf '%s' "$url"
}

# want_roots PATH ...: stop where somebody else than root could make one of these a link to elsewhere.
want_roots() {
    local path folder
    for path in "$@"; do
        for folder in "$path" "$(realpath -m "$path")"; do
            while [ "$folder" != / ]; do
                folder=$(dirname "$folder")
                [ ! -e "$folder" ] || [ -z "$(find -H "$folder" -maxdepth 0 '(' ! -uid 0 -o -perm /022 ')')" ] ||
                    stop_with "$path could be led elsewhere by who may write to $folder: give that to root alone."
            done
        done
    done
}

# Two at once would lay and remove each other's releases.
only_one() {
    exec 9>/run/lock/sscnet-deploy
    flock --nonblock 9 || stop_with "Another install, upgrade, rollback or restore is running."
}

has_systemd() {
    [ -d /run/systemd/system ]
}

# ------------------------------------------------------------------ releases

# Copy what is installed of a checkout, or of an unpacked or packed archive of one, to a folder.
copy_source() {
    if [ -f "$1" ]; then
        tar --extract --file="$1" --directory="$2" --strip-components=1
    elif [ -e "$1/.git" ] && command -v git >/dev/null; then
        # As committed; the checkout may belong to another user, which git refuses unless told.
        git -c safe.directory='*' -C "$1" archive HEAD | tar --extract --directory="$2"
    else
        tar --create --directory="$1" --exclude=./.venv --exclude=./.local --exclude=./staticfiles \
            --exclude=__pycache__ --exclude='*.mo' . | tar --extract --directory="$2"
    fi
}

# The version, and what tells two states of it apart.
release_name() {
    local version sum
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$1/pyproject.toml")
    sum=$(cd "$1" && find . -type f -print0 | sort --zero-terminated | xargs -0 sha256sum | sha256sum)
    echo "$version-${sum:0:8}"
}

# lay_release SOURCE: lay a release beside the others and set RELEASE to its folder. Packages,
# translations and static files belong to it; only `.whole` says that it was made to its end.
lay_release() {
    local new
    mkdir -p $OPT/releases
    rm -rf $OPT/releases/.new-*
    new=$(mktemp -d $OPT/releases/.new-XXXX)
    copy_source "$1" "$new"
    RELEASE=$OPT/releases/$(release_name "$new")
    if [ -e "$RELEASE/.whole" ]; then
        rm -rf "$new"
        return
    fi
    rm -rf "$RELEASE"
    mv "$new" "$RELEASE"
    chown -R root:root "$RELEASE"
    chmod -R u=rwX,go=rX "$RELEASE"
    install_packages_of_release
    prepare_files_of_release
    touch "$RELEASE/.whole"
}

# Releases with the same locks share what they ask for; files in S3 have a lock of their own.
install_packages_of_release() {
    local environment locks=("$RELEASE/requirements.lock")
    [ -z "$(setting S3_BUCKET)" ] || locks+=("$RELEASE/requirements-s3.lock")
    environment=$OPT/environments/$(cat "${locks[@]}" | sha256sum | cut -c 1-12)
    if [ ! -e "$environment/.whole" ]; then
        rm -rf "$environment"
        python3 -m venv "$environment"
        quietly "$environment/bin/pip" install --quiet --no-input --disable-pip-version-check \
            --no-deps --require-hashes "${locks[@]/#/--requirement=}"
        touch "$environment/.whole"
    fi
    ln --symbolic "$environment" "$RELEASE/.venv"
}

# Root's work, so that the portal cannot write where its code lies.
prepare_files_of_release() {
    local command python=$RELEASE/.venv/bin/python
    quietly "$RELEASE/.venv/bin/pybabel" compile --directory="$RELEASE/locale" --domain=django
    # Not with the portal's settings: root would make the log they name.
    for command in "collectstatic --no-input" write_error_pages; do
        # shellcheck disable=SC2086 # The words of a command.
        quietly env SECRET_KEY=only-now ALLOWED_HOSTS=localhost \
            DATABASE_URL=postgresql://nobody@/none \
            "$python" "$RELEASE/manage.py" $command --skip-checks
    done
    quietly "$python" -m compileall -q -x '/\.venv/' "$RELEASE"
}

# Other sessions hold locks: rather give up and try again than let every page wait behind us.
migrate() {
    local try
    for try in 1 2 3 4 5; do
        if PGOPTIONS="-c lock_timeout=4s" quietly manage "$1" migrate --noinput; then
            return
        fi
        echo "Migrating failed, try $try of 5."
        sleep $((try * 2))
    done
    return 1
}

# Point a link at another release in one step: there is no moment without one.
point() {
    ln --symbolic --force --no-dereference "$2" "$1.new"
    mv --no-target-directory "$1.new" "$1"
}

# ------------------------------------------------------------------ files of the system

# put FILE TARGET [MODE]: copy what differs and say so by PUT=1.
put() {
    if ! is_put "$1" "$2"; then
        install -D --mode="${3:-644}" "$1" "$2"
        PUT=1
    fi
}

is_put() {
    cmp --silent "$1" "$2"
}

# Each file of the release that lies elsewhere in the system: what, where, mode.
system_files() {
    local unit service
    for unit in "$1"/deploy/units/*.{service,socket,timer}; do
        echo "$unit /etc/systemd/system/${unit##*/} 644"
    done
    for service in $(cd "$1/deploy/units" && grep --files-with-matches '^User=sscnet$' ./*.service); do
        echo "$1/deploy/units/sandbox.conf /etc/systemd/system/${service#./}.d/sandbox.conf 644"
    done
    echo "$1/deploy/units/postgresql-restart.conf /etc/systemd/system/postgresql@.service.d/sscnet.conf 644"
    echo "$1/deploy/sscnet /usr/local/bin/sscnet 755"
    echo "$1/deploy/logrotate.conf /etc/logrotate.d/sscnet 644"
    echo "$1/deploy/journald.conf /etc/systemd/journald.conf.d/sscnet.conf 644"
    echo "$1/deploy/nginx/proxy.conf /etc/nginx/snippets/sscnet-proxy.conf 644"
}

are_system_files_put() {
    local file target _mode
    while read -r file target _mode; do
        is_put "$file" "$target" || return 1
    done < <(system_files "$1")
    nginx_site "$1" | cmp --silent - /etc/nginx/sites-available/sscnet
}

# Where nothing changed nginx is left alone: who asks on an open connection just as it reloads gets
# no answer.
put_system_files() {
    local file target mode site
    PUT=
    while read -r file target mode; do
        put "$file" "$target" "$mode"
    done < <(system_files "$1")
    site=$(mktemp)
    nginx_site "$1" >"$site"
    put "$site" /etc/nginx/sites-available/sscnet
    rm "$site"
    [ -n "$PUT" ] || return 0
    reload_nginx
    if has_systemd; then
        systemctl daemon-reload
        systemctl try-restart systemd-journald
    fi
}

# The site, with what portal.env says filled in.
nginx_site() {
    local hsts
    hsts="max-age=$(setting HSTS_SECONDS 31536000)"
    case $(setting HSTS_SUBDOMAINS true) in [Tt]rue | 1 | yes | on) hsts+="; includeSubDomains" ;; esac
    sed -e "s/@HOST@/$(setting ALLOWED_HOSTS | cut -d, -f1)/g" -e "s/@HSTS@/$hsts/g" \
        -e "s#@NODES@#$(nodes)#" "$1/deploy/nginx/site.conf"
}

# Whom nginx asks: the portal on this machine, or those that WEB_NODES names.
nodes() {
    [ -n "$(setting WEB_NODES)" ] || echo "server unix:/run/sscnet/gunicorn.sock fail_timeout=0;"
    setting WEB_NODES | sed -E 's/([^,]+),?/server \1 max_fails=1 fail_timeout=2s; /g'
}

reload_nginx() {
    quietly nginx -t
    if has_systemd; then
        systemctl reload-or-restart nginx
    fi
}

# ------------------------------------------------------------------ the running portal

# All units of a release that are to run: sockets, timers, and services that nothing else starts.
running_units() {
    (cd "$1/deploy/units" && grep --files-with-matches '^\[Install\]' ./*.* | sed 's#^\./##')
}

# Those that the system does not know yet.
added_units() {
    local unit
    for unit in $(running_units "$1"); do
        [ -e "/etc/systemd/system/$unit" ] || echo "$unit"
    done
}

# Those of one release that another has no more.
dropped_units() {
    local unit
    for unit in "$1"/deploy/units/*.{service,socket,timer}; do
        [ -e "$2/deploy/units/${unit##*/}" ] || echo "${unit##*/}"
    done
}

remove_units() {
    local unit
    for unit in "$@"; do
        quietly systemctl disable --now "$unit"
        rm -rf "/etc/systemd/system/$unit" "/etc/systemd/system/$unit.d"
    done
    [ $# != 0 ] || return 0
    systemctl daemon-reload
    # Who was stopped in the middle.
    systemctl reset-failed "$@" 2>/dev/null || true
}

start_units() {
    local unit
    for unit in "$@"; do
        quietly systemctl enable "$unit"
        if has_systemd; then
            systemctl start "$unit"
        fi
    done
    has_systemd || echo "No systemd runs here: the units are installed and not started."
}

# switch_to RELEASE: let it serve, and fail if it does not get ready. The socket stays open meanwhile:
# who comes waits, and nobody is refused.
switch_to() {
    local new old added
    new=$(realpath "$1")
    old=$(realpath $CURRENT)
    added=$(added_units "$new")
    point $PREVIOUS "$old"
    point $CURRENT "$new"
    put_system_files $CURRENT
    # shellcheck disable=SC2046
    remove_units $(dropped_units "$old" "$new")
    systemctl restart sscnet.service
    # What does not run was disabled on purpose (docs/scale.md).
    systemctl try-restart sscnet-worker.service
    # shellcheck disable=SC2086
    start_units $added
    wait_until_ready
}

# Stopped, it shows the maintenance page: nginx does that without it.
stop_portal() {
    has_systemd || return 0
    systemctl stop 'sscnet*.timer' 'sscnet*.socket' 'sscnet*.service'
}

# What was disabled on purpose stays so (docs/scale.md).
start_portal() {
    has_systemd || return 0
    local unit
    for unit in $(running_units $CURRENT); do
        ! systemctl --quiet is-enabled "$unit" || systemctl start "$unit"
    done
    wait_until_ready
}

is_ready() {
    local answer
    answer=$(curl --silent --max-time 10 --unix-socket /run/sscnet/gunicorn.sock \
        --header "Host: $(setting ALLOWED_HOSTS | cut -d, -f1)" http://portal/readyz)
    [ "$answer" = ready ]
}

wait_until_ready() {
    local end=$((SECONDS + 90))
    until is_ready; do
        if [ $SECONDS -gt $end ]; then
            echo "The portal does not get ready: journalctl -u sscnet says why." >&2
            return 1
        fi
        sleep 1
    done
}

# Keep the newest releases, and those in use whatever their age; of the packages, what these use.
remove_old_releases() {
    local folder
    find $OPT/releases -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort --reverse --numeric |
        tail -n +$((RELEASES_KEPT + 1)) | cut -d' ' -f2 | while read -r folder; do
        case $folder in
            "$(realpath $CURRENT)" | "$(realpath --quiet $PREVIOUS)") ;;
            *) rm -rf "$folder" ;;
        esac
    done
    for folder in "$OPT"/environments/*; do
        find $OPT/releases -maxdepth 2 -lname "$folder" | grep --quiet . || rm -rf "$folder"
    done
}
