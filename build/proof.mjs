/**
 * `npm run proof`: the claims of docs/proof.md, shown at length. `npm run proof -- practice kill` runs those parts only.
 * Progress on standard error; with `--json` the last line of standard output is one JSON object. Ctrl-C ends it.
 */
import { parseArgs } from 'node:util';
import { attacksPart } from './proof/attacks-part.ts';
import { deployPart } from './proof/deploy-part.ts';
import { fuzzPart } from './proof/fuzz-part.ts';
import { killPart } from './proof/kill-part.ts';
import { modesPart } from './proof/modes-part.ts';
import { placePart } from './proof/place-part.ts';
import { practicePart } from './proof/practice-part.ts';
import { ensureBuild } from './toolchain.mjs';

const PARTS = {
  attacks: attacksPart,
  deploy: deployPart,
  fuzz: fuzzPart,
  kill: killPart,
  modes: modesPart,
  place: placePart,
  practice: practicePart,
};
const EXIT_FAILED = 1;
const EXIT_BAD_INPUT = 2;
const EXIT_CANCELLED = 130;

const say = (text) => process.stderr.write(`${text}\n`);
const { names, json, ...settings } = readArguments();
const cancel = new AbortController();
// A second Ctrl-C ends at once.
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => cancel.abort(new Error(`cancelled by ${signal}`)));

ensureBuild();
const results = {};
for (const name of names) {
  const part = PARTS[name];
  say(`== ${name}: ${part.title}`);
  const startedMs = performance.now();
  try {
    results[name] = await part.run({ ...settings, say: (text) => say(`   ${text}`), cancelled: cancel.signal });
  } catch (error) {
    results[name] = { ok: false, bounds: '', figures: {}, faults: [String(error?.message ?? error)] };
  }
  results[name].seconds = Math.round((performance.now() - startedMs) / 1000);
  if (!json) printForPerson(name, results[name]);
  if (cancel.signal.aborted) break;
}
const ok = names.every((name) => results[name]?.ok);
if (json) console.log(JSON.stringify({ ok, parts: results }));
else console.log(ok ? 'proof: everything held' : 'proof: NOT everything held');
process.exitCode = cancel.signal.aborted ? EXIT_CANCELLED : ok ? 0 : EXIT_FAILED;

function printForPerson(name, { ok, bounds, figures, faults, seconds }) {
  console.log(`${ok ? 'held' : 'FAILED'}  ${name} (${seconds} s)`);
  console.log(`  ${JSON.stringify(figures)}`);
  for (const fault of faults) console.log(`  FAULT ${fault}`);
  console.log(`  Bounds: ${bounds}`);
}

function readArguments() {
  const whole = { type: 'string' };
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, seed: whole, seconds: whole, kills: whole, frames: whole },
    });
    const unknown = positionals.find((name) => !(name in PARTS));
    if (unknown) throw new Error(`unknown part "${unknown}"`);
    const number = (name, otherwise) => {
      const value = Number(values[name] ?? otherwise);
      if (!Number.isSafeInteger(value) || value < 1)
        throw new Error(`--${name} "${values[name]}" is not a whole number above 0`);
      return value;
    };
    return {
      names: positionals.length > 0 ? positionals : Object.keys(PARTS),
      json: values.json,
      seed: number('seed', 1),
      seconds: number('seconds', 120),
      kills: number('kills', 25),
      frames: number('frames', 50_000),
    };
  } catch (error) {
    say(
      `proof: ${error.message}\nUsage: npm run proof -- [${Object.keys(PARTS).join('] [')}] [--seconds 120] [--kills 25] [--frames 50000] [--seed 1] [--json]`,
    );
    process.exit(EXIT_BAD_INPUT);
  }
}
