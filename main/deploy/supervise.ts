import { AGENT_ENVIRONMENT, AGENT_NODE_FLAGS } from '../../engine/protocol/agent-program.ts';

/**
 * The supervisor where there is no systemd, or no root: a POSIX shell loop that starts the agent again with back-off
 * (1, 2, 4, ... 60 s; a run of a minute clears it), keeps its log below 2 x 4 MiB, and ends with SIGTERM. It does not start
 * with the machine. "$1": the site's folder.
 */
export const SUPERVISE = String.raw`#!/bin/sh
# Written by Halfspread; a deploy writes it again. Removed by "halfspread site uninstall".
prefix=$1
umask 077
MALLOC_ARENA_MAX=${AGENT_ENVIRONMENT.MALLOC_ARENA_MAX}; export MALLOC_ARENA_MAX
ulimit -c 0
{ echo 0 >/proc/self/coredump_filter; } 2>/dev/null
cd "$prefix/state" || exit 1
log=$prefix/log/agent.log
exec >>"$log" 2>&1 </dev/null
trap '' HUP
stopping=
child=
trap 'stopping=1; [ -n "$child" ] && kill -TERM "$child" 2>/dev/null' TERM INT
note() { printf '{"at":"%s","supervisor":"%s"}\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1"; }
bound_log() {
  if [ "$(wc -c <"$log")" -gt 4194304 ]; then
    cp "$log" "$log.1"
    : >"$log"
  fi
}
echo "$$" >"$prefix/run/supervise.pid.new"
mv "$prefix/run/supervise.pid.new" "$prefix/run/supervise.pid"
wait_s=1
while [ -z "$stopping" ]; do
  started=$(date +%s)
  "$prefix/current/node" ${AGENT_NODE_FLAGS.join(' ')} "$prefix/current/agent.mjs" run --state "$prefix/state" &
  child=$!
  echo "$child" >"$prefix/run/agent.pid"
  while kill -0 "$child" 2>/dev/null; do
    sleep 1 &
    wait $!
    bound_log
  done
  wait "$child"
  code=$?
  child=
  rm -f "$prefix/run/agent.pid"
  [ -n "$stopping" ] && break
  if [ $(($(date +%s) - started)) -ge 60 ]; then wait_s=1; fi
  note "the agent ended with $code; it is started again in $wait_s s"
  sleep "$wait_s" &
  wait $!
  wait_s=$((wait_s * 2))
  [ "$wait_s" -gt 60 ] && wait_s=60
done
note stopped
rm -f "$prefix/run/supervise.pid"
exit 0
`;
