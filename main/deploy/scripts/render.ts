import type { RemoteScript } from '../host.ts';

/**
 * What every script begins with. `say key value` answers, `fail CODE detail` ends with an error of ours (remote-failure.ts),
 * `lock FOLDER` lets one script at a time change a site: one of a killed deploy may still run.
 */
const PRELUDE = String.raw`LC_ALL=C; export LC_ALL; umask 077; PATH=$PATH:/usr/sbin:/sbin:/usr/bin:/bin; export PATH; cd /
say() { printf '%s\t%s\n' "$1" "$2"; }
fail() { printf 'HALFSPREAD-FAIL\t%s\t%s\n' "$1" "$2" >&2; exit 64; }
lock() {
  if command -v flock >/dev/null 2>&1 && [ -w "$1" ]; then
    exec 9>"$1/.lock"
    flock -w 60 9 || fail BUSY "$1"
  fi
}
nap() { sleep 0.2 2>/dev/null || sleep 1; }
is_sha256() { [ "$(sha256sum <"$1" | cut -d ' ' -f 1)" = "$2" ]; }
processes_of() {
  for folder in /proc/[0-9]*; do
    [ "$folder" = "/proc/$$" ] && continue
    if tr '\0' '\n' 2>/dev/null <"$folder/cmdline" | grep -q -F -e "$1/current/" -e "$1/versions/" -e "$1/bin/supervise"; then
      basename "$folder"
    fi
  done
}
port_is_open() {
  hex=$(printf '%04X' "$1")
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port=":$hex" 'toupper($2) ~ port "$" && $4 == "0A" { found = 1 } END { exit !found }'
}
`;

const END_OF_INPUT = 'HALFSPREAD-END-OF-INPUT';

/**
 * The whole text a shell gets on standard input. The body is a function called at the very end: a shell runs nothing of a
 * script that was cut on its way.
 */
export function renderScript({ body, input }: Pick<RemoteScript, 'body' | 'input'>): string {
  const indented = body.trim();
  if (input === undefined) return `${PRELUDE}halfspread() {\nset -eu\n${indented}\n}\nhalfspread "$@" </dev/null\n`;
  if (input.split('\n').includes(END_OF_INPUT)) throw new Error('the input of a script holds its end mark');
  const lines = input.endsWith('\n') ? input : `${input}\n`;
  return `${PRELUDE}halfspread() {\nset -eu\n${indented}\n}\nhalfspread "$@" <<'${END_OF_INPUT}'\n${lines}${END_OF_INPUT}\n`;
}
