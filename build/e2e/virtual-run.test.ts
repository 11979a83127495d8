import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunReport } from '../../engine/cli/run-report.ts';
import { createHome, lastJson, runCli, type Home } from '../proof/program.ts';

const PRESET_ORDER_TO_ACK_MS = { 'adsl-rural': 386, 'vps-near': 41 };

let home: Home;
beforeEach(async () => {
  home = await createHome();
});
afterEach(() => home.remove());

async function virtualRun(network: keyof typeof PRESET_ORDER_TO_ACK_MS): Promise<RunReport> {
  const ended = await runCli(['run', '--virtual', '--network', network, '--json'], home);
  expect(ended.code, ended.stderr).toBe(0);
  return lastJson(ended) as RunReport;
}

function expectWholeTape(report: RunReport, network: keyof typeof PRESET_ORDER_TO_ACK_MS): void {
  expect(report).toMatchObject({ mode: 'practice', virtual: true, network, tape: 'btc-usdm-coinm' });
  expect(report.durationMs).toBeGreaterThan(330_000);
  expect(report.largestSpreadBps).toBeGreaterThan(9);
  expect(report.largestSpreadBps).toBeLessThan(12);
  expect(report.trades.entries).toBeGreaterThan(10);
  expect(report.trades.exits).toBe(report.trades.entries - report.trades.unwound);
  expect(report.ledger).toMatchObject({ lost: 0, doubled: 0, differing: 0, invented: 0, faults: [] });
  expect(report.ledger.matched).toBe(report.ledger.fills);
  expect(report.ledger.fills).toBeGreaterThanOrEqual(4 * report.trades.exits);
  for (const venue of ['paradex', 'vest']) {
    const { p50, n } = report.latencyMs[venue]!.orderToAck;
    const presetMs = PRESET_ORDER_TO_ACK_MS[network];
    expect(Math.abs(p50! - presetMs) / presetMs, `${venue} order to ack p50 ${p50} ms`).toBeLessThan(0.05);
    expect(n).toBeGreaterThanOrEqual(2 * report.trades.exits);
  }
  const { n, mean, ci95 } = report.slippageBps;
  expect(n).toBeGreaterThanOrEqual(2 * report.trades.exits);
  expect(ci95![0]).toBeLessThan(mean!);
  expect(ci95![1]).toBeGreaterThan(mean!);
}

describe('a virtual run over the whole tape', () => {
  it('at adsl-rural trades with the line’s latency, loses no fill, and twice gives the same event log', async () => {
    const [first, second] = await Promise.all([virtualRun('adsl-rural'), virtualRun('adsl-rural')]);
    expectWholeTape(first, 'adsl-rural');
    expect(first.eventLogSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(second).toEqual(first);
  });

  it('at vps-near has that line’s latency and loses no fill', async () => {
    expectWholeTape(await virtualRun('vps-near'), 'vps-near');
  });
});

describe('practice', () => {
  it('lists tapes and networks', async () => {
    const { tapes, networks } = lastJson(await runCli(['practice', 'list', '--json'], home)) as {
      tapes: { id: string; durationMs: number }[];
      networks: { id: string; orderToAckMs: number }[];
    };
    expect(tapes.map(({ id }) => id)).toContain('btc-usdm-coinm');
    expect(networks).toContainEqual(expect.objectContaining({ id: 'adsl-rural', orderToAckMs: 386 }));
  });
});
