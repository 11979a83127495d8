import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunReport } from '../../engine/cli/run-report.ts';
import type { Trade } from '../../engine/protocol/model.ts';
import { until } from '../proof/until.ts';
import { createHome, isRunning, lastJson, runCli, startCli, type Home, type Program } from '../proof/program.ts';

const VPS_NEAR_ORDER_TO_ACK_MS = 41;

/** A trade every few seconds, so that a short run sees some; the tape's own thresholds trade every six seconds. */
const EAGER_CONFIG = `bots:
  - id: eager
    pair: BTC
    dex_a: vest
    dex_b: paradex
    spread_entry: 0.006
    spread_exit: -0.014
    leverage: 5
    position_size: 0.01
`;

let home: Home;
beforeEach(async () => {
  home = await createHome();
});
afterEach(() => home.remove());

describe('a run on the real clock', () => {
  let config: string;
  let data: string;
  beforeEach(async () => {
    config = home.path('eager.yaml');
    data = home.path('desk');
    await writeFile(config, EAGER_CONFIG);
  });

  function startRun(args: string[]): Program {
    const fixed = ['run', '--network', 'vps-near', '--fees', 'zero', '--config', config, '--data', data, '--json'];
    return startCli([...fixed, ...args], home);
  }

  async function trades(): Promise<Trade[]> {
    return lastJson(await runCli(['trades', '--json', '--data', data], home)) as Trade[];
  }

  async function status(): Promise<{ trading: string; statistics: { entries: number } } | undefined> {
    const ended = await runCli(['status', '--json', '--data', data], home);
    return ended.code === 0 ? (lastJson(ended) as Awaited<ReturnType<typeof status>>) : undefined;
  }

  it('reports what it did, its ledger equals the venues’, and the next run goes on where it stopped', async () => {
    const ended = await startRun(['--for', '15s']).ended;
    expect(ended.code, ended.stderr).toBe(0);
    const first = lastJson(ended) as RunReport;
    expectReportOfRealRun(first);
    expect(first.dataFolder).toBe(data);
    const kept = await trades();
    expect(kept.map(({ id }) => id)).toEqual(Array.from(kept, (_, index) => kept.length - index));
    expect(kept.length).toBeGreaterThanOrEqual(first.trades.exits);
    for (const trade of kept) expectOrderOfEvents(trade);

    const second = startRun([]);
    const running = await until('a new trade', 60_000, async () => {
      const now = await status();
      return now && now.statistics.entries > first.trades.entries ? now : undefined;
    });
    expect(running.trading).toBe('trading');
    // Ctrl-C: closes what is open, reports, leaves no venues behind.
    const children = childrenOf(second.child.pid!);
    expect(children).toHaveLength(1);
    second.child.kill('SIGINT');
    const interrupted = await second.ended;
    expect(interrupted.code, interrupted.stderr).toBe(0);
    expect(children.filter(isRunning)).toEqual([]);
    const report = lastJson(interrupted) as RunReport;
    expect(report.trades.entries).toBeGreaterThan(first.trades.entries);
    expect(report.ledger).toMatchObject({ lost: 0, doubled: 0, differing: 0, invented: 0 });
    const all = await trades();
    expect(all.slice(all.length - kept.length)).toEqual(kept);
    expect(all[0]!.id).toBe(all.length);
    expect(all.every(({ state }) => state === 'FLAT')).toBe(true);
    expect((await runCli(['status', '--data', data], home)).code).toBe(3);
  });

  it('takes its venues with it when it is killed, and its data folder can be used again', async () => {
    const run = startRun([]);
    await until('the engine’s note', 60_000, async () => existsSync(`${data}/engine.json`) || undefined);
    const children = childrenOf(run.child.pid!);
    expect(children).toHaveLength(1);
    run.child.kill('SIGKILL');
    await run.ended;
    await until('the venues’ end', 20_000, async () => !children.some(isRunning) || undefined);
    expect((await runCli(['status', '--data', data], home)).code).toBe(3);
    const next = await startRun(['--for', '1s']).ended;
    expect(next.code, next.stderr).toBe(0);
  });

  it('refuses a data folder another run is using, and disturbs nothing', async () => {
    const run = startRun([]);
    await until('the engine’s note', 60_000, async () => existsSync(`${data}/engine.json`) || undefined);
    const before = readFileSync(`${data}/engine.json`, 'utf8');
    const second = await startRun(['--for', '1s']).ended;
    expect(second.code).toBe(2);
    expect(second.stderr).toContain('HS_DATA_IN_USE');
    expect(second.stderr).toContain(data);
    expect(readFileSync(`${data}/engine.json`, 'utf8')).toBe(before);
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(0);
  });
});

