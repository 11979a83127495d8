import { siteSecretName, type SiteSecret } from '../ports.ts';
import type { DeployPorts } from '../ports.ts';
import { askSecret, say } from './terminal.ts';

/** Login options every command has. */
export interface LoginOptions {
  askPassword: boolean;
  askSudoPassword: boolean;
  askPassphrase: boolean;
  remember: boolean;
  secretsFile?: string;
  json: boolean;
}

/** Asks for what was said to be asked for; in this order also from a pipe. */
export async function askLoginSecrets(site: string, options: LoginOptions): Promise<Map<string, string>> {
  const wanted: [boolean, SiteSecret, string][] = [
    [options.askPassword, 'password', 'login password'],
    [options.askSudoPassword, 'sudoPassword', 'sudo password'],
    [options.askPassphrase, 'passphrase', 'passphrase of the key'],
  ];
  const given = new Map<string, string>();
  for (const [isWanted, kind, words] of wanted) {
    if (isWanted) given.set(siteSecretName(site, kind), await askSecret(words));
  }
  return given;
}

export async function rememberSecrets(ports: DeployPorts, given: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, value] of given) await ports.secrets.set(name, value);
}

/** Ctrl-C asks to stop; a second one ends at once. */
export function stopOnInterrupt(): AbortSignal {
  const stopping = new AbortController();
  const interrupt = () => {
    if (stopping.signal.aborted) process.exit(130);
    say('\nStopping ... (once more ends at once; what was done is kept either way)');
    stopping.abort(new Error('interrupted'));
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return stopping.signal;
}
