/** The licences of everything by others that the package contains: bundled into our files, or beside them. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packedModules } from './packed-modules.ts';

/** What may be passed on inside a program under the MIT licence. Another one needs a person's decision. */
const ALLOWED_LICENCES = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'Zlib'];
const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\.|-|$)/i;

const packageSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  author: z.union([z.string(), z.object({ name: z.string() })]).optional(),
});

export interface Notice {
  name: string;
  version: string;
  licence: string;
  /** The package's own licence files; where it ships none, its name of the licence and of the author. */
  text: string;
}

/** @throws Error naming a package whose licence is not on the list, or that is not installed */
export function collectNotices(root: string): Notice[] {
  const bundled = z.record(z.string(), z.array(z.string())).parse(readJson(join(root, 'dist/bundled-packages.json')));
  const folders = new Set([...Object.values(bundled).flat(), ...packedModules(root)]);
  const notices = [...folders].map((folder) => noticeOf(join(root, folder)));
  const unique = new Map(notices.map((notice) => [`${notice.name}@${notice.version}`, notice]));
  return [...unique.values()].sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
}

/** Writes dist/THIRD-PARTY-NOTICES.txt and returns how many packages it names. */
export function writeNotices(root: string): number {
  const notices = collectNotices(root);
  const parts = notices.map(
    ({ name, version, licence, text }) => `${name} ${version} (${licence})\n\n${text.trim()}\n`,
  );
  const rule = `\n${'-'.repeat(80)}\n\n`;
  writeFileSync(
    join(root, 'dist/THIRD-PARTY-NOTICES.txt'),
    `Halfspread contains code of these projects. Electron and Chromium state their licences in LICENSE.electron.txt and\nLICENSES.chromium.html, the recorded market data beside the recordings.\n${rule}${parts.join(rule)}`,
  );
  return notices.length;
}

function noticeOf(folder: string): Notice {
  const { name, version, license, author } = packageSchema.parse(readJson(join(folder, 'package.json')));
  if (!isAllowed(license)) {
    throw new Error(
      `${name} ${version} is under "${license}", which is not on the list of build/pack/notices.ts: ` +
        'decide whether the program may contain it.',
    );
  }
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8'));
  const authorName = typeof author === 'object' ? author.name : author;
  if (texts.length === 0) texts.push(`Licence: ${license}. Author: ${authorName ?? 'see the package'}.`);
  return { name, version, licence: license, text: texts.join('\n') };
}

/** Of "(MIT AND Zlib)" both; of "(MIT OR GPL-3.0)" one is enough. */
function isAllowed(expression: string): boolean {
  const withoutBrackets = expression.replace(/^\((.*)\)$/, '$1');
  return withoutBrackets
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => ALLOWED_LICENCES.includes(licence)));
}

function readJson(path: string): unknown {
  if (!existsSync(path)) throw new Error(`${path} is not there: build first (npm run build).`);
  return JSON.parse(readFileSync(path, 'utf8'));
}
