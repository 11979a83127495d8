import { beforeEach, describe, expect, it } from 'vitest';
import type { VenueProbe } from '../../engine/protocol/accounts.ts';
import { PUBLISHED_ENDPOINTS, type VenueEndpoints } from '../../engine/protocol/endpoints.ts';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import { createProbes, type Probes, type ProbesFile } from './probe.ts';

const { production, testnet } = PUBLISHED_ENDPOINTS;
const venue = (name: 'paradex' | 'vest', usable: boolean): VenueProbe => ({
  venue: name,
  usable,
  generation: 'v2',
  steps: [],
  markets: [],
});
const answer = { venues: [venue('paradex', true), venue('vest', false)] };

let asked: { endpoints: VenueEndpoints; signal: AbortSignal; reply: PromiseWithResolvers<typeof answer> }[];
let written: ProbesFile[];
let nowMs: number;
let changes: number;

function create(found?: ProbesFile): Probes {
  return createProbes({
    ask(endpoints, signal) {
      const reply = Promise.withResolvers<typeof answer>();
      signal.addEventListener('abort', () => reply.reject(new HalfspreadError('HS_ACCOUNTS_ABORTED', 'stopped', '')));
      asked.push({ endpoints, signal, reply });
      return reply.promise;
    },
    file: { found, replace: (value) => Promise.resolve(void written.push(value)) },
    now: () => nowMs,
    onChange: () => changes++,
    log: () => undefined,
  });
}

beforeEach(() => {
  [asked, written, nowMs, changes] = [[], [], 1000, 0];
});

describe('probes of the venues', () => {
  it('say that one runs, then what it found and when, also to a later run of the program', async () => {
    const probes = create();
    expect(probes.state(production)).toEqual({});
    const done = probes.run(production);
    expect(probes.state(production)).toEqual({ runningSince: 1000 });
    nowMs = 3000;
    asked[0]!.reply.resolve(answer);
    await done;
    expect(probes.state(production)).toEqual({ result: { at: 3000, venues: answer.venues } });
    expect([probes.found(production, 'paradex')?.usable, probes.found(production, 'vest')?.usable]).toEqual([
      true,
      false,
    ]);
    expect(changes).toBe(2);
    expect(create(written.at(-1)).state(production).result?.at).toBe(3000);
  });

  it('belong to the addresses they were made at', async () => {
    const probes = create();
    const done = probes.run(production);
    asked[0]!.reply.resolve(answer);
    await done;
    expect(probes.state(testnet)).toEqual({});
    expect(probes.found(testnet, 'paradex')).toBeUndefined();
    expect(probes.state(undefined)).toEqual({});
  });

  it('keep an older result beside the failure of a new one', async () => {
    const probes = create({ version: 1, probes: [{ at: 1, endpoints: production, venues: answer.venues }] });
    const done = probes.run(production);
    asked[0]!.reply.reject(new HalfspreadError('HS_ACCOUNTS_PROGRAM', 'It failed.', 'Again.'));
    await done;
    expect(probes.state(production)).toMatchObject({ result: { at: 1 }, error: { code: 'HS_ACCOUNTS_PROGRAM' } });
    void probes.run(production);
    expect(probes.state(production).error).toBeUndefined();
    probes.cancel();
  });

  it('can be stopped, which is no failure, and a new one takes the place of one that runs', async () => {
    const probes = create();
    const first = probes.run(production);
    const second = probes.run(testnet);
    await first;
    expect(probes.state(production)).toEqual({});
    expect(probes.state(testnet)).toEqual({ runningSince: 1000 });
    probes.cancel();
    await second;
    expect(probes.state(testnet)).toEqual({});
    expect(asked.every(({ signal }) => signal.aborted)).toBe(true);
  });

  it('are kept for a bounded number of addresses, the newest', async () => {
    const probes = create();
    for (let port = 1; port <= 8; port++) {
      const endpoints = { ...production, paradex: { ...production.paradex, restUrl: `http://127.0.0.1:${port}/v1` } };
      const done = probes.run(endpoints);
      asked.at(-1)!.reply.resolve(answer);
      await done;
    }
    expect(written.at(-1)!.probes.map(({ endpoints }) => endpoints.paradex.restUrl.slice(17, 18))).toEqual([
      '8',
      '7',
      '6',
      '5',
      '4',
      '3',
    ]);
  });
});
