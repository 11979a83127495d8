import { describe, expect, it } from 'vitest';
import { MOST_RELOADS, NO_CRASH, onWindowGone, RELOAD_WINDOW_MS, type CrashAnswer } from './window-crash.ts';

const crashed = { reason: 'crashed', showsStandIn: false };

function crashAt(times: number[]): CrashAnswer[] {
  let history = NO_CRASH;
  return times.map((at) => {
    const step = onWindowGone(history, crashed, at);
    history = step.history;
    return step.answer;
  });
}

describe('a window whose process is gone', () => {
  it('is loaded again, three times within five minutes', () => {
    expect(MOST_RELOADS).toBe(3);
    expect(crashAt([0, 1_000, 2_000, 3_000, 4_000])).toEqual(['reload', 'reload', 'reload', 'standIn', 'standIn']);
  });

  it('is loaded again when the crashes before are long ago', () => {
    expect(crashAt([0, 1, 2, RELOAD_WINDOW_MS + 2]).at(-1)).toBe('reload');
  });

  it('is left alone after an orderly end, or when the page that stands in for it died too', () => {
    expect(onWindowGone(NO_CRASH, { reason: 'clean-exit', showsStandIn: false }, 0).answer).toBe('leave');
    expect(onWindowGone(NO_CRASH, { reason: 'oom', showsStandIn: true }, 0).answer).toBe('leave');
  });
});
