/** Scripts of the first session on a server a cloud has just made. */

/** Packages and users of the image may still be under way; a cloud-init that failed is told, and judged by the preflight. */
export const WAIT_CLOUD_INIT = String.raw`
if ! command -v cloud-init >/dev/null 2>&1; then say cloudInit absent; exit 0; fi
if cloud-init status --wait >/dev/null 2>&1; then say cloudInit done; else say cloudInit failed; fi
`;

/**
 * A host key made there, beside the one-time key and not used yet: it is told before sshd takes it, so that whatever happens
 * in between, one of two known keys is shown.
 */
export const PREPARE_HOST_KEY = String.raw`
next=/etc/ssh/halfspread-next-host-key
if [ ! -f "$next" ] || [ ! -f "$next.pub" ]; then
  rm -f "$next" "$next.pub" "$next.new" "$next.new.pub"
  ssh-keygen -q -t ed25519 -N '' -C '' -f "$next.new"
  mv "$next.new.pub" "$next.pub"
  mv "$next.new" "$next"
fi
say hostKey "$(cut -d' ' -f1,2 "$next.pub")"
`;

/** The prepared key takes the place of every host key there is, and sshd takes it up. Running sessions stay. */
export const SWITCH_HOST_KEY = String.raw`
next=/etc/ssh/halfspread-next-host-key
[ -f "$next" ] || fail HOST_KEY "$next is gone"
key=/etc/ssh/ssh_host_ed25519_key
cp "$next" "$key.new"
cp "$next.pub" "$key.pub.new"
chmod 644 "$key.pub.new"
mv "$key.new" "$key"
mv "$key.pub.new" "$key.pub"
for other in /etc/ssh/ssh_host_*_key; do
  [ "$other" = "$key" ] || rm -f "$other" "$other.pub"
done
if [ -d /run/systemd/system ]; then
  systemctl reload-or-restart ssh 2>/dev/null || systemctl reload-or-restart sshd
else
  kill -HUP "$(cat /run/sshd.pid)"
fi
say hostKey "$(cut -d' ' -f1,2 "$key.pub")"
`;

/** Once the new key was seen from outside. */
export const DROP_PREPARED_KEY = String.raw`
rm -f /etc/ssh/halfspread-next-host-key /etc/ssh/halfspread-next-host-key.pub
say dropped yes
`;
