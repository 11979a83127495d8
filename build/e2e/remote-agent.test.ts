import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  agentStatusSchema,
  devicesResultSchema,
  measureResultSchema,
  purgeResultSchema,
  selfTestResultSchema,
} from '../../engine/protocol/agent-program.ts';
import type { DeskEvent } from '../../engine/protocol/model.ts';
import type { VenueEndpoints } from '../../engine/protocol/endpoints.ts';
import { parseVenueSet } from '../../engine/desk/venue-set.ts';
import type { PracticeDescription } from '../../engine/practice/description.ts';
import type { DeskLaunchInput } from '../../engine/protocol/launch.ts';
import { configText, endpointsOf, keysOf, WIDE_LIMITS } from '../../engine/simulation/virtual-desk.ts';
import { askVenues, startVenues, type PracticeVenues } from '../proof/practice-venues.ts';
import { agentBundleBytes, MAX_BUNDLE_BYTES } from '../proof/bundle-size.ts';
import { hasSecret, secretsLeft } from '../proof/secrets-left.ts';
import { createHome, lastJson, type Home, type Program } from '../proof/program.ts';
import { enrolAgent, linkTo, runAgentProgram, runVerb, type EnrolledAgent } from '../proof/remote-agent.ts';

const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 30_000 });
const closedTrades = (events: DeskEvent[]) =>
  events.flatMap((event) => (event.type === 'trade' && event.trade.state === 'FLAT' ? [event.trade.id] : []));

/** P15 of docs/performance.md. */
const MAX_RSS_BYTES = 150 * 1024 * 1024;
/** Trades every few seconds. */
const EAGER = { entryBps: 0.6, exitBps: -1.4, sizeE8: 1e6 };

let home: Home;
let agent: EnrolledAgent;
let program: Program | undefined;
let venues: PracticeVenues | undefined;

const verb = async (name: string, input?: unknown) =>
  lastJson(await runVerb(home, [name, '--state', agent.state], input));
const errorCode = (answer: unknown) => (answer as { error?: { code: string } }).error?.code;

/** Every key the practice venues' first accounts trade with. */
function secretsOf(description: unknown): string[] {
  const { paradex, vest } = parseVenueSet(description);
  const { signingPrivateKey, apiKey } = vest.accounts[0]!;
  return [paradex.accounts[0]!.l2PrivateKey, signingPrivateKey, apiKey];
}

/** Desks on the practice venues as if those were real ones, for the agent to start on. */
function desksOn({ description }: PracticeVenues): Record<'paper' | 'live', DeskLaunchInput> {
  const practice = description as unknown as PracticeDescription;
  const endpoints = endpointsOf(practice);
  const config = { text: configText({ tape: { ...practice.tape, ...EAGER } }), path: 'desk.yaml' };
  const keys = keysOf(practice, Date.now() + 7 * 86_400_000);
  return { paper: { mode: 'paper', endpoints, config }, live: { mode: 'live', endpoints, keys, config } };
}

beforeEach(async () => {
  home = await createHome();
  agent = await enrolAgent(home);
});
afterEach(async () => {
  program?.child.kill('SIGKILL');
  await program?.ended;
  await venues?.stop();
  await home.remove();
  [program, venues] = [undefined, undefined];
});

it('an agent trades after it was unlocked, comes back locked when killed, and goes on after the next unlock', async () => {
  venues = await startVenues(home, ['--network', 'vps-near', '--fees', 'zero']);
  program = await runAgentProgram(home, agent);
  const view = linkTo(agent);
  const { link, snapshot, snapshots, events } = view;
  await eventually(() => snapshot()?.trading).toBe('locked');
  const locked = agentStatusSchema.parse(await verb('status'));
  await expect(link.command({ name: 'start' })).rejects.toMatchObject({ code: 'HS_TERM_NOT_HELD' });

  const desk = { mode: 'practice', venues: venues.description } as const;
  await link.unlock({ desk, term: 1 });
  await eventually(() => snapshot()?.desk.coin).toBe('BTC');
  expect(agentStatusSchema.parse(await verb('status'))).toMatchObject({
    locked: false,
    mode: 'practice',
    sessions: 1,
    term: 1,
    holdsTerm: true,
  });
  expect(errorCode(await verb('run'))).toBe('HS_AGENT_RUNNING');
  expect(errorCode(await verb('purge'))).toBe('HS_AGENT_RUNNING');
  await link.command({ name: 'start' });
  await eventually(() => closedTrades(events).length).toBeGreaterThan(0);
  const trading = agentStatusSchema.parse(await verb('status'));
  expect(trading.rssBytes).toBeLessThan(MAX_RSS_BYTES);
  const bundleBytes = await agentBundleBytes();
  expect(bundleBytes).toBeLessThan(MAX_BUNDLE_BYTES);
  const mib = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
  console.log(
    `agent: bundle ${mib(bundleBytes)} MiB compressed, memory ${mib(locked.rssBytes)} MiB locked, ` +
      `${mib(trading.rssBytes)} MiB trading, connected in ${view.connectedInMs()?.toFixed(0)} ms`,
  );
  const before = snapshots.length;

  program.child.kill('SIGKILL');
  await program.ended;
  await eventually(() => link.state().state).toBe('lost');
  program = await runAgentProgram(home, agent);
  link.retryNow();
  await eventually(() => snapshots.length).toBeGreaterThan(before);
  expect(snapshot()).toMatchObject({ trading: 'locked', desk: { coin: 'BTC' } });
  // What the journal has is shown while it is locked.
  expect(snapshot()!.trades.map(({ id }) => id)).toEqual(expect.arrayContaining(closedTrades(events)));

  await expect(link.unlock({ desk, term: 0 })).rejects.toThrow();
  await link.unlock({ desk, term: 1 });
  await link.command({ name: 'start' });
  await link.command({ name: 'stop' });
  expect(await link.command({ name: 'ledger' })).toMatchObject({ lost: 0, doubled: 0, differing: 0, invented: 0 });
  link.stop();
  program.child.kill('SIGTERM');
  expect((await program.ended).code).toBe(0);

  const keys = secretsOf(venues.description);
  expect(await secretsLeft(agent.state, keys)).toEqual([]);
  expect(hasSecret(program.stderr(), keys)).toBe(false);
  expect(purgeResultSchema.parse(await verb('purge')).removed).toContain('data');
});

