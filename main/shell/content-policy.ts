/**
 * What the window's page may do, the same in both shells but for the one connection the browser shell's page needs
 * (security.md, Electron). Nothing inline, nothing evaluated, nothing of another origin.
 * @param connect whom the page may connect to: Electron's talks over ipc alone and needs nobody
 */
export function contentSecurityPolicy(connect: "'none'" | "'self'"): string {
  return (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    `connect-src ${connect}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
  );
}

/** Features of browsers that no page of ours uses; a page that got in must not ask for them either. */
const DENIED_FEATURES = [
  'bluetooth',
  'camera',
  'display-capture',
  'geolocation',
  'hid',
  'idle-detection',
  'local-fonts',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
];
export const PERMISSIONS_POLICY = DENIED_FEATURES.map((feature) => `${feature}=()`).join(', ');
