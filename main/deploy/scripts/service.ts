/** Scripts for the service, in its two forms. */

/**
 * Standard input: the unit. $1 its path, $2 the service, $3 prefix, $4 release: systemd's own check is made with it, because
 * "current" may not be there yet. Says whether anything changed.
 */
export const WRITE_UNIT = String.raw`
unit=$1
new=$(mktemp -d)/$2.service
cat >"$new"
chmod 644 "$new"
if command -v systemd-analyze >/dev/null 2>&1; then
  mkdir "$(dirname "$new")/check"
  sed "s#$3/current/#$3/versions/$4/#g" <"$new" >"$(dirname "$new")/check/$2.service"
  problem=$(systemd-analyze verify "$(dirname "$new")/check/$2.service" 2>&1) || { rm -rf "$(dirname "$new")"; fail UNIT "$(printf '%s' "$problem" | tail -n 1)"; }
fi
if cmp -s "$new" "$unit"; then say changed no
else
  cp "$new" "$unit.new"
  chmod 644 "$unit.new"
  mv "$unit.new" "$unit"
  say changed yes
fi
rm -rf "$(dirname "$new")"
systemctl daemon-reload
systemctl is-enabled --quiet "$2" || systemctl enable --quiet "$2"
`;

/** $1 unit path, $2 service, $3 SHA-256 of the unit: says what is missing. */
export const CHECK_UNIT = String.raw`
if [ ! -f "$1" ]; then say missing unit; return 0; fi
is_sha256 "$1" "$3" || say missing 'unit (another text)'
systemctl is-enabled --quiet "$2" || say missing enabled
[ "$(systemctl show -p NeedDaemonReload --value "$2")" = yes ] && say missing reload
true
`;

/** $1 unit path, $2 service. */
export const REMOVE_UNIT = String.raw`
if [ -e "$1" ]; then
  systemctl disable --quiet --now "$2" 2>/dev/null || true
  rm -f "$1" "$1.new"
  systemctl daemon-reload
  systemctl reset-failed "$2" 2>/dev/null || true
fi
[ ! -e "$1" ] || say left "unit $1"
`;

/** Standard input: the supervisor. $1 prefix, $2 agent user or "-". */
export const WRITE_SUPERVISOR = String.raw`
lock "$1"
mkdir -p "$1/bin" "$1/run" "$1/log"
if [ "$2" != - ]; then
  chmod 755 "$1/bin"
  chown "$2:$2" "$1/run" "$1/log"
fi
cat >"$1/bin/supervise.new"
chmod 755 "$1/bin/supervise.new"
mv "$1/bin/supervise.new" "$1/bin/supervise"
`;

/** $1 prefix, $2 SHA-256 of the supervisor. */
export const CHECK_SUPERVISOR = String.raw`
if [ ! -f "$1/bin/supervise" ] || ! is_sha256 "$1/bin/supervise" "$2"; then say missing supervisor; fi
[ -d "$1/run" ] && [ -d "$1/log" ] || say missing folders
`;

/** $1 service: "running", "restarting", "failed", "stopped" or "absent". */
export const UNIT_STATE = String.raw`
systemctl cat "$1" >/dev/null 2>&1 || { say state absent; return 0; }
case $(systemctl show -p ActiveState --value "$1") in
  active) say state running ;;
  activating|reloading) say state restarting ;;
  failed) say state failed ;;
  *) say state stopped ;;
esac
say pid "$(systemctl show -p MainPID --value "$1")"
say restarts "$(systemctl show -p NRestarts --value "$1")"
`;

/** The same for the supervisor: $1 prefix. */
export const SUPERVISOR_STATE = String.raw`
[ -f "$1/bin/supervise" ] || { say state absent; return 0; }
pid=$(cat "$1/run/supervise.pid" 2>/dev/null || true)
if [ -z "$pid" ] || ! tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -q -F "$1/bin/supervise"; then
  say state stopped
  return 0
fi
child=$(cat "$1/run/agent.pid" 2>/dev/null || true)
if [ -n "$child" ] && kill -0 "$child" 2>/dev/null; then say state running; say pid "$child"; else say state restarting; fi
`;

