/** Entry of the keychain program: reads one request, does it with keytar, prints one line, ends. See keychain-protocol.ts. */
import { randomBytes } from 'node:crypto';
import { errorMessage } from '../../../engine/protocol/errors.ts';
import { onParentGone, readHandover } from './handover.ts';
import { keychainRequestSchema, type KeychainAnswer, type KeychainRequest } from './keychain-protocol.ts';
import { lookAtSecretService } from './secret-service.ts';
import type { KeychainTrouble } from './storage-errors.ts';

type Keytar = Pick<typeof import('keytar'), 'getPassword' | 'setPassword' | 'deletePassword' | 'findCredentials'>;

class Trouble extends Error {
  readonly trouble: KeychainTrouble;
  constructor(trouble: KeychainTrouble, detail = '') {
    super(detail);
    this.trouble = trouble;
  }
}

async function loadKeytar(): Promise<Keytar> {
  try {
    const module = await import('keytar');
    // CommonJS: its functions are on the default export, and by name only where Node found them.
    return module.default;
  } catch (error) {
    throw new Trouble('library', errorMessage(error));
  }
}

/** A service that does not even say whether it is locked; shorter than the caller's limit, to be told from the rest. */
const LOOK_LIMIT_MS = 4_000;

/** Only Linux has a keychain that can be asked for its state without opening a window. */
async function refuseWhereClosed(request: KeychainRequest): Promise<void> {
  if (process.platform !== 'linux') return;
  const look = await Promise.race([lookAtSecretService(process.env), after(LOOK_LIMIT_MS)]);
  if (!look) throw new Trouble('hangs', `nothing within ${LOOK_LIMIT_MS / 1000} s`);
  const { state, detail } = look;
  if (state === 'none') throw new Trouble('none', detail);
  if (state !== 'open' && !request.mayAsk) throw new Trouble(state, detail);
}

function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => void setTimeout(() => resolve(undefined), ms));
}

async function perform(keytar: Keytar, request: KeychainRequest): Promise<object> {
  const { service } = request;
  switch (request.task) {
    case 'probe': {
      const value = randomBytes(32).toString('base64url');
      await set(keytar, service, request.name, value);
      await remove(keytar, service, request.name);
      return {};
    }
    case 'get': {
      const secret = await keytar.getPassword(service, request.name);
      // libsecret answers "none" for one it could not unlock, as well.
      if (secret === null) await refuseWhereClosed({ ...request, mayAsk: false });
      return secret === null ? {} : { secret };
    }
    case 'set':
      await set(keytar, service, request.name, request.secret);
      return {};
    case 'delete':
      return { existed: await remove(keytar, service, request.name) };
    case 'list': {
      const found = await keytar.findCredentials(service);
      return { names: found.map(({ account }) => account) };
    }
  }
}

async function set(keytar: Keytar, service: string, name: string, value: string): Promise<void> {
  await keytar.setPassword(service, name, value);
  if ((await keytar.getPassword(service, name)) !== value) throw new Trouble('mismatch');
}

async function remove(keytar: Keytar, service: string, name: string): Promise<boolean> {
  const existed = await keytar.deletePassword(service, name);
  if ((await keytar.getPassword(service, name)) !== null) throw new Trouble('stillThere');
  return existed;
}

async function answer(): Promise<KeychainAnswer> {
  try {
    const request = keychainRequestSchema.parse(await readHandover());
    await refuseWhereClosed(request);
    return { ok: true, result: await perform(await loadKeytar(), request) };
  } catch (error) {
    const trouble = error instanceof Trouble ? error.trouble : 'failed';
    return { ok: false, trouble, detail: errorMessage(error).slice(0, 500) };
  }
}

// A thread inside a keychain that hangs keeps process.exit() waiting: only this ends it.
onParentGone(() => process.kill(process.pid, 'SIGKILL'));
const line = `${JSON.stringify(await answer())}\n`;
process.stdout.write(line, () => process.exit(0));
