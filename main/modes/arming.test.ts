import { beforeEach, describe, expect, it } from 'vitest';
import { emptySnapshot } from '../../engine/agent/fake-desk.test-helper.ts';
import type { ArmingReport } from '../../engine/protocol/arming.ts';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import type { Command } from '../../engine/protocol/messages.ts';
import type { Snapshot } from '../../engine/protocol/model.ts';
import type { ConfirmRequest } from '../shell/ports.ts';
import { createArming, type Arming } from './arming.ts';

const limits = { maxNotionalE8: 500e8, maxUnhedgedMs: 3000, maxDayLossE8: 25e8 };
const good: ArmingReport = {
  at: 1,
  ok: true,
  checks: [{ id: 'positions', ok: true, detail: 'Positions are equal.', figures: {} }],
  limits,
  sizeE8: 100_000,
  spreadEntryBps: 18,
  orderClass: 'pro',
  venues: [],
  roundTripFeesBps: 11,
  nakedLeg: {
    notionalE8: 60e8,
    untilKnownMs: 3000,
    untilClosedMs: 3400,
    untilHaltMs: 20_000,
    costE8: 1.5e8,
    bandsE8: 0.5e8,
    feesE8: 0.5e8,
    moveE8: 0.5e8,
    moveBps: 8,
  },
};

let report: ArmingReport;
let sent: { command: Command; authorize: boolean | undefined }[];
let snapshot: Snapshot;
let isLinked: boolean;
let nowMs: number;
let questions: { request: ConfirmRequest; answer: PromiseWithResolvers<boolean> }[];
let arming: Arming;

function arm(state: 'armed' | 'disarmed'): void {
  snapshot = { ...snapshot, arming: { state, sinceAt: nowMs } };
}
const commands = () => sent.map(({ command }) => command.name);
const begin = (changes: Partial<typeof limits> = {}, typedNotionalUsd = 500) =>
  Promise.resolve(arming.handlers['arm.begin']({ limits: { ...limits, ...changes }, typedNotionalUsd }));
const settled = () => new Promise((resolve) => setImmediate(resolve));
async function answer(agreed: boolean): Promise<void> {
  questions.at(-1)!.answer.resolve(agreed);
  await settled();
}

beforeEach(() => {
  [report, sent, isLinked, nowMs, questions] = [good, [], true, 1000, []];
  snapshot = emptySnapshot('boot-1');
  snapshot = { ...snapshot, desk: { ...snapshot.desk, mode: 'live', deskId: 'btc', network: 'production' } };
  arm('disarmed');
  arming = createArming({
    command(command, authorize) {
      sent.push({ command, authorize });
      if (!isLinked) return Promise.reject(new HalfspreadError('HS_LINK_DOWN', 'No link.', 'Wait.'));
      if (command.name === 'arm') arm('armed');
      if (command.name === 'disarm') arm('disarmed');
      return Promise.resolve(command.name === 'arming.check' ? report : {});
    },
    snapshot: () => snapshot,
    isLinked: () => isLinked,
    confirm(request) {
      const answer = Promise.withResolvers<boolean>();
      request.signal?.addEventListener('abort', () => answer.resolve(false));
      questions.push({ request, answer });
      return answer.promise;
    },
    language: () => 'en',
    now: () => nowMs,
    onChange: () => undefined,
    log: () => undefined,
  });
});

