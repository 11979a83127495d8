import { beforeEach, expect, test } from 'vitest';
import { Hold } from './hold.svelte.ts';

let nowMs: number;
let frames: (() => void)[];
let held: number;
let hold: Hold;

function pass(ms: number): void {
  nowMs += ms;
  for (const frame of frames.splice(0)) frame();
}

beforeEach(() => {
  [nowMs, frames, held] = [1000, [], 0];
  hold = new Hold({
    holdMs: 2000,
    onheld: () => held++,
    now: () => nowMs,
    nextFrame: (callback) => frames.push(callback),
  });
});

test('happens once after the whole time, with its progress on the way', () => {
  hold.start();
  pass(500);
  expect([hold.progress, held]).toEqual([0.25, 0]);
  pass(1499);
  expect(held).toBe(0);
  pass(1);
  expect([hold.progress, hold.isHeld, held]).toEqual([0, false, 1]);
  pass(5000);
  expect(held).toBe(1);
});

test('does not happen when it is let go early, and begins anew the next time', () => {
  hold.start();
  pass(1900);
  hold.cancel();
  expect(hold.progress).toBe(0);
  pass(200);
  hold.start();
  pass(1900);
  expect(held).toBe(0);
  pass(100);
  expect(held).toBe(1);
});

test('a key that repeats while it is down does not begin again', () => {
  hold.start();
  pass(1000);
  hold.start();
  pass(1000);
  expect(held).toBe(1);
});

test('the picture of an earlier hold does not count for a later one', () => {
  hold.start();
  hold.cancel();
  nowMs += 1500;
  hold.start();
  pass(600);
  expect([held, hold.progress]).toEqual([0, 0.3]);
});
