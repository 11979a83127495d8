/** Scripts that lay out the site's folder. */

/**
 * Says whether the release is there as it was sent: $1 prefix, $2 release, $3 SHA-256 of its manifest, $4 runtime ("system:PATH"
 * or a name below runtime/), $5 SHA-256 of that node or "-", $6 agent user or "-", $7 the deployment it must belong to.
 */
export const CHECK_RELEASE = String.raw`
folder=$1/versions/$2
grep -q -x "siteId=$7" "$1/.halfspread" 2>/dev/null || say missing marker
[ "$6" = - ] || id -u "$6" >/dev/null 2>&1 || say missing user
[ -d "$1/state" ] || say missing state
if [ ! -f "$folder/.manifest" ] || ! is_sha256 "$folder/.manifest" "$3"; then say missing release
elif ! (cd "$folder" && sha256sum -c --status .manifest 2>/dev/null); then say missing 'release (files were changed)'
fi
case $4 in
  system:*) [ "$(readlink "$folder/node" 2>/dev/null)" = "$(printf '%s' "$4" | cut -d : -f 2-)" ] || say missing node ;;
  *)
    [ "$(readlink "$folder/node" 2>/dev/null)" = "../../runtime/$4/node" ] || say missing node
    [ -f "$1/runtime/$4/node" ] && is_sha256 "$1/runtime/$4/node" "$5" || say missing runtime ;;
esac
`;

/**
 * Places a staged release beside the others and checks every file of it there: $1 prefix, $2 release, $3 SHA-256 of its manifest,
 * $4 runtime, $5 SHA-256 of node or "-", $6 agent user or "-", $7 staging folder, $8 staged archive, $9 its SHA-256.
 * Standard input: the marker file.
 */
export const INSTALL = String.raw`
prefix=$1; release=$2; manifest=$3; runtime=$4; nodeSha=$5; user=$6; staging=$7; archive=$8; archiveSha=$9
mkdir -p "$prefix"
lock "$prefix"
if [ ! -f "$prefix/.halfspread" ] && [ -n "$(ls -A "$prefix" | grep -v -x -e .lock -e staging)" ]; then fail PREFIX_FOREIGN "$prefix"; fi
cat >"$prefix/.halfspread.new"
mv "$prefix/.halfspread.new" "$prefix/.halfspread"
if [ "$user" != - ]; then
  chmod 755 "$prefix"
  if ! id -u "$user" >/dev/null 2>&1; then
    problem=$(useradd --system --user-group --no-create-home --home-dir "$prefix/state" --shell /usr/sbin/nologin "$user" 2>&1) || fail USER "$problem"
  fi
fi
mkdir -p "$prefix/versions" "$prefix/runtime" "$prefix/state"
chmod 700 "$prefix/state"
[ "$user" = - ] || chown "$user:$user" "$prefix/state"
case $runtime in
  system:*) ;;
  *)
    if [ ! -f "$prefix/runtime/$runtime/node" ] || ! is_sha256 "$prefix/runtime/$runtime/node" "$nodeSha"; then
      rm -rf "$prefix/runtime/.new"
      mkdir "$prefix/runtime/.new"
      cp "$staging/$runtime" "$prefix/runtime/.new/node"
      is_sha256 "$prefix/runtime/.new/node" "$nodeSha" || { rm -rf "$prefix/runtime/.new"; fail HASH 'The staged Node'; }
      chmod 755 "$prefix/runtime/.new" "$prefix/runtime/.new/node"
      rm -rf "$prefix/runtime/$runtime"
      mv "$prefix/runtime/.new" "$prefix/runtime/$runtime"
    fi ;;
esac
folder=$prefix/versions/$release
if [ ! -f "$folder/.manifest" ] || ! is_sha256 "$folder/.manifest" "$manifest" || ! (cd "$folder" && sha256sum -c --status .manifest 2>/dev/null); then
  new=$prefix/versions/.new
  rm -rf "$new" "$prefix/versions/.archive"
  mkdir "$new"
  cp "$staging/$archive" "$prefix/versions/.archive"
  is_sha256 "$prefix/versions/.archive" "$archiveSha" || { rm -rf "$new" "$prefix/versions/.archive"; fail HASH 'The staged program'; }
  tar -xzf "$prefix/versions/.archive" -C "$new" --no-same-owner || fail UNPACK 'The program'
  rm -f "$prefix/versions/.archive"
  is_sha256 "$new/.manifest" "$manifest" || fail HASH 'The list of the program’s files'
  (cd "$new" && sha256sum -c --status .manifest) || fail HASH 'A file of the program'
  rm -rf "$folder"
  mv "$new" "$folder"
fi
case $runtime in
  system:*) target=$(printf '%s' "$runtime" | cut -d : -f 2-) ;;
  *) target=../../runtime/$runtime/node ;;
esac
if [ "$(readlink "$folder/node" 2>/dev/null)" != "$target" ]; then
  ln -sfn "$target" "$folder/.node"
  mv -fT "$folder/.node" "$folder/node"
fi
if [ "$user" != - ]; then
  chmod 755 "$prefix/versions" "$prefix/runtime"
  chmod -R u=rwX,go=rX "$folder"
fi
"$folder/node" --version >/dev/null || fail START "node does not run there"
`;

