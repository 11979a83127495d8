/** Scripts that only look. */

/** Who we are there and whether we can become root. */
export const WHO = String.raw`
say uid "$(id -u)"
say user "$(id -un)"
say home "$HOME"
if [ "$(id -u)" = 0 ]; then say root self
elif ! command -v sudo >/dev/null 2>&1; then say root none
elif sudo -n true 2>/dev/null; then say root sudo-free
else say root sudo-password
fi
`;

/** Whether sudo takes the password: runs as root, or fails. */
export const BECOME_ROOT = String.raw`say uid "$(id -u)"`;

/**
 * $1 prefix, $2 agent port, then URLs whose hosts are timed. Every value is read from the system; what cannot be read is
 * left out.
 */
export const FACTS = String.raw`
prefix=$1; port=$2; shift 2
say os "$(uname -s)"
say arch "$(uname -m)"
if ldd --version 2>&1 | grep -qi musl || { ! getconf GNU_LIBC_VERSION >/dev/null 2>&1 && ls /lib/ld-musl-* >/dev/null 2>&1; }; then say libc musl
else say libc "$(getconf GNU_LIBC_VERSION 2>/dev/null || echo unknown)"
fi
say distribution "$( (. /etc/os-release && printf '%s' "$PRETTY_NAME") 2>/dev/null || echo unknown)"
if [ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1; then say systemd yes; else say systemd no; fi
say memoryKiB "$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo 2>/dev/null || echo 0)"
place=$prefix
while [ ! -d "$place" ]; do place=$(dirname "$place"); done
say diskFreeKiB "$(df -Pk "$place" | awk 'NR == 2 { print $4 }')"
if [ -w "$place" ] || [ "$(id -u)" = 0 ]; then say writable yes; else say writable no; fi
if port_is_open "$port"; then say portBusy yes; else say portBusy no; fi
for tool in sha256sum tar gzip awk dd; do command -v "$tool" >/dev/null 2>&1 || say missing "$tool"; done
for tool in curl wget; do command -v "$tool" >/dev/null 2>&1 && say downloader "$tool"; done
if [ -f "$prefix/.halfspread" ]; then
  while IFS= read -r line; do say marker "$line"; done <"$prefix/.halfspread"
elif [ -d "$prefix" ] && [ -n "$(ls -A "$prefix" 2>/dev/null | grep -v -x -e .lock -e staging)" ]; then say foreign yes
fi
for folder in "$prefix"/versions/*; do [ -d "$folder" ] && say release "$(basename "$folder")"; done
[ -L "$prefix/current" ] && say current "$(basename "$(readlink "$prefix/current")")"
[ -L "$prefix/previous" ] && say previous "$(basename "$(readlink "$prefix/previous")")"
pids=$(processes_of "$prefix" | tr '\n' ' ')
[ -n "$pids" ] && say processes "$pids"
node=$(command -v node 2>/dev/null || true)
if [ -n "$node" ]; then
  version=$("$node" -p process.versions.node 2>/dev/null || true)
  if [ -n "$version" ]; then say systemNode "$version"; say systemNodePath "$(readlink -f "$node")"; fi
fi
if command -v curl >/dev/null 2>&1; then
  for url; do
    ms=$(curl -s -o /dev/null --connect-timeout 3 --max-time 5 -w '%{time_namelookup} %{time_connect}' "$url" 2>/dev/null | awk '$2 > 0 { printf "%.1f", ($2 - $1) * 1000 }' || true)
    [ -n "$ms" ] && say connect "$url $ms"
  done
fi
true
`;
