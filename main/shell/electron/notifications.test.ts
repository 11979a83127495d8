import { beforeEach, describe, expect, it } from 'vitest';
import type { DesktopNotification, Notifier } from '../../notify/notifier.ts';
import { createFakeNotificationClass, type FakeNotificationClass } from './fake-notification.test-helper.ts';
import { createElectronNotifier } from './notifications.ts';

const spike: DesktopNotification = { category: 'spike.slippage', severity: 'warn', title: 'Spike', body: 'Median 8.4' };

let Fake: FakeNotificationClass;
let opened: string[];
let notifier: Notifier;

beforeEach(() => {
  Fake = createFakeNotificationClass();
  opened = [];
  notifier = createElectronNotifier(Fake, { onOpen: (category) => void opened.push(category) });
});

async function show(notification: DesktopNotification): Promise<FakeNotificationClass['all'][number]> {
  const showing = notifier.show(notification);
  const made = Fake.all.at(-1)!;
  made.tell('show');
  await showing;
  return made;
}

describe('electron notifications', () => {
  it('shows title and body; only a critical one stays and makes a sound', async () => {
    expect(await show(spike)).toMatchObject({
      isShown: true,
      options: { title: 'Spike', body: 'Median 8.4', urgency: 'normal', timeoutType: 'default', silent: true },
    });
    expect((await show({ ...spike, category: 'trading', severity: 'critical' })).options).toMatchObject({
      urgency: 'critical',
      timeoutType: 'never',
      silent: false,
    });
  });

  it('closes the old one of its category, and no other', async () => {
    const first = await show(spike);
    const other = await show({ ...spike, category: 'engine' });
    const second = await show({ ...spike, title: 'Back to usual' });
    expect([first.isClosed, other.isClosed, second.isClosed]).toEqual([true, false, false]);
    notifier.close('spike.slippage');
    expect(second.isClosed).toBe(true);
    notifier.stop();
    expect(other.isClosed).toBe(true);
  });

  it('a click tells its category', async () => {
    (await show(spike)).tell('click');
    expect(opened).toEqual(['spike.slippage']);
  });

  it('refuses with a code where the system has no notifications or fails to show one', async () => {
    const showing = notifier.show(spike);
    Fake.all[0]!.tell('failed', 'notifications are off');
    await expect(showing).rejects.toMatchObject({
      code: 'HS_NOTIFY_FAILED',
      message: expect.stringContaining('are off'),
    });
    Fake.isOffered = false;
    await expect(notifier.show(spike)).rejects.toMatchObject({ code: 'HS_NOTIFY_FAILED' });
    expect(Fake.all.length).toBe(1);
  });
});
