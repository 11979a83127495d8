import { expect, it } from 'vitest';
import { createSendWindow } from './send-window.ts';

const MESSAGE_BYTES = 1_000;

/**
 * A sender with always more to send, over a line that takes `bytesPerSecond` and has a queue of any length.
 * Returns the bytes delivered and the longest wait in that queue, both of the second half.
 */
function run(bytesPerSecond: number, roundTripMs: number, seconds: number) {
  const window = createSendWindow(roundTripMs);
  const answers: { id: number; atMs: number }[] = [];
  let lineFreeAtMs = 0;
  let deliveredBytes = 0;
  let longestWaitMs = 0;
  let markers = 0;
  for (let nowMs = 0; nowMs < seconds * 1000; nowMs += 1) {
    while (answers[0] && answers[0].atMs <= nowMs) window.answered(answers.shift()!.id, nowMs);
    while (window.isOpen()) {
      window.sent(MESSAGE_BYTES);
      lineFreeAtMs = Math.max(lineFreeAtMs, nowMs) + (MESSAGE_BYTES / bytesPerSecond) * 1000;
      if (nowMs > seconds * 500) {
        longestWaitMs = Math.max(longestWaitMs, lineFreeAtMs - nowMs);
        deliveredBytes += MESSAGE_BYTES;
      }
    }
    if (window.wantsMarker(nowMs)) {
      markers += 1;
      window.marked(markers, nowMs);
      answers.push({ id: markers, atMs: Math.max(lineFreeAtMs, nowMs) + roundTripMs });
    }
  }
  return { bytesPerSecond: deliveredBytes / (seconds / 2), longestWaitMs, markers };
}

it('keeps the queue of a slow line short and the line busy', () => {
  const { bytesPerSecond, longestWaitMs } = run(4_000, 60, 60);
  expect(longestWaitMs).toBeLessThan(1_000);
  expect(bytesPerSecond).toBeGreaterThan(3_600);
});

it('lets a fast and long line carry much more than anybody sends', () => {
  const { bytesPerSecond, markers } = run(10_000_000, 250, 20);
  expect(bytesPerSecond).toBeGreaterThan(2_000_000);
  // The client's answers count as its messages: far from 50 a second.
  expect(markers / 20).toBeLessThan(15);
});

it('sends no more than a window to a client that never answers, and few markers', () => {
  const window = createSendWindow(50);
  let sent = 0;
  let markers = 0;
  for (let nowMs = 0; nowMs < 60_000; nowMs += 10) {
    while (window.isOpen()) window.sent((sent += 1) && MESSAGE_BYTES);
    if (window.wantsMarker(nowMs)) window.marked((markers += 1), nowMs);
  }
  expect(sent).toBeLessThan(10);
  expect(markers).toBeLessThan(3);
});
