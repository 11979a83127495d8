import { describe, expect, it } from 'vitest';
import { TouchHistory } from './touch-history.ts';

function filled(): TouchHistory {
  const history = new TouchHistory(4);
  history.record(100, 101, 10, 5);
  history.record(100, 101, 12, 7);
  history.record(102, 103, 20, 15);
  history.record(104, 105, 30, 25);
  return history;
}

describe('TouchHistory', () => {
  it('finds the touch known at a time, the moment of reception included', () => {
    expect(filled().knownAt(20)).toMatchObject({ bidE8: 102, askE8: 103 });
    expect(filled().knownAt(19.9)).toMatchObject({ bidE8: 100, receivedAtMs: 10 });
    expect(filled().knownAt(9)).toBeUndefined();
  });

  it('finds the touch a match met: strictly before its own stamp', () => {
    expect(filled().atVenueBefore(25)).toMatchObject({ bidE8: 102 });
    expect(filled().atVenueBefore(25.1)).toMatchObject({ bidE8: 104 });
  });

  it('has no venue-time answer for a venue that does not stamp', () => {
    const history = new TouchHistory(4);
    history.record(100, 101, 10, Number.NaN);
    expect(history.atVenueBefore(1e12)).toBeUndefined();
    expect(history.heardBefore(11)).toMatchObject({ bidE8: 100 });
    expect(history.heardBefore(10)).toBeUndefined();
  });

  it('keeps only the latest touches', () => {
    const history = filled();
    for (let i = 0; i < 4; i++) history.record(200 + i, 300, 40 + i, 40 + i);
    expect(history.knownAt(39)).toBeUndefined();
    expect(history.knownAt(40)).toMatchObject({ bidE8: 200 });
  });
});
