import { beforeEach, expect, test } from 'vitest';
import type { DeskEvent, Snapshot } from '../../engine/protocol/model.ts';
import { sampleSnapshot } from '../sample/snapshot.ts';
import { DeskStore } from './desk-store.ts';

const snapshot = sampleSnapshot({ fill: 'empty' });
const paused: DeskEvent = { type: 'trading', trading: 'paused' };
const trading: DeskEvent = { type: 'trading', trading: 'trading' };

let published: Snapshot[];
let gaps: number;
let waiting: (() => void)[];
let store: DeskStore;

beforeEach(() => {
  published = [];
  gaps = 0;
  waiting = [];
  store = new DeskStore({
    publish: (next) => published.push(next),
    onGap: () => gaps++,
    later: (callback) => waiting.push(callback),
  });
});

const next = (steps: number) => snapshot.sequence + steps;
const flush = () => waiting.splice(0).forEach((callback) => callback());

test('a snapshot is shown at once', () => {
  store.set(snapshot);
  expect(published).toEqual([snapshot]);
});

test('many events in one interval are shown once, with all of them applied', () => {
  store.set(snapshot);
  store.apply(next(1), paused);
  store.apply(next(2), {
    type: 'missed',
    missed: { at: 1, direction: 'AOverB', spreadBps: 2, reason: 'x', detail: '' },
  });
  expect(published).toHaveLength(1);
  flush();
  expect(published).toHaveLength(2);
  expect(published[1]).toMatchObject({ sequence: next(2), trading: 'paused' });
  expect(published[1]!.missed).toHaveLength(1);
});

test('events the snapshot already contains change nothing', () => {
  store.set(snapshot);
  store.apply(snapshot.sequence, paused);
  flush();
  expect(published.at(-1)!.trading).toBe('trading');
});

test('a gap asks for a new snapshot once and applies nothing until it comes', () => {
  store.set(snapshot);
  store.apply(next(2), paused);
  store.apply(next(3), paused);
  flush();
  expect(gaps).toBe(1);
  expect(published.at(-1)!.trading).toBe('trading');
  store.set({ ...snapshot, sequence: next(3), trading: 'paused' });
  store.apply(next(4), trading);
  flush();
  expect(published.at(-1)).toMatchObject({ sequence: next(4), trading: 'trading' });
});

test('events before the first snapshot are dropped', () => {
  store.apply(1, paused);
  flush();
  expect(published).toEqual([]);
  expect(gaps).toBe(0);
});

test('after it was cleared nothing of the old desk is shown, until a new snapshot', () => {
  store.set(snapshot);
  store.apply(next(1), paused);
  store.clear();
  flush();
  store.apply(next(2), trading);
  flush();
  expect([published, gaps]).toEqual([[snapshot], 0]);
  store.set(snapshot);
  expect(published).toHaveLength(2);
});
