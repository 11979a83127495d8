import { existsSync, readdirSync } from 'node:fs';
import { isAbsolute, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HalfspreadError } from '../../core/errors.ts';
import { readTapeFile, type TapeFile } from './tape-file.ts';

export const DEFAULT_TAPE = 'btc-usdm-coinm';

/** Seen from this file's sources, from the bundles dist/practice/main.mjs and dist/engine/cli.mjs, or from any in dist/. */
const SHIPPED_FOLDERS = ['.', './tapes', '../practice/tapes', '../../engine/practice/tapes'];

/** Folder of the tapes that ship. */
export function shippedTapesFolder(): string {
  const folders = SHIPPED_FOLDERS.map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return folders.find((folder) => existsSync(join(folder, DEFAULT_TAPE))) ?? folders[0]!;
}

/** Tapes of a folder, the default one first. A folder without tape.json is no tape. */
export function listTapes(tapesFolder = shippedTapesFolder()): TapeFile[] {
  return tapeIds(tapesFolder).map((id) => readTapeFile(join(tapesFolder, id)).file);
}

/**
 * Folder of the tape with this id, or of the operator's own tape when `tape` is a path.
 * @throws HalfspreadError HS_TAPE_UNKNOWN naming the tapes there are.
 */
export function tapeFolder(tape: string, tapesFolder = shippedTapesFolder()): string {
  if (isAbsolute(tape) || tape.includes(sep)) return tape;
  const ids = tapeIds(tapesFolder);
  if (ids.includes(tape)) return join(tapesFolder, tape);
  throw new HalfspreadError(
    'HS_TAPE_UNKNOWN',
    `There is no tape "${tape}" in ${tapesFolder}.`,
    `Choose one of: ${ids.join(', ') || '(none found)'}; or give the path of a folder with a tape.json.`,
  );
}

function tapeIds(tapesFolder: string): string[] {
  if (!existsSync(tapesFolder)) return [];
  const ids = readdirSync(tapesFolder).filter((name) => existsSync(join(tapesFolder, name, 'tape.json')));
  return ids.sort((a, b) => Number(b === DEFAULT_TAPE) - Number(a === DEFAULT_TAPE) || a.localeCompare(b));
}
