import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { APP_ID } from './app-id.ts';

it('is the id the installer gives the program: Windows matches notifications by it', async () => {
  const config: unknown = parse(await readFile(join(import.meta.dirname, '../../../electron-builder.yml'), 'utf8'));
  expect(config).toMatchObject({ appId: APP_ID });
});
