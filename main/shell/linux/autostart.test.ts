import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoginItem } from '../login-item.ts';
import { createAutostart } from './autostart.ts';

let home: string;
let item: LoginItem;
const command = ['/opt/my "half" $pread/100%/`node`', '/opt/back\\slash/start.mjs', '--hidden'];
const folder = () => join(home, '.config', 'autostart');
const file = () => join(folder(), 'halfspread.desktop');

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hs-autostart-'));
  item = createAutostart({ environment: {}, homeFolder: home, command });
});
afterEach(() => rm(home, { recursive: true }));

describe('start at login on Linux', () => {
  it('is off at first, written and read back, and leaves nothing when it is switched off', async () => {
    expect(await item.read()).toEqual({ state: 'off' });
    expect(await item.set(true)).toEqual({ state: 'on' });
    expect(await readdir(folder())).toEqual(['halfspread.desktop']);
    expect(await item.set(false)).toEqual({ state: 'off' });
    expect(await readdir(folder())).toEqual([]);
    expect(await item.set(false)).toEqual({ state: 'off' });
  });

  it('writes a command line that means exactly its arguments', async () => {
    await item.set(true);
    const exec = /^Exec=(.*)$/m.exec(await readFile(file(), 'utf8'))?.[1] ?? '';
    // As the specification reads it: string escapes, then quoting, then %%. The shell's double quotes have the same rules.
    const line = exec.replaceAll('\\\\', '\\').replaceAll('%%', '%');
    const run = spawnSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' });
    expect(run.stdout.trimEnd().split('\n')).toEqual(command);
  });

  it.each([
    ['Hidden=true', 'HS_LOGIN_ITEM_DISABLED'],
    ['X-GNOME-Autostart-enabled=false', 'HS_LOGIN_ITEM_DISABLED'],
    ['Exec=/somewhere/else', 'HS_LOGIN_ITEM_CHANGED'],
  ])('says that somebody else changed it to %s, and whose word counts', async (line, code) => {
    await item.set(true);
    const key = line.split('=')[0];
    const text = (await readFile(file(), 'utf8')).replace(new RegExp(`^${key}=.*\n`, 'm'), '');
    await writeFile(file(), `${text}${line}\n`);
    expect(await item.read()).toMatchObject({ state: 'changed', reason: { code } });
    expect(await item.set(true)).toEqual({ state: 'on' });
  });

  it('keeps a desk in a folder of its own apart, and starts that one', async () => {
    const other = createAutostart({
      environment: { HALFSPREAD_HOME: '/srv/desk two' },
      homeFolder: home,
      command: ['hs'],
    });
    await item.set(true);
    await other.set(true);
    expect((await readdir(folder())).length).toBe(2);
    await other.set(false);
    expect(await item.read()).toEqual({ state: 'on' });
  });

  it('follows XDG_CONFIG_HOME, unless it is relative', async () => {
    const config = join(home, 'elsewhere');
    await createAutostart({ environment: { XDG_CONFIG_HOME: config }, homeFolder: home, command }).set(true);
    expect(await readdir(join(config, 'autostart'))).toEqual(['halfspread.desktop']);
    await createAutostart({ environment: { XDG_CONFIG_HOME: 'relative' }, homeFolder: home, command }).set(true);
    expect(await item.read()).toEqual({ state: 'on' });
  });

  it('says why it could not be changed, and why it cannot be read', async () => {
    await writeFile(join(home, '.config'), 'a file where the folder should be');
    await expect(item.set(true)).rejects.toMatchObject({ code: 'HS_LOGIN_ITEM' });
    await rm(join(home, '.config'));
    await mkdir(file(), { recursive: true });
    expect(await item.read()).toMatchObject({ state: 'unavailable', reason: { code: 'HS_LOGIN_ITEM' } });
    await chmod(home, 0o700);
  });
});
