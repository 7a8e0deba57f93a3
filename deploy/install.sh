#!/bin/sh
# Installs zhiwen from this checkout as a systemd service, or brings an installed one up to date:
#   install.sh          each version gets an environment of its own; one that does not start is left for the one before
#   install.sh back     returns to the version before, with the store as that version can read it
# Asks for the bot's token the first time, or reads it from standard input. Keeps corpus, settings and token.
# With DESTDIR everything goes below that folder, for packaging and for tests.
set -eu
umask 022
cd "$(dirname "$0")/.."
root=${DESTDIR:-}
program=$root/opt/zhiwen
versions=$program/versions
settings=$root/etc/zhiwen
corpus=$root/srv/zhiwen/corpus
state=$root/var/lib/private/zhiwen
backups=$root/var/backups/zhiwen
unit=$root/etc/systemd/system/zhiwen.service
versions_kept=3

die() { echo "install.sh: $1" >&2; exit 1; }
say() { echo "$1" >&2; }

check_machine() {
  [ -n "$root" ] || [ "$(id -u)" = 0 ] || die "run it as root: sudo $0"
  "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null \
    || die "needs Python 3.11 to 3.14: apt-get install python3-venv, or PYTHON=/path/to/python3.12 $0"
  "$python" -c 'import ensurepip' 2>/dev/null || die "needs Python's venv module: apt-get install python3-venv"
}

ask_for_token() {
  [ ! -s "$settings/token" ] || return 0
  if [ -t 0 ]; then
    printf "The bot's token, from @BotFather (it is not shown): " >&2
    stty -echo
    trap 'stty echo' EXIT
  fi
  read -r token || true
  if [ -t 0 ]; then
    stty echo
    trap - EXIT
    say ""
  fi
  case ${token:-} in
    *:*) ;;
    *) die "that is no bot token (123456:ABC...): give it on standard input" ;;
  esac
  install -d -m 755 "$settings"
  (umask 077 && printf '%s\n' "$token" > "$settings/token")
}

give_settings_and_corpus() {
  [ -e "$settings/zhiwen.env" ] || install -m 600 deploy/zhiwen.env "$settings/zhiwen.env"
  [ ! -d "$corpus" ] || return 0
  install -d -m 755 "$corpus"
  cp seeds/*.txt "$corpus/"
}

# A new environment beside the others; what runs is not touched. Prints its name.
make_version() {
  name=$(date -u +%Y%m%dT%H%M%S.%NZ)
  install -d -m 755 "$versions"
  "$python" -m venv "$versions/$name" && fill "$versions/$name" >&2 \
    || { rm -rf "${versions:?}/$name"; die "not installed; what ran before runs on"; }
  echo "$name"
}

fill() {
  pip="$1/bin/python -m pip --disable-pip-version-check -qq"
  $pip install --require-hashes -r requirements-build.txt \
    && $pip install --require-hashes --no-build-isolation -r requirements.txt \
    && $pip install --no-deps --no-build-isolation . \
    && install -m 644 deploy/zhiwen.service "$1/zhiwen.service"  # last: a version without it is not whole
}

# Removes what a killed installation left, and all but the newest versions.
tidy() {
  [ -d "$versions" ] || return 0
  for version in "$versions"/*; do
    [ -e "$version/zhiwen.service" ] || rm -rf "$version"
  done
  names | head -n -"$versions_kept" | while read -r name; do rm -rf "${versions:?}/$name"; done
}

names() { ls "$versions" | sort; }

# The format of a store (its migration); nothing for one that is not there.
format_of() {
  [ ! -f "$1" ] || "$python" - "$1" <<'CODE'
import sqlite3, sys
try:
    print(*sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True).execute("SELECT version_num FROM alembic_version").fetchone())
except sqlite3.Error:
    pass
CODE
}

# Copies a store whole, also what stands in its write-ahead log; a service may go on writing.
copy_store() {
  rm -f "$2"
  "$python" - "$1" "$2" <<'CODE'
import os, sqlite3, sys
os.umask(0o077)
with sqlite3.connect(sys.argv[1]) as store, sqlite3.connect(sys.argv[2]) as copy:
    store.backup(copy)
CODE
}

# Before another version may change its format, the store is copied; the copy is named after the version it belongs to.
back_up() {
  [ -f "$state/store.sqlite3" ] || return 0
  install -d -m 700 "$backups"
  copy_store "$state/store.sqlite3" "$backups/$1.sqlite3"
}

# The store as a version can read it: as it is, or where its format has changed since, as it was then.
restore() {
  copy="$backups/$1.sqlite3"
  [ -f "$copy" ] || return 0
  [ "$(format_of "$state/store.sqlite3")" != "$(format_of "$copy")" ] || return 0
  copy_store "$state/store.sqlite3" "$backups/newer-than-$1.sqlite3"
  rm -f "$state/store.sqlite3-wal" "$state/store.sqlite3-shm"
  cp "$copy" "$state/store.sqlite3"
  chmod 600 "$state/store.sqlite3"
  chown --reference="$state" "$state/store.sqlite3"
  say "The store is again as it was before the new version changed it; the newer one: $backups/newer-than-$1.sqlite3"
}

use() {
  ln -sfn "versions/$1" "$program/.current" && mv -T "$program/.current" "$program/current"
  install -D -m 644 "$versions/$1/zhiwen.service" "$unit"
}

systemd_runs() { [ -d "$root/run/systemd/system" ]; }

current() { [ ! -L "$program/current" ] || basename "$(readlink "$program/current")"; }

# The version installed before the current one.
before() { names | grep -B1 -x "$(current)" | grep -vx "$(current)" || true; }

start() {
  systemctl daemon-reload
  systemctl enable --quiet zhiwen
  systemctl restart zhiwen  # returns when the bot answers, or says why it does not
}

go_back_to() {
  ! systemd_runs || systemctl stop zhiwen || true
  use "$1"
  restore "$1"
  ! systemd_runs || start
}

install_version() {
  check_machine
  ask_for_token
  give_settings_and_corpus
  old=$(current)
  tidy
  say "Installing into $program ..."
  new=$(make_version)
  [ -z "$old" ] || back_up "$old"
  use "$new"
  if ! systemd_runs; then
    say "Installed; systemd does not run here, so nothing is started."
  elif start; then
    say "zhiwen answers. Its log: journalctl -fu zhiwen"
  elif [ -n "$old" ]; then
    go_back_to "$old"
    rm -rf "${versions:?}/$new"
    die "the new version does not start, so the one before runs again: journalctl -u zhiwen -n 40"
  else
    die "it does not start: journalctl -u zhiwen -n 20"
  fi
  tidy
  # Before versions had environments of their own, the only one lay here.
  rm -rf "$program/bin" "$program/include" "$program/lib" "$program/lib64" "$program/share" "$program/pyvenv.cfg"
}

python=${PYTHON:-python3}
case ${1:-} in
  "") install_version ;;
  back)
    [ -n "$root" ] || [ "$(id -u)" = 0 ] || die "run it as root: sudo $0 back"
    old=$(before)
    [ -n "$old" ] || die "there is no version before this one"
    left=$(current)
    go_back_to "$old" || die "the version before does not start either: journalctl -u zhiwen -n 20"
    rm -rf "${versions:?}/$left"
    say "The version of $old is in use again."
    ;;
  *) die "usage: $0 [back]" ;;
esac
