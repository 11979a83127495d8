import { beforeEach, expect, it } from 'vitest';
import type { AuditRecord } from '../session.ts';
import { createDoor, type Door, type DoorStream, type Pass } from './door.ts';

/** A connection that only counts. */
class Stream implements DoorStream {
  isOpen = true;
  #onClose: (() => void)[] = [];
  destroy(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const listener of this.#onClose) listener();
  }
  resetAndDestroy(): void {
    this.destroy();
  }
  once(_event: 'close', listener: () => void): void {
    this.#onClose.push(listener);
  }
}

let nowMs: number;
let timers: { atMs: number; fn: () => void }[];
let audited: AuditRecord[];
let handshakes: Map<DoorStream, Pass>;
let door: Door;

function advance(ms: number): void {
  nowMs += ms;
  const due = timers.filter(({ atMs }) => atMs <= nowMs);
  timers = timers.filter(({ atMs }) => atMs > nowMs);
  for (const { fn } of due) fn();
}

function connect(source: string): Stream {
  const stream = new Stream();
  door.connected(stream, source);
  return stream;
}

beforeEach(() => {
  nowMs = 0;
  timers = [];
  audited = [];
  handshakes = new Map();
  const after = (delayMs: number, fn: () => void) => {
    const timer = { atMs: nowMs + delayMs, fn };
    timers.push(timer);
    return () => void (timers = timers.filter((one) => one !== timer));
  };
  door = createDoor(
    {
      clock: { monotonicMs: () => nowMs, wallMs: () => nowMs },
      timers: { after, every: () => () => undefined },
    },
    (record) => audited.push(record),
    (stream, pass) => handshakes.set(stream, pass),
  );
});

it('takes eight connections of one source that are not authenticated, and 64 in all', () => {
  const ofOne = Array.from({ length: 9 }, () => connect('192.0.2.1'));
  expect(ofOne.map(({ isOpen }) => isOpen)).toEqual([...Array(8).fill(true), false]);
  for (let source = 2; source <= 8; source += 1) {
    for (let index = 0; index < 8; index += 1) expect(connect(`192.0.2.${source}`).isOpen).toBe(true);
  }
  expect(connect('192.0.2.9').isOpen).toBe(false);
  expect(door.strangers()).toBe(64);
  ofOne[0]!.destroy();
  expect(connect('192.0.2.9').isOpen).toBe(true);
  expect(audited.length).toBe(3);
});

it('gives TLS and the upgrade three seconds each, however busy the connection keeps', () => {
  const silent = connect('192.0.2.1');
  const slow = connect('192.0.2.2');
  advance(2_900);
  handshakes.get(slow)!.certificateListed('d');
  advance(200);
  expect([silent.isOpen, slow.isOpen]).toEqual([false, true]);
  advance(2_700);
  expect(slow.isOpen).toBe(true);
  advance(200);
  expect(slow.isOpen).toBe(false);
  expect(audited.map(({ detail }) => detail)).toEqual(['no TLS handshake in time', 'no upgrade in time']);
  expect(door.strangers()).toBe(0);
});

it('leaves an authenticated session alone, and its place to the next', () => {
  const stream = connect('192.0.2.1');
  const pass = handshakes.get(stream)!;
  pass.certificateListed('d');
  pass.upgraded();
  pass.authenticated();
  advance(3_600_000);
  expect(stream.isOpen).toBe(true);
  expect(door.strangers()).toBe(0);
});

it('lets penalised sources do four handshakes at a time, the others wait, a listed certificate ends it', () => {
  const refuse = (stream: Stream) => handshakes.get(stream)!.refuse('no certificate');
  // Twelve failures: fifteen minutes.
  for (let failure = 0; failure < 12; failure += 1) {
    refuse(connect('192.0.2.1'));
    advance(100);
  }
  const waiting = Array.from({ length: 6 }, () => connect('192.0.2.1'));
  expect(waiting.map((stream) => handshakes.has(stream))).toEqual([true, true, true, true, false, false]);
  // Another source is not held up by it.
  expect(handshakes.has(connect('192.0.2.2'))).toBe(true);
  refuse(waiting[0]!);
  // However fast it failed, its place is free a tenth of a second after it was taken.
  expect(handshakes.has(waiting[4]!)).toBe(false);
  advance(100);
  expect(handshakes.has(waiting[4]!)).toBe(true);
  // Never locked out: the one with a key comes through the same queue.
  handshakes.get(waiting[4]!)!.certificateListed('d');
  expect(handshakes.has(waiting[5]!)).toBe(true);
  for (const stream of waiting) stream.destroy();
  advance(100);
  handshakes.clear();
  const after = connect('192.0.2.1');
  handshakes.get(after)!.certificateListed('d');
  const next = Array.from({ length: 7 }, () => connect('192.0.2.1'));
  expect(next.every((stream) => handshakes.has(stream))).toBe(true);
});

it('gives the place of a stranger to a source that has shown a listed certificate before', () => {
  const known = connect('198.51.100.1');
  handshakes.get(known)!.certificateListed('d');
  known.destroy();
  const strangers = Array.from({ length: 64 }, (_none, index) => connect(`192.0.2.${Math.floor(index / 8)}`));
  expect(door.strangers()).toBe(64);
  expect(connect('203.0.113.1').isOpen).toBe(false);
  const back = connect('198.51.100.1');
  expect(handshakes.has(back)).toBe(true);
  expect(strangers.filter(({ isOpen }) => !isOpen).length).toBe(1);
  expect(door.strangers()).toBe(64);
});