function expectReportOfRealRun(report: RunReport): void {
  const percentiles = { p50: expect.any(Number), p95: expect.any(Number), n: expect.any(Number) } as const;
  const leg = { orderToAck: percentiles, orderToConfirm: percentiles };
  expect(report).toMatchObject({
    mode: 'practice',
    virtual: false,
    network: 'vps-near',
    tape: 'btc-usdm-coinm',
    fees: 'zero',
    trades: { entries: expect.any(Number), exits: expect.any(Number), missed: expect.any(Number) },
    latencyMs: { paradex: leg, vest: leg },
    slippageBps: {
      mean: expect.any(Number),
      median: expect.any(Number),
      p95: expect.any(Number),
      n: expect.any(Number),
    },
    ledger: { lost: 0, doubled: 0, differing: 0, invented: 0, faults: [] },
    resultUsd: { fees: '0' },
  });
  expect(report.durationMs).toBeGreaterThanOrEqual(15_000);
  expect(report.trades.entries).toBeGreaterThan(0);
  expect(report.ledger.fills).toBeGreaterThanOrEqual(4);
  expect(report.ledger.matched).toBe(report.ledger.fills);
  expect(report.slippageBps.n).toBeGreaterThan(0);
  for (const venue of ['paradex', 'vest']) {
    const { orderToAck, orderToConfirm } = report.latencyMs[venue]!;
    expect(orderToConfirm.p50!).toBeGreaterThan(VPS_NEAR_ORDER_TO_ACK_MS * 0.9);
    // A busy machine adds time and never takes any away.
    expect(orderToAck.p50!).toBeGreaterThan(VPS_NEAR_ORDER_TO_ACK_MS * 0.9);
  }
}

/** Asserts order, not milliseconds: the machine is shared. */
function expectOrderOfEvents(trade: Trade): void {
  expect(trade.state).toBe('FLAT');
  expect(trade.closedAt!).toBeGreaterThan(trade.openedAt);
  const legs = [...trade.entry.legs, ...(trade.exit?.legs ?? [])];
  for (const leg of legs) {
    const { t1, t2, t4, t5, t6, ack, t8 } = leg.stamps;
    const line = [t1, t2, t4, t5, t6, t8].filter((stamp) => stamp !== undefined);
    const margin = leg.offsetErrorMs ?? 0;
    for (let i = 1; i < line.length; i++)
      expect(line[i]! + margin, JSON.stringify(leg.stamps)).toBeGreaterThanOrEqual(line[i - 1]!);
    if (ack !== undefined) expect(ack).toBeGreaterThan(t4!);
    if (leg.filledE8 > 0) expect(t8!).toBeGreaterThan(t4!);
  }
  for (const episode of [trade.entry, trade.exit]) {
    if (!episode || episode.legs.length < 2) continue;
    // The slower leg's value is the episode's.
    const confirms = episode.legs.map((leg) => leg.orderToConfirmMs).filter((ms) => ms !== undefined);
    expect(episode.orderToConfirmMs).toBe(Math.max(...confirms));
  }
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}
