import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PowerEvent, PowerHost } from '../power.ts';
import { startTestBus, type TestBus } from './bus-daemon.test-helper.ts';
import { canFakeLogind, noFakeLogindWhy, startFakeLogind, type FakeLogind } from './fake-logind.test-helper.ts';
import { createLogindPower } from './logind-power.ts';

let events: PowerEvent[];
let power: PowerHost | undefined;

function connect(address: string): PowerHost {
  events = [];
  power = createLogindPower({
    environment: { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: address },
    pid: process.pid,
    userId: 0,
    onEvent: (event) => events.push(event),
    onChange: () => undefined,
  });
  return power;
}
const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 15_000, interval: 20 });

afterEach(() => power?.stop());

it('without a system bus says that sleep is not heard of, and why', async () => {
  const host = connect('unix:path=/nowhere/bus');
  await eventually(() => host.availability().sleep.state).toBe('unavailable');
  expect(host.availability()).toMatchObject({
    sleep: { reason: { code: 'HS_POWER_NO_LOGIND' } },
    lock: { state: 'unavailable' },
  });
  host.holdSleep();
  host.allowSleep();
});

describe.skipIf(!canFakeLogind)(`logind on a real D-Bus${noFakeLogindWhy}`, () => {
  let bus: TestBus;
  let logind: FakeLogind;
  const address = () => bus.environment.DBUS_SESSION_BUS_ADDRESS;

  beforeEach(async () => {
    bus = await startTestBus();
  });
  afterEach(async () => {
    power?.stop();
    await logind.stop();
    await bus.stop();
  });

  it('makes sleep wait until it is allowed, and again the next time', async () => {
    logind = await startFakeLogind(address());
    const host = connect(address());
    await logind.untilSaid('held delay sleep Halfspread');
    await eventually(() => host.availability().sleep).toEqual({ state: 'available' });
    for (const time of [1, 2]) {
      logind.order('sleep');
      await eventually(() => events.at(-1)).toBe('suspend');
      expect(logind.said.filter((line) => line === 'asleep').length).toBe(time - 1);
      host.allowSleep();
      await logind.untilSaid('asleep', time);
      logind.order('wake');
      await eventually(() => events.at(-1)).toBe('resume');
      host.holdSleep();
      await logind.untilSaid('held', time + 1);
    }
  });

  it('gives the lock back when it stops', async () => {
    logind = await startFakeLogind(address());
    const host = connect(address());
    await logind.untilSaid('held');
    host.stop();
    await logind.untilSaid('released');
  });

  it('tells a locked screen once, whether the session was told to lock or says that it is', async () => {
    logind = await startFakeLogind(address());
    const host = connect(address());
    await eventually(() => host.availability().lock).toEqual({ state: 'available' });
    for (const order of ['lock', 'hint-lock', 'hint-unlock', 'unlock', 'lock'] as const) logind.order(order);
    await eventually(() => events).toEqual(['lockScreen', 'unlockScreen', 'lockScreen']);
  });

  it('still hears of sleep where there is no session, and says that a lock is not heard of', async () => {
    logind = await startFakeLogind(address(), { hasSession: false });
    const host = connect(address());
    await eventually(() => host.availability().lock.reason?.code).toBe('HS_POWER_NO_SESSION');
    await eventually(() => host.availability().sleep.state).toBe('available');
  });

  it('says so when logind is not there, and when the bus goes', async () => {
    const host = connect(address());
    await eventually(() => host.availability().sleep.state).toBe('limited');
    expect(host.availability().sleep.reason?.code).toBe('HS_POWER_NO_INHIBITOR');
    logind = await startFakeLogind(address());
    host.holdSleep();
    await logind.untilSaid('held');
    await eventually(() => host.availability().sleep).toEqual({ state: 'available' });
    await logind.stop();
    await bus.stop();
    await eventually(() => host.availability().sleep.reason?.code).toBe('HS_POWER_NO_LOGIND');
    bus = await startTestBus();
    logind = await startFakeLogind(address());
  });
});