it('runs the paper or live desk that was sealed to it; locked, or killed and started again, it holds no key', async () => {
  venues = await startVenues(home, ['--network', 'none', '--fees', 'zero']);
  const keys = secretsOf(venues.description);
  const { paper, live } = desksOn(venues);
  program = await runAgentProgram(home, agent);
  const { link, snapshot, snapshots, events } = linkTo(agent);
  await eventually(() => snapshot()?.trading).toBe('locked');
  const arm = () => link.command({ name: 'arm', limits: WIDE_LIMITS }, true);
  const demandLocked = async () => {
    await eventually(() => snapshot()?.trading).toBe('locked');
    expect(agentStatusSchema.parse(await verb('status'))).toMatchObject({ locked: true, flat: true });
    await expect(arm()).rejects.toMatchObject({ code: 'HS_AGENT_LOCKED' });
    expect(await secretsLeft(agent.state, keys)).toEqual([]);
  };
  const closedBy = (mode: string) => (snapshot()?.desk.mode === mode ? closedTrades(events).length : 0);

  await link.unlock({ desk: paper, term: 1 });
  await eventually(() => closedBy('paper')).toBeGreaterThan(0);
  expect(await link.command({ name: 'lock' }, true)).toEqual({ flat: true });
  await demandLocked();
  expect((await askVenues(venues.description)).fills).toEqual([]);

  await link.unlock({ desk: live, term: 1 });
  await eventually(() => snapshot()).toMatchObject({ desk: { mode: 'live' }, arming: { state: 'disarmed' } });
  const onPaper = closedTrades(events).length;
  await arm();
  await eventually(() => closedBy('live')).toBeGreaterThan(onPaper);
  expect(await link.command({ name: 'lock' }, true)).toEqual({ flat: true });
  await demandLocked();
  const { fills, positions } = await askVenues(venues.description);
  expect(new Set(fills.map(({ venue }) => venue)).size).toBe(2);
  expect(positions.filter(({ sizeE8 }) => sizeE8 !== 0)).toEqual([]);

  await link.unlock({ desk: live, term: 1 });
  await eventually(() => snapshot()?.arming?.state).toBe('disarmed');
  const before = snapshots.length;
  program.child.kill('SIGKILL');
  const { stderr } = await program.ended;
  program = await runAgentProgram(home, agent);
  link.retryNow();
  await eventually(() => snapshots.length).toBeGreaterThan(before);
  await demandLocked();
  link.stop();
  expect(hasSecret(stderr + program.stderr(), keys)).toBe(false);
});

it('the program’s verbs answer with one line of JSON each, and say what is wrong', async () => {
  expect(selfTestResultSchema.parse(await verb('self-test'))).toMatchObject({ ok: true });
  expect(devicesResultSchema.parse(await verb('devices')).devices.map(({ deviceId }) => deviceId)).toEqual([
    agent.deviceId,
  ]);
  const status = await runVerb(home, ['status', '--state', agent.state]);
  expect([status.code, errorCode(lastJson(status))]).toEqual([3, 'HS_NOT_RUNNING']);
  const bad: [string[], unknown, string][] = [
    [['fly', '--state', agent.state], undefined, 'HS_OPTION'],
    [['enrol', '--state', agent.state], { deviceId: 'x' }, 'HS_OPTION'],
    [['run', '--state', home.path('nothing')], undefined, 'HS_AGENT_NOT_INITIALISED'],
  ];
  await Promise.all(
    bad.map(async ([args, input, code]) => {
      const ended = await runVerb(home, args, input);
      expect([ended.code, errorCode(lastJson(ended))]).toEqual([2, code]);
    }),
  );
});

it('measures the way to both venues', async () => {
  venues = await startVenues(home, []);
  const { paradex, vest } = parseVenueSet(venues.description);
  const endpoints: VenueEndpoints = {
    paradex: { network: 'custom', restUrl: paradex.restUrl, wsUrl: paradex.wsUrl },
    vest: { network: 'custom', restUrl: vest.restUrl, wsUrl: vest.wsUrl, verifyingContract: `0x${'0'.repeat(40)}` },
  };
  const found = measureResultSchema.parse(lastJson(await runVerb(home, ['measure'], { endpoints, samples: 2 })));
  for (const { tcpConnect, restWarm, tls, failed } of found.venues) {
    expect([tcpConnect.n, restWarm.n, tls.n, failed]).toEqual([2, 2, 0, 0]);
    expect(restWarm.p95).toBeLessThan(5_000);
  }
});
