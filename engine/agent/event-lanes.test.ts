import { expect, it } from 'vitest';
import { agentMessageSchema } from '../protocol/messages.ts';
import type { DeskEvent } from '../protocol/model.ts';
import { createEventLanes, type EventLanes } from './event-lanes.ts';
import { emptySnapshot, noticeEvent } from './fake-desk.test-helper.ts';

const exposure = (dayLossE8: number): DeskEvent => ({
  type: 'exposure',
  exposure: {
    netDeltaE8: 0,
    maxNetDeltaE8: 1,
    notionalUsdE8: 0,
    maxNotionalUsdE8: 1,
    maxUnhedgedMs: 1,
    dayLossE8,
    maxDayLossE8: 1,
    ordersInDoubt: 0,
  },
});
const spread = (at: number): DeskEvent => ({ type: 'spread', points: [{ at, aOverBBps: at, bOverABps: 0 }] });

function push(lanes: EventLanes, sequence: number, event: DeskEvent): void {
  lanes.push({ sequence, event, text: JSON.stringify(event) });
}

function nextEvent(lanes: EventLanes) {
  const text = lanes.next();
  if (text === undefined) return undefined;
  const message = agentMessageSchema.parse(JSON.parse(text));
  if (message.type !== 'EVENT') throw new Error(message.type);
  return message;
}

it('sends what is taken at once with plain numbers', () => {
  const lanes = createEventLanes();
  lanes.startAt(10);
  for (const sequence of [11, 12]) {
    push(lanes, sequence, exposure(sequence));
    expect(nextEvent(lanes)).toEqual({ type: 'EVENT', sequence, event: exposure(sequence) });
  }
  expect(lanes.next()).toBeUndefined();
  expect(lanes.waiting()).toBe(0);
});

it('lets history go ahead, whole and in order, and keeps only the latest market data', () => {
  const lanes = createEventLanes();
  lanes.startAt(10);
  push(lanes, 11, exposure(1));
  push(lanes, 12, noticeEvent('a'));
  push(lanes, 13, exposure(2));
  push(lanes, 14, noticeEvent('b'));
  push(lanes, 15, spread(1));
  push(lanes, 16, spread(2));
  expect(nextEvent(lanes)).toMatchObject({ sequence: 12, after: 10, event: noticeEvent('a') });
  expect(nextEvent(lanes)).toMatchObject({ sequence: 14, after: 12, event: noticeEvent('b') });
  expect(nextEvent(lanes)).toMatchObject({ sequence: 14, after: 14, event: exposure(2) });
  const last = nextEvent(lanes);
  expect(last).toMatchObject({ sequence: 16, after: 14 });
  expect(last?.event).toMatchObject({ points: [{ at: 1 }, { at: 2 }] });
  expect(lanes.waiting()).toBe(0);
});

it('waits with a bounded number of spread points, the newest among them', () => {
  const lanes = createEventLanes();
  lanes.startAt(0);
  for (let at = 1; at <= 5_000; at += 1) push(lanes, at, spread(at));
  const event = nextEvent(lanes)?.event;
  if (event?.type !== 'spread') throw new Error('no spread');
  expect(event.points.length).toBeLessThanOrEqual(120);
  expect(event.points.at(-1)?.at).toBe(5_000);
});

it('sends statistics in small parts, and lets what happened go ahead of the rest', () => {
  const { statistics } = emptySnapshot('boot');
  const slippageValues = Array.from({ length: 2_000 }, (_none, index) => index / 7);
  const lanes = createEventLanes();
  lanes.startAt(10, statistics);
  push(lanes, 11, { type: 'statistics', statistics: { ...statistics, slippageValues } });
  push(lanes, 12, exposure(1));
  const first = lanes.next() ?? '';
  expect(first.length).toBeLessThan(5_000);
  push(lanes, 13, noticeEvent('a'));
  expect(nextEvent(lanes)?.event).toEqual(noticeEvent('a'));
  expect(nextEvent(lanes)?.event).toEqual(exposure(1));
  let messages = 1;
  let values: number[] = [];
  for (let text: string | undefined = first; text !== undefined; text = lanes.next()) {
    const message = agentMessageSchema.parse(JSON.parse(text));
    if (message.type !== 'EVENT' || message.event.type !== 'statistics') throw new Error(text);
    values = [...values.slice(...(message.kept?.slippageValues ?? [0, 0])), ...message.event.statistics.slippageValues];
    messages += 1;
  }
  expect(values).toEqual(slippageValues);
  expect(messages).toBeGreaterThan(10);
  expect(lanes.waiting()).toBe(0);
});
