import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFuses, setFuses, wrongFuses } from './fuses.ts';
import { fuseWire, SHIPPED_WIRE } from './stub-electron.test-helper.ts';

let folder: string;
let program: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hs-fuses-'));
  program = join(folder, 'electron');
  writeFileSync(program, fuseWire());
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('fuses', () => {
  it('are set in the program and read back', async () => {
    expect(await readFuses(program)).toMatchObject({ RunAsNode: true, OnlyLoadAppFromAsar: false });
    await setFuses(program);
    expect(await readFuses(program)).toEqual({
      RunAsNode: false,
      EnableCookieEncryption: true,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableNodeCliInspectArguments: false,
      EnableEmbeddedAsarIntegrityValidation: true,
      OnlyLoadAppFromAsar: true,
      LoadBrowserProcessSpecificV8Snapshot: false,
      GrantFileProtocolExtraPrivileges: false,
      WasmTrapHandlers: true,
    });
    // In the bytes themselves, and nothing else of the program changed.
    expect(readFileSync(program, 'latin1')).toBe(fuseWire('010011001').toString('latin1'));
  });

  it('as Electron ships them are not accepted, each by its name', async () => {
    expect(wrongFuses(await readFuses(program))).toEqual([
      'RunAsNode is on',
      'EnableCookieEncryption is off',
      'EnableNodeOptionsEnvironmentVariable is on',
      'EnableNodeCliInspectArguments is on',
      'EnableEmbeddedAsarIntegrityValidation is off',
      'OnlyLoadAppFromAsar is off',
      'GrantFileProtocolExtraPrivileges is on',
    ]);
  });

  it('of a later Electron, with one more, stop the packing until somebody decides about it', async () => {
    writeFileSync(program, fuseWire(`${SHIPPED_WIRE}1`));
    await expect(setFuses(program)).rejects.toThrow(/10 fuses but you only provided a config for 9/);
  });

  it('that this Electron has removed are not taken for set', async () => {
    writeFileSync(program, fuseWire('r01100011'));
    await expect(setFuses(program)).rejects.toThrow(/no longer has the fuses RunAsNode/);
  });

  it('are not found in a program that is no Electron', async () => {
    writeFileSync(program, 'some program');
    await expect(setFuses(program)).rejects.toThrow(/sentinel/);
  });
});