/** $1 prefix, $2 release: `current` points to it in one step; what it pointed to becomes `previous`. */
export const SWITCH = String.raw`
lock "$1"
now=$(readlink "$1/current" 2>/dev/null || true)
[ "$now" = "versions/$2" ] && { say switched no; return 0; }
[ -d "$1/versions/$2" ] || fail START "versions/$2 is not there"
if [ -n "$now" ]; then ln -sfn "$now" "$1/.previous"; mv -fT "$1/.previous" "$1/previous"; fi
ln -sfn "versions/$2" "$1/.current"
mv -fT "$1/.current" "$1/current"
say switched yes
say from "$(basename "$now")"
`;

/** $1 prefix, $2 the release to leave: back to `previous`, which then is what was left. Done already: nothing changes. */
export const SWITCH_BACK = String.raw`
lock "$1"
now=$(readlink "$1/current" 2>/dev/null || true)
before=$(readlink "$1/previous" 2>/dev/null || true)
if [ "$now" != "versions/$2" ]; then say current "$(basename "$now")"; return 0; fi
{ [ -n "$before" ] && [ -d "$1/$before" ]; } || fail NO_PREVIOUS "$1"
ln -sfn "$before" "$1/.current"
mv -fT "$1/.current" "$1/current"
if [ -n "$now" ]; then ln -sfn "$now" "$1/.previous"; mv -fT "$1/.previous" "$1/previous"; fi
say current "$(basename "$before")"
say left "$(basename "$now")"
`;

/** $1 prefix, $2 how many releases stay: the newest, and always `current` and `previous`. Runtimes nothing uses go too. */
export const PRUNE = String.raw`
lock "$1"
keep=" $(basename "$(readlink "$1/current" || true)") $(basename "$(readlink "$1/previous" 2>/dev/null || true)") "
count=0
for folder in $(ls -1td "$1"/versions/*/ 2>/dev/null); do
  count=$((count + 1))
  name=$(basename "$folder")
  case $keep in *" $name "*) continue ;; esac
  if [ "$count" -gt "$2" ]; then rm -rf "$1/versions/$name"; say pruned "$name"; fi
done
for folder in "$1"/runtime/*/; do
  [ -d "$folder" ] || continue
  name=$(basename "$folder")
  used=
  for link in "$1"/versions/*/node; do case $(readlink "$link" 2>/dev/null) in */runtime/"$name"/node) used=1 ;; esac; done
  if [ -z "$used" ]; then rm -rf "$1/runtime/$name"; say pruned "runtime $name"; fi
done
true
`;

/** Standard input: the marker of a site that is whole. $1 prefix. */
export const MARK = String.raw`
lock "$1"
cat >"$1/.halfspread.new"
if cmp -s "$1/.halfspread.new" "$1/.halfspread"; then rm -f "$1/.halfspread.new"; say changed no
else mv "$1/.halfspread.new" "$1/.halfspread"; say changed yes
fi
`;

/** $1 prefix: only what is ours; a folder somebody else put something into stays, and is said to be left. */
export const REMOVE_FILES = String.raw`
if [ -d "$1" ]; then
  lock "$1"
  exec 9>&- 2>/dev/null || true
  for name in versions runtime state bin run log staging current previous .current .previous .halfspread .halfspread.new .lock; do rm -rf "$1/$name"; done
  rmdir "$1" 2>/dev/null || true
fi
[ ! -e "$1" ] || say left "$1 ($(ls -A "$1" | tr '\n' ' '))"
`;

/** $1 user: removed with its group. */
export const REMOVE_USER = String.raw`
if id -u "$1" >/dev/null 2>&1; then userdel "$1" 2>/dev/null || true; fi
if id -u "$1" >/dev/null 2>&1; then say left "user $1"; fi
`;

/** $1 prefix, $2 agent port, $3 user or "-", $4 unit file or "-": says everything of the site that is still there. */
export const PROVE_GONE = String.raw`
[ ! -e "$1" ] || say left "files $1"
pids=$(processes_of "$1" | tr '\n' ' ')
[ -z "$pids" ] || say left "processes $pids"
if port_is_open "$2"; then say left "port $2"; fi
[ "$3" = - ] || { ! id -u "$3" >/dev/null 2>&1 || say left "user $3"; }
[ "$4" = - ] || { [ ! -e "$4" ] || say left "unit $4"; }
true
`;

/** $1 prefix: what is installed. */
export const RELEASES = String.raw`
for folder in "$1"/versions/*; do [ -d "$folder" ] && say release "$(basename "$folder")"; done
[ -L "$1/current" ] && say current "$(basename "$(readlink "$1/current")")"
[ -L "$1/previous" ] && say previous "$(basename "$(readlink "$1/previous")")"
true
`;
