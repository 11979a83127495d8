import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Where below a folder one of these secrets can be read: as it was given, without its 0x, or as base64 of its bytes.
 * @param secrets hex with 0x, or plain texts
 * @returns paths of the files, empty when there are none
 */
export async function secretsLeft(folder: string, secrets: readonly string[]): Promise<string[]> {
  const forms = secrets.flatMap(formsOf);
  for (;;) {
    try {
      return await filesWith(folder, forms);
    } catch (error) {
      // One was replaced by a newer one while they were read: what that one holds must be looked at too.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
}

async function filesWith(folder: string, forms: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (holdsOne(await readFile(path, 'latin1'), forms)) found.push(path);
  }
  return found;
}

/** Whether one of these secrets is in a text, in one of the forms above. */
export function hasSecret(text: string, secrets: readonly string[]): boolean {
  return holdsOne(text, secrets.flatMap(formsOf));
}

function holdsOne(text: string, forms: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return forms.some((form) => lower.includes(form));
}

/** In lower case: a key that was printed in capitals is found, and a base64 text that differs in case alone is no coincidence. */
function formsOf(secret: string): string[] {
  const hex = /^0x([0-9a-fA-F]+)$/.exec(secret)?.[1];
  if (hex === undefined) return [secret.toLowerCase()];
  const bytes = Buffer.from(hex.padStart(64, '0'), 'hex');
  return [hex, bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('latin1')].map((form) =>
    form.replace(/=+$/, '').toLowerCase(),
  );
}
