export const sites = {
  'nav.sites': 'Sites',

  'sites.ask.password': 'Login password of the site {site}',
  'sites.ask.password.detail':
    'ssh gets it through a private pipe, for this server alone. It is kept in the secret storage of this machine.',
  'sites.ask.sudoPassword': 'sudo password of the site {site}',
  'sites.ask.sudoPassword.detail':
    'It goes to sudo on standard input, inside the verified ssh session. It is kept in the secret storage of this machine.',
  'sites.ask.passphrase': 'Passphrase of the key file for the site {site}',
  'sites.ask.passphrase.detail':
    'ssh gets it through a private pipe to open the key file. It is kept in the secret storage of this machine.',
  'sites.ask.hetzner': 'Hetzner API token (read and write, of one project)',
  'sites.ask.hetzner.detail':
    'It makes and deletes servers of that project. It is kept in the secret storage of this machine and never leaves it but to Hetzner.',
  'sites.ask.lightsail': 'AWS access key for Lightsail: key ID and secret',
  'sites.ask.lightsail.detail':
    'Both in one line. Use an IAM user that may use Lightsail only. Kept in the secret storage of this machine; only signatures leave it.',
} as const;
