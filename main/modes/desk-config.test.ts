import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launchNodeProcess } from '../shell/browser/node-launcher.ts';
import { checkConfig } from './config-check.ts';
import { configTemplate } from './config-template.ts';
import { createDeskConfig, type DeskConfig } from './desk-config.ts';

const checkMain = join(import.meta.dirname, '../../engine/config/check-main.ts');
let script: string;
let folder: string;
let path: string;

const create = (): DeskConfig =>
  createDeskConfig({
    path,
    validPath: join(folder, 'data', 'desk.yaml'),
    check: (text) => checkConfig(launchNodeProcess, script, { text, path }),
    template: () => configTemplate('en'),
    now: () => 7,
    onChange: () => undefined,
  });

beforeEach(async () => {
  script = checkMain;
  folder = await mkdtemp(join(tmpdir(), 'hs-config-'));
  path = join(folder, 'config', 'desk.yaml');
});
afterEach(() => rm(folder, { recursive: true }));

describe('the desk config file', () => {
  it('is made once with commented values that the engine accepts, and never overwritten', async () => {
    const config = create();
    await config.reload();
    expect(config.state()).toMatchObject({ problems: [], error: { code: 'HS_CONFIG_MISSING' } });
    expect(config.valid()).toBeUndefined();
    await config.ensureFile();
    await config.reload();
    expect(config.state()).toMatchObject({
      path,
      problems: [],
      valid: { at: 7, summary: { desk: 'btc-vest-paradex', maxNotionalUsd: 500, maxDayLossUsd: 25 } },
    });
    const text = await readFile(path, 'utf8');
    expect(text).toContain('# ');
    await writeFile(path, text.replace('0.18', '0.25'));
    await config.ensureFile();
    expect(await readFile(path, 'utf8')).toContain('0.25');
  });

  it('keeps the valid content in use when the file becomes invalid, and says line and field', async () => {
    const config = create();
    await config.ensureFile();
    await config.reload();
    const good = config.valid();
    await writeFile(path, good!.text.replace('leverage: 2', 'leverage: 200'));
    await config.reload();
    expect(config.state().problems).toEqual([
      expect.objectContaining({ field: 'bots[0].leverage', message: 'must be 1 to 100' }),
    ]);
    expect(good!.text.split('\n')[config.state().problems[0]!.line - 1]).toContain('leverage');
    expect([config.valid(), config.state().valid?.summary.leverage]).toEqual([good, 2]);
    // Also after a restart of the program.
    const later = create();
    await later.reload();
    expect(later.valid()).toEqual(good);
    expect(later.state()).toMatchObject({ valid: { summary: { leverage: 2 } }, problems: [{}] });
    await writeFile(path, good!.text.replace('leverage: 2', 'leverage: 3'));
    await later.reload();
    expect(later.state()).toMatchObject({ problems: [], valid: { summary: { leverage: 3 } } });
    expect(later.valid()?.text).toContain('leverage: 3');
  });

  it.skipIf(process.getuid?.() === 0)('says when the file cannot be read', async () => {
    const config = create();
    await config.ensureFile();
    await chmod(path, 0);
    await config.reload();
    expect(config.state().error?.code).toBe('HS_CONFIG_READ');
  });

  it('has the same values in French', () => {
    const values = (text: string) => text.split('\n').filter((line) => !line.trimStart().startsWith('#'));
    expect(values(configTemplate('fr'))).toEqual(values(configTemplate('en')));
    expect(configTemplate('fr')).not.toBe(configTemplate('en'));
  });

  it('keeps what it has when the check itself cannot be run, and says so', async () => {
    const config = create();
    await config.ensureFile();
    await config.reload();
    const valid = config.valid();
    script = join(folder, 'missing.ts');
    await config.reload();
    expect(config.state().error?.code).toBe('HS_CONFIG_CHECK');
    expect(config.valid()).toBe(valid);
  });
});
