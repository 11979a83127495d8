import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DesktopNotification, Notifier } from '../../notify/notifier.ts';
import { hasBusDaemon, noBusDaemonWhy, startTestBus, type TestBus } from '../linux/bus-daemon.test-helper.ts';
import { startFakeNotificationServer, type FakeNotificationServer } from './fake-server.test-helper.ts';
import { createLinuxNotifier } from './linux-notifier.ts';

const spike: DesktopNotification = { category: 'spike.slippage', severity: 'warn', title: 'Spike', body: '8.4 > 3.4' };

it('without a session bus refuses with a code, each time, and starts no bus', async () => {
  const notifier = createLinuxNotifier({ DBUS_SESSION_BUS_ADDRESS: '' }, { onOpen: () => undefined });
  for (let time = 0; time < 2; time++) {
    await expect(notifier.show(spike)).rejects.toMatchObject({ code: 'HS_NOTIFY_NO_BUS' });
  }
  notifier.close(spike.category);
  notifier.stop();
});

describe.skipIf(!hasBusDaemon)(`linux notifications on a real D-Bus${noBusDaemonWhy}`, () => {
  let bus: TestBus;
  let server: FakeNotificationServer;
  let notifier: Notifier;
  let opened: string[];

  beforeEach(async () => {
    bus = await startTestBus();
    server = await startFakeNotificationServer(bus.environment);
    opened = [];
    notifier = createLinuxNotifier(bus.environment, { onOpen: (category) => void opened.push(category) });
  });
  afterEach(async () => {
    notifier.stop();
    server.stop();
    await bus.stop();
  });

  it('sends title, escaped body, urgency, icon and the action of a click', async () => {
    await notifier.show(spike);
    await notifier.show({ ...spike, category: 'trading', severity: 'critical' });
    expect(server.received).toMatchObject([
      { replacesId: 0, title: 'Spike', body: '8.4 &gt; 3.4', urgency: 1, icon: 'dialog-warning' },
      { replacesId: 0, urgency: 2, icon: 'dialog-error' },
    ]);
    expect(server.received[0]?.actions[0]).toBe('default');
  });

  it('replaces the old one of its category, also when both are told at once', async () => {
    await Promise.all([notifier.show(spike), notifier.show({ ...spike, title: 'Back to usual' })]);
    await notifier.show({ ...spike, category: 'engine' });
    const [first, second, third] = server.received;
    expect(second?.replacesId).toBe(first?.id);
    expect(third?.replacesId).toBe(0);
  });

  it('starts anew when the old one was dismissed, and when another server took over', async () => {
    await notifier.show(spike);
    server.dismiss(server.received[0]!.id);
    // Its answer comes after the news of the dismissal: the bus keeps the order.
    await notifier.show({ ...spike, category: 'engine' });
    await notifier.show(spike);
    expect(server.received.at(-1)?.replacesId).toBe(0);
    server.stop();
    server = await startFakeNotificationServer(bus.environment);
    server.setCapabilities([]);
    await expect
      .poll(() => notifier.show(spike).then(() => server.received.at(-1)), { timeout: 5_000 })
      .toMatchObject({ replacesId: 0, actions: [], body: '8.4 > 3.4' });
  });

  it('a click tells the category; one on somebody else’s notification tells nothing', async () => {
    await notifier.show(spike);
    server.click(7);
    server.click(server.received[0]!.id);
    await expect.poll(() => opened).toEqual(['spike.slippage']);
  });

  it('takes a notification from the screen, once', async () => {
    await notifier.show(spike);
    notifier.close(spike.category);
    notifier.close(spike.category);
    await notifier.show(spike);
    expect(server.closed).toEqual([server.received[0]!.id]);
    expect(server.received[1]?.replacesId).toBe(0);
  });

  it('without a server refuses with a code, and finds one that starts later', async () => {
    server.stop();
    await expect
      .poll(() => notifier.show(spike).catch((error: unknown) => error))
      .toMatchObject({
        code: 'HS_NOTIFY_NO_SERVER',
      });
    server = await startFakeNotificationServer(bus.environment);
    await notifier.show(spike);
    expect(server.received.length).toBe(1);
  });

  it('refuses with a code once the bus is gone', async () => {
    await notifier.show(spike);
    await bus.stop();
    await expect
      .poll(() => notifier.show(spike).catch((error: unknown) => error), { timeout: 10_000 })
      .toMatchObject({ code: expect.stringMatching(/^HS_NOTIFY_NO_(BUS|SERVER)$/) });
    bus = await startTestBus();
  });
});
