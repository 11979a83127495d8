import { describe, expect, it } from 'vitest';
import { createSignal, type SignalConfig } from './signal.ts';

const config: SignalConfig = {
  spreadEntryBps: 10,
  spreadEntryMaxBps: 100,
  entryConfirmTicks: 1,
  spreadExitBps: -1.17,
  exitConfirmTicks: 1,
  cooldownMs: 1000,
};

describe('entry signal', () => {
  it('enters in the direction that reaches the threshold, the threshold itself included', () => {
    expect(createSignal(config).onTick(1, 10, -20, 'FLAT')).toBe('ENTER_A_OVER_B');
    expect(createSignal(config).onTick(1, -20, 10, 'FLAT')).toBe('ENTER_B_OVER_A');
    expect(createSignal(config).onTick(1, 9.999, 9.999, 'FLAT')).toBe('NONE');
  });

  it('takes the better direction when both qualify', () => {
    expect(createSignal(config).onTick(1, 11, 12, 'FLAT')).toBe('ENTER_B_OVER_A');
    expect(createSignal(config).onTick(1, 12, 11, 'FLAT')).toBe('ENTER_A_OVER_B');
  });

  it('needs its confirm ticks in a row and keeps detection apart from confirmation', () => {
    const signal = createSignal({ ...config, entryConfirmTicks: 3 });
    expect(signal.onTick(1, 11, 0, 'FLAT')).toBe('NONE');
    expect(signal.onTick(2, 9, 0, 'FLAT')).toBe('NONE');
    expect(signal.onTick(3, 12, 0, 'FLAT')).toBe('NONE');
    expect(signal.onTick(4, 13, 0, 'FLAT')).toBe('NONE');
    expect(signal.onTick(5, 14, 0, 'FLAT')).toBe('ENTER_A_OVER_B');
    expect(signal.evidence).toEqual({
      opportunity: 2,
      direction: 'AOverB',
      detectedAtMs: 3,
      detectedSpreadBps: 12,
      confirmedAtMs: 5,
      spreadBps: 14,
    });
  });

  it('repeats a confirmed entry with the same opportunity number until the spread falls', () => {
    const signal = createSignal(config);
    expect(signal.onTick(1, 11, 0, 'FLAT')).toBe('ENTER_A_OVER_B');
    expect(signal.onTick(2, 11, 0, 'FLAT')).toBe('ENTER_A_OVER_B');
    expect(signal.evidence.opportunity).toBe(1);
    signal.onTick(3, 1, 0, 'FLAT');
    signal.onTick(4, 11, 0, 'FLAT');
    expect(signal.evidence.opportunity).toBe(2);
  });

  it('treats a spread above the maximum as bad data, says so once, and starts confirming anew', () => {
    const signal = createSignal({ ...config, entryConfirmTicks: 2 });
    signal.onTick(1, 11, 0, 'FLAT');
    expect(signal.onTick(2, 101, 0, 'FLAT')).toBe('ABSURD');
    expect(signal.onTick(3, 5000, 0, 'FLAT')).toBe('NONE');
    expect(signal.onTick(4, 11, 0, 'FLAT')).toBe('NONE');
    expect(signal.onTick(5, 11, 0, 'FLAT')).toBe('ENTER_A_OVER_B');
    expect(signal.largestSpreadBps).toBe(11);
  });

  it('never enters on an empty book side', () => {
    const signal = createSignal(config);
    expect(signal.onTick(1, Number.NaN, Number.NaN, 'FLAT')).toBe('NONE');
    expect(signal.largestSpreadBps).toBeNaN();
    expect(signal.onTick(2, Number.NaN, 11, 'FLAT')).toBe('ENTER_B_OVER_A');
  });

  it('holds entries back during the cooldown and names it', () => {
    const signal = createSignal(config);
    signal.startCooldown(500);
    expect(signal.onTick(1499, 11, 0, 'FLAT')).toBe('COOLDOWN');
    expect(signal.onTick(1500, 11, 0, 'FLAT')).toBe('ENTER_A_OVER_B');
  });

  it('looks for nothing while an episode runs, and confirms anew after it', () => {
    const signal = createSignal({ ...config, entryConfirmTicks: 2 });
    signal.onTick(1, 11, 0, 'FLAT');
    expect(signal.onTick(2, 11, 11, 'BUSY')).toBe('NONE');
    expect(signal.onTick(3, 11, 0, 'FLAT')).toBe('NONE');
  });
});

describe('exit signal', () => {
  it('exits when the reverse spread reaches the exit threshold', () => {
    const signal = createSignal(config);
    expect(signal.onTick(1, 50, -1.18, 'AOverB')).toBe('NONE');
    expect(signal.onTick(2, -50, -1.17, 'AOverB')).toBe('EXIT');
    expect(signal.evidence.direction).toBe('AOverB');
    expect(signal.evidence.spreadBps).toBe(-1.17);
    expect(signal.onTick(3, -1, -50, 'BOverA')).toBe('EXIT');
  });

  it('never enters while a position is open', () => {
    expect(createSignal(config).onTick(1, 50, -50, 'AOverB')).toBe('NONE');
  });

  it('needs its own confirm ticks', () => {
    const signal = createSignal({ ...config, exitConfirmTicks: 2 });
    expect(signal.onTick(1, 0, 0, 'AOverB')).toBe('NONE');
    expect(signal.onTick(2, 0, 0, 'AOverB')).toBe('EXIT');
    expect(signal.evidence.detectedAtMs).toBe(1);
    expect(signal.evidence.confirmedAtMs).toBe(2);
  });
});
