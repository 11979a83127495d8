import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DEFAULT_TAPE, listTapes, shippedTapesFolder, tapeFolder } from './catalogue.ts';

test('three tapes ship, the default one first', () => {
  expect(listTapes().map((tape) => tape.id)).toEqual([DEFAULT_TAPE, 'btc-coinm-spot', 'btc-usdm-spot']);
});

test('a tape is found by id, or by the path of its folder', () => {
  expect(tapeFolder(DEFAULT_TAPE)).toBe(join(shippedTapesFolder(), DEFAULT_TAPE));
  expect(tapeFolder('/somewhere/mine')).toBe('/somewhere/mine');
});

test('an unknown tape is refused with those there are', () => {
  expect(() => tapeFolder('eth')).toThrow(
    expect.objectContaining({ code: 'HS_TAPE_UNKNOWN', remedy: expect.stringContaining(DEFAULT_TAPE) }),
  );
  const empty = mkdtempSync(join(tmpdir(), 'halfspread-tapes-'));
  onTestFinished(() => rmSync(empty, { recursive: true }));
  expect(() => tapeFolder('eth', empty)).toThrow(expect.objectContaining({ remedy: expect.stringContaining('none') }));
});
