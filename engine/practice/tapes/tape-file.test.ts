import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTapeFile } from './tape-file.ts';
import { type RawTapeFile, writeSmallTape } from './tape-folders.fixture.ts';

function errorAfter(change: (file: RawTapeFile) => void): unknown {
  const tape = writeSmallTape();
  tape.tapeFile(change);
  try {
    readTapeFile(tape.folder);
  } catch (error) {
    return error;
  }
  return undefined;
}

test('a field that is wrong is named with its file', () => {
  expect(errorAfter((file) => (file.venues.vest.priceDecimals = 9))).toMatchObject({
    code: 'HS_TAPE_FORMAT',
    message: expect.stringMatching(/tape\.json: field venues\.vest\.priceDecimals: /),
  });
});

test('an unknown key is refused', () => {
  const error = errorAfter((file) => Object.assign(file, { speed: 2 }));
  expect(error).toMatchObject({ code: 'HS_TAPE_FORMAT', message: expect.stringContaining('speed') });
});

test('a tick that needs more decimals than the venue shows is refused', () => {
  expect(errorAfter((file) => (file.venues.paradex.tick = '0.05'))).toMatchObject({
    message: expect.stringContaining('field venues.paradex.tick: needs more decimals'),
  });
});

test('an exit at or above the entry is refused', () => {
  expect(errorAfter((file) => (file.thresholds.exit.bps = 2))).toMatchObject({
    message: expect.stringContaining('thresholds.exit.bps'),
  });
});

test('broken JSON and a missing tape.json are told apart', () => {
  const tape = writeSmallTape();
  writeFileSync(join(tape.folder, 'tape.json'), '{ "id": ');
  expect(() => readTapeFile(tape.folder)).toThrow(expect.objectContaining({ code: 'HS_TAPE_FORMAT' }));
  expect(() => readTapeFile(join(tape.folder, 'nowhere'))).toThrow(
    expect.objectContaining({ code: 'HS_TAPE_MISSING_FILE' }),
  );
});