/** $1 service. Not waited for: whether it answers is for the health gate to say. */
export const START_UNIT = String.raw`
systemctl reset-failed "$1" 2>/dev/null || true
problem=$(systemctl start --no-block "$1" 2>&1) || fail START "$(printf '%s' "$problem" | tail -n 1)"
`;

/** $1 prefix. Nothing of this script stays open in what it starts. */
export const START_SUPERVISOR = String.raw`
lock "$1"
alive() { pid=$(cat "$1/run/supervise.pid" 2>/dev/null || true); [ -n "$pid" ] && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -q -F "$1/bin/supervise"; }
if alive "$1"; then say started no; return 0; fi
for pid in $(processes_of "$1"); do kill -TERM "$pid" 2>/dev/null || true; done
rm -f "$1/run/supervise.pid" "$1/run/agent.pid"
detach=
command -v setsid >/dev/null 2>&1 && detach=setsid
cd /
$detach nohup sh "$1/bin/supervise" "$1" >/dev/null 2>&1 </dev/null 9>&- &
tries=0
while [ "$tries" -lt 50 ]; do
  if alive "$1"; then say started yes; return 0; fi
  tries=$((tries + 1))
  nap
done
fail START 'the supervisor did not come up'
`;

/** $1 service. */
export const STOP_UNIT = String.raw`
problem=$(systemctl stop "$1" 2>&1) || fail STOP "$(printf '%s' "$problem" | tail -n 1)"
`;

/** $1 prefix, $2 seconds: first asked, after these seconds forced. Time is read off the clock: looking at all processes takes long. */
export const STOP_SUPERVISOR = String.raw`
pids=$(processes_of "$1")
[ -n "$pids" ] || return 0
supervisor=$(cat "$1/run/supervise.pid" 2>/dev/null || true)
for pid in $pids; do if [ "$pid" = "$supervisor" ]; then kill -TERM "$pid" 2>/dev/null || true; fi; done
started=$(date +%s)
asked=
while [ -n "$(processes_of "$1")" ]; do
  waited=$(($(date +%s) - started))
  # Without its supervisor an agent is asked by itself.
  if [ -z "$asked" ] && [ "$waited" -ge 2 ]; then
    asked=1
    for pid in $(processes_of "$1"); do kill -TERM "$pid" 2>/dev/null || true; done
  fi
  if [ "$waited" -ge "$2" ]; then for pid in $(processes_of "$1"); do kill -KILL "$pid" 2>/dev/null || true; done; fi
  [ "$waited" -le $(($2 + 5)) ] || fail STOP "process $(processes_of "$1" | tr '\n' ' ')"
  nap
done
rm -f "$1/run/supervise.pid" "$1/run/agent.pid"
`;

/** $1 service, $2 lines. */
export const UNIT_LOG = String.raw`journalctl -u "$1" -n "$2" --no-pager -o cat 2>/dev/null`;
/** $1 prefix, $2 lines. */
export const SUPERVISOR_LOG = String.raw`cat "$1/log/agent.log.1" "$1/log/agent.log" 2>/dev/null | tail -n "$2"`;
/**
 * Follows until nobody listens any more: a log that is quiet would not notice it, so an empty line is written now and then.
 * $1 and $2 as above.
 */
export const FOLLOW_UNIT_LOG = String.raw`
trap '' PIPE
journalctl -u "$1" -n "$2" --no-pager -o cat -f 2>/dev/null &
follower=$!
while kill -0 "$follower" 2>/dev/null; do sleep 5; printf '\n' 2>/dev/null || break; done
kill "$follower" 2>/dev/null || true
`;
export const FOLLOW_SUPERVISOR_LOG = String.raw`
trap '' PIPE
tail -n "$2" -F "$1/log/agent.log" 2>/dev/null &
follower=$!
while kill -0 "$follower" 2>/dev/null; do sleep 5; printf '\n' 2>/dev/null || break; done
kill "$follower" 2>/dev/null || true
`;
