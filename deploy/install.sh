#!/bin/sh
# Installs zhiwen from this checkout as a systemd service, or brings an installed one up to date.
# Asks for the bot's token the first time, or reads it from standard input. Keeps corpus, settings and token.
set -eu
umask 022
cd "$(dirname "$0")/.."
program=/opt/zhiwen
settings=/etc/zhiwen
corpus=/srv/zhiwen/corpus
unit=/etc/systemd/system/zhiwen.service

die() { echo "install.sh: $1" >&2; exit 1; }

[ "$(id -u)" = 0 ] || die "run it as root: sudo $0"
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null \
  || die "needs Python 3.11 to 3.14: apt-get install python3-venv, or PYTHON=/path/to/python3.12 $0"
"$python" -c 'import ensurepip' 2>/dev/null || die "needs Python's venv module: apt-get install python3-venv"

if ! [ -s "$settings/token" ]; then
  [ -t 0 ] && printf "The bot's token, from @BotFather: " >&2
  read -r token || true
  case ${token:-} in
    *:*) ;;
    *) die "that is no bot token (123456:ABC...): give it on standard input" ;;
  esac
  install -d -m 755 "$settings"
  (umask 077 && printf '%s\n' "$token" > "$settings/token")
fi
[ -e "$settings/zhiwen.env" ] || install -m 600 deploy/zhiwen.env "$settings/zhiwen.env"
if ! [ -d "$corpus" ]; then
  install -d -m 755 "$corpus"
  cp seeds/*.txt "$corpus/"
fi

echo "Installing into $program ..." >&2
[ -x "$program/bin/python" ] || "$python" -m venv "$program"
pip="$program/bin/python -m pip --disable-pip-version-check -qq"
$pip install --require-hashes -r requirements.txt
$pip install --no-deps --no-build-isolation --force-reinstall .
install -m 644 deploy/zhiwen.service "$unit"

if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl enable --quiet zhiwen
  # Returns when the bot answers, or says why it does not.
  systemctl restart zhiwen || die "it does not start: journalctl -u zhiwen -n 20"
  echo "zhiwen answers. Its log: journalctl -fu zhiwen" >&2
else
  echo "Installed; systemd does not run here, so nothing is started." >&2
fi