describe('arming', () => {
  it('asks the person outside of the window, and only then sends the command, signed', async () => {
    await begin();
    expect(arming.attempt()).toEqual({ phase: 'confirming', sinceAt: 1000 });
    expect(commands()).toEqual(['arming.check']);
    expect(questions[0]!.request.title).toBe('Arm live trading of btc on production?');
    expect(questions[0]!.request.lines.join('\n').replaceAll('\u00a0', ' ')).toMatch(
      /At most 500 USD at each venue, 0\.001 BTC a trade\.[\s\S]*3 s disarms[\s\S]*loss of 25 USD[\s\S]*about 1\.50 USD lost, closed after 3\.4 s[\s\S]*Pro[\s\S]*11\.0 bps/,
    );
    await answer(true);
    expect(sent.at(-1)).toEqual({ command: { name: 'arm', limits }, authorize: true });
    expect([arming.isArmed(), arming.attempt().phase]).toEqual([true, 'idle']);
  });

  it('sends the limits that were made tighter, which the question names', async () => {
    await begin({ maxNotionalE8: 120.5e8, maxDayLossE8: 5e8 }, 120.5);
    expect(questions[0]!.request.lines.join()).toMatch(/120\.5.USD[\s\S]*5.USD/);
    await answer(true);
    expect(sent.at(-1)?.command).toEqual({
      name: 'arm',
      limits: { ...limits, maxNotionalE8: 120.5e8, maxDayLossE8: 5e8 },
    });
  });

  it.each([
    ['the wrong notional typed', () => begin({}, 501), 'HS_ARM_TYPED'],
    ['a wider notional', () => begin({ maxNotionalE8: 501e8 }, 501), 'HS_ARM_LIMITS'],
    ['a longer unhedged time', () => begin({ maxUnhedgedMs: 3001 }), 'HS_ARM_LIMITS'],
    ['a larger day loss', () => begin({ maxDayLossE8: 26e8 }), 'HS_ARM_LIMITS'],
  ])('refuses %s before it asks anybody', async (_what, attempt, code) => {
    await expect(attempt()).rejects.toMatchObject({ code });
    expect([questions, arming.attempt()]).toEqual([[], { phase: 'idle' }]);
    expect(commands()).not.toContain('arm');
  });

  it('refuses while a check fails, with what the check says', async () => {
    report = { ...good, ok: false, checks: [{ id: 'key', ok: false, detail: 'The key has ended.', figures: {} }] };
    await expect(begin()).rejects.toMatchObject({
      code: 'HS_ARM_CHECKS',
      message: expect.stringContaining('The key has ended'),
    });
    expect(questions).toEqual([]);
  });

  it('refuses where no live desk runs, where one is armed, and a second time meanwhile', async () => {
    await begin();
    await expect(begin()).rejects.toMatchObject({ code: 'HS_ARM_UNDER_WAY' });
    await answer(true);
    await expect(begin()).rejects.toMatchObject({ code: 'HS_ARM_ARMED' });
    snapshot = emptySnapshot('boot-2');
    await expect(begin()).rejects.toMatchObject({ code: 'HS_ARM_NOT_LIVE' });
  });

  it('does nothing when the person declines, does not answer, or answers for another engine or too late', async () => {
    await begin();
    await answer(false);
    expect(arming.attempt()).toEqual({ phase: 'declined', at: 1000 });

    await begin();
    questions.at(-1)!.answer.reject(new HalfspreadError('HS_CONFIRM_EXPIRED', 'Not in time.', 'Again.'));
    await settled();
    expect(arming.attempt()).toMatchObject({ phase: 'failed', error: { code: 'HS_CONFIRM_EXPIRED' } });

    await begin();
    snapshot = { ...snapshot, desk: { ...snapshot.desk, bootId: 'boot-2' } };
    await answer(true);
    expect(arming.attempt()).toMatchObject({ phase: 'failed', error: { code: 'HS_ARM_OTHER_ENGINE' } });

    await begin();
    nowMs += 121_000;
    await answer(true);
    expect(arming.attempt()).toMatchObject({ phase: 'failed', error: { code: 'HS_ARM_LATE' } });
    expect(commands()).not.toContain('arm');
  });

  it('takes the question back when it is disarmed meanwhile: a screen that locks', async () => {
    await begin();
    await arming.disarm('screenLocked');
    await settled();
    expect(questions[0]!.request.signal?.aborted).toBe(true);
    expect(arming.attempt()).toMatchObject({ phase: 'failed', error: { code: 'HS_ARM_CALLED_OFF' } });
    expect(commands()).toEqual(['arming.check', 'disarm']);
  });
});

describe('disarming', () => {
  it('reaches the engine with its reason, unsigned: nothing may stand in its way', async () => {
    arm('armed');
    await arming.handlers['arm.disarm']({});
    expect(sent).toEqual([{ command: { name: 'disarm', reason: 'operator' }, authorize: undefined }]);
    expect(arming.isArmed()).toBe(false);
  });

  it('says that it did not happen while the link is down, and happens as soon as it is back', async () => {
    arm('armed');
    isLinked = false;
    await expect(arming.disarm('sleep')).rejects.toMatchObject({ code: 'HS_LINK_DOWN' });
    arming.observe();
    expect(commands()).toEqual(['disarm']);
    isLinked = true;
    arming.observe();
    arming.observe();
    await settled();
    expect(sent.slice(1).map(({ command }) => command)).toEqual([{ name: 'disarm', reason: 'sleep' }]);
    arming.observe();
    expect(sent).toHaveLength(2);
    expect(arming.isArmed()).toBe(false);
  });

  it('is over when the engine was started anew: it came disarmed', async () => {
    arm('armed');
    isLinked = false;
    await expect(arming.disarm('sleep')).rejects.toMatchObject({ code: 'HS_LINK_DOWN' });
    [isLinked, sent] = [true, []];
    arm('disarmed');
    arming.observe();
    arm('armed');
    arming.observe();
    expect(sent).toEqual([]);
  });

  it('asks nothing of practice and paper', async () => {
    snapshot = emptySnapshot('boot-2');
    await arming.disarm('screenLocked');
    expect(sent).toEqual([]);
  });
});
