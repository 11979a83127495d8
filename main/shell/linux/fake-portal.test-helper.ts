/** Plays xdg-desktop-portal as far as it tells whether the desktop prefers light or dark. */
import { Variant, type MessageBus } from '@jellybrick/dbus-next';
import { DBusInterface } from './dbus-interface.ts';
import { connectSessionBus } from './session-bus.ts';

const NAMESPACE = 'org.freedesktop.appearance';
const KEY = 'color-scheme';
/** As the portal's documentation numbers them. */
const SCHEMES = { none: 0, dark: 1, light: 2 } as const;
export type Scheme = keyof typeof SCHEMES;

class Settings extends DBusInterface {
  scheme: Scheme;

  constructor(scheme: Scheme) {
    super('org.freedesktop.portal.Settings');
    this.scheme = scheme;
  }
  Read(): Variant {
    return new Variant('v', new Variant('u', SCHEMES[this.scheme]));
  }
  SettingChanged(): [string, string, Variant] {
    return [NAMESPACE, KEY, new Variant('u', SCHEMES[this.scheme])];
  }
}

Settings.configureMembers({
  methods: { Read: { inSignature: 'ss', outSignature: 'v' } },
  signals: { SettingChanged: { signature: 'ssv' } },
});

export class FakePortal {
  readonly #bus: MessageBus;
  readonly #settings: Settings;

  static async start(environment: Record<string, string | undefined>, scheme: Scheme): Promise<FakePortal> {
    const session = await connectSessionBus(environment, () => undefined);
    if ('reason' in session) throw new Error(session.reason);
    const portal = new FakePortal(session.bus, new Settings(scheme));
    await session.bus.requestName('org.freedesktop.portal.Desktop');
    return portal;
  }

  private constructor(bus: MessageBus, settings: Settings) {
    this.#bus = bus;
    this.#settings = settings;
    bus.export('/org/freedesktop/portal/desktop', settings);
  }

  /** The person changes the desktop's colours. */
  change(scheme: Scheme): void {
    this.#settings.scheme = scheme;
    this.#settings.SettingChanged();
  }

  stop(): void {
    this.#bus.disconnect();
  }
}
