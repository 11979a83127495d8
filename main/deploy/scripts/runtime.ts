/** Scripts that bring Node to the staging folder. Nothing is run before its SHA-256 has been checked. */

/** $1 staging folder; says where it is and what is in it. */
export const STAGING = String.raw`
mkdir -p "$1"
chmod 700 "$1"
for file in "$1"/*; do [ -f "$file" ] && say file "$(basename "$file")"; done
true
`;

/** $1 staging folder: removed; says `left` if it is still there. */
export const DROP_STAGING = String.raw`
rm -rf "$1"
[ ! -e "$1" ] || say left "$1"
`;

/** $1 file, $2 SHA-256; says whether it is that. A file that is complete and differs is removed. */
export const CHECK_FILE = String.raw`
if [ ! -f "$1" ]; then say state absent
elif is_sha256 "$1" "$2"; then say state good
else say state differs
fi
`;

/** $1 staging folder, $2 URL, $3 SHA-256 of the archive, $4 name of node in it, $5 SHA-256 of node, $6 name of the result. */
export const DOWNLOAD = String.raw`
cd "$1"
archive=$6.tar.gz
if [ -f "$6" ] && is_sha256 "$6" "$5"; then say downloaded no; return 0; fi
if [ ! -f "$archive" ] || ! is_sha256 "$archive" "$3"; then
  ( while sleep 1 >/dev/null 2>&1 </dev/null; do [ -f "$archive" ] && say bytes "$(wc -c <"$archive")"; done ) &
  reporter=$!
  trap 'kill $reporter 2>/dev/null' EXIT
  problem=
  if command -v curl >/dev/null 2>&1; then
    problem=$(curl -fsSL --connect-timeout 10 --max-time 1800 --retry 2 -C - -o "$archive" "$2" 2>&1) || problem=$(printf '%s' "curl: $problem" | tail -n 1)
  elif command -v wget >/dev/null 2>&1; then
    problem=$(wget -q -T 30 -t 2 -c -O "$archive" "$2" 2>&1) || problem="wget ended with $?"
  else
    fail DOWNLOAD 'neither curl nor wget is installed'
  fi
  if [ ! -f "$archive" ]; then fail DOWNLOAD "$problem"; fi
  if ! is_sha256 "$archive" "$3"; then
    case $problem in curl*|wget*) fail DOWNLOAD "$problem" ;; esac
    rm -f "$archive"
    fail HASH 'The Node archive that was downloaded'
  fi
fi
tar -xzOf "$archive" "$4" >"$6.part" || fail UNPACK 'The Node archive'
if ! is_sha256 "$6.part" "$5"; then rm -f "$archive" "$6.part"; fail HASH 'The node in the archive'; fi
chmod 755 "$6.part"
mv "$6.part" "$6"
rm -f "$archive"
say downloaded yes
`;

/** $1 staging folder, $2 uploaded file (gzip), $3 its SHA-256, $4 SHA-256 of what is in it, $5 name of the result. */
export const UNPACK_NODE = String.raw`
cd "$1"
if ! is_sha256 "$2" "$3"; then rm -f "$2"; fail HASH 'The uploaded Node'; fi
gzip -dc <"$2" >"$5.part" || fail UNPACK 'The uploaded Node'
if ! is_sha256 "$5.part" "$4"; then rm -f "$5.part"; fail HASH 'The unpacked Node'; fi
chmod 755 "$5.part"
mv "$5.part" "$5"
rm -f "$2"
`;

/** $1 staging folder, $2 file of it, $3 SHA-256: the upload under its final name, or gone. */
export const ACCEPT_UPLOAD = String.raw`
cd "$1"
if [ -f "$2" ] && is_sha256 "$2" "$3"; then return 0; fi
if ! is_sha256 "$2.part" "$3"; then rm -f "$2.part"; fail HASH 'The uploaded program'; fi
mv "$2.part" "$2"
`;
