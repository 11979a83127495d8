import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { emptySnapshot } from '../../engine/agent/fake-desk.test-helper.ts';
import type { VenueProbe } from '../../engine/protocol/accounts.ts';
import { PUBLISHED_ENDPOINTS, type VenueName } from '../../engine/protocol/endpoints.ts';
import type { Mode, Snapshot } from '../../engine/protocol/model.ts';
import type { DeskPlan } from '../engines/local-desk.ts';
import type { EndpointsChoice } from '../ipc/endpoint-schema.ts';
import type { AppState } from '../ipc/schema.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { ModeSettings } from '../settings/settings.ts';
import { createModes, type Modes } from './modes.ts';

const { production } = PUBLISHED_ENDPOINTS;
const drafted: EndpointsChoice = { paradex: { network: 'production' }, vest: { network: 'production' } };
const practiceChoice = { tape: 'good', network: 'none', fees: 'zero' } as const;
const choose = (mode: Mode, acceptUnknown = false) =>
  Promise.resolve(modes.handlers['modes.choose']({ mode, acceptUnknown }));

let stored: ModeSettings | undefined;
let plans: DeskPlan[];
let states: Pick<AppState, 'engine' | 'venues' | 'link'>;
let snapshot: Snapshot | undefined;
let usable: Record<VenueName, boolean | undefined>;
let text: string | undefined;
let accounts: { paradex?: string; vest?: string };
let isArmed: boolean;
let modes: Modes;

function running(mode: Mode, changes: Partial<Snapshot> = {}): void {
  const empty = emptySnapshot(`boot-${plans.length}`);
  snapshot = { ...empty, desk: { ...empty.desk, mode }, ...changes };
}
const withPosition = (): Partial<Snapshot> => {
  const { exposure } = emptySnapshot('x');
  return { exposure: { ...exposure, ordersInDoubt: 1 } };
};
const codes = (mode: Mode) =>
  modes.state().obstacles[mode].map(({ code, venue }) => (venue === undefined ? code : `${code} ${venue}`));

/** The part of the ring that is used here: which accounts have a key. */
function ring(): KeyRing {
  const record = { id: randomUUID(), label: 'key', publicKey: '0x1', mayWithdraw: 'no', origin: 'pasted' } as const;
  const kept = { createdAt: 1, storedIn: 'session', inUse: true } as const;
  return {
    records: () => [],
    inUse: () => ({
      ...(accounts.paradex !== undefined && {
        paradex: { venue: 'paradex', endpoint: production.paradex, ...record, ...kept, account: accounts.paradex },
      }),
      ...(accounts.vest !== undefined && {
        vest: { venue: 'vest', endpoint: production.vest, ...record, ...kept, account: accounts.vest },
      }),
    }),
    tradingKeys: () => Promise.reject(new Error('not asked here')),
  };
}

function create(): Modes {
  const start = (plan: DeskPlan) => {
    plans.push(plan);
    states.engine = { state: 'running', restarts: 0 };
    states.link = { state: 'ready', rtt: { n: 0 }, attempt: 0 };
  };
  return createModes({
    settings: {
      get: () => (stored ? { modes: stored } : {}),
      set: ({ modes: next }) => Promise.resolve(void (stored = next)),
    },
    desk: { states: () => states, start, choose: (plan) => Promise.resolve(start(plan)) },
    snapshot: () => snapshot,
    practiceChoice: () => practiceChoice,
    folder: (name) => `/data/${name}`,
    keys: ring(),
    config: {
      state: () => ({ path: '/config/desk.yaml', problems: [] }),
      valid: () => (text === undefined ? undefined : { text, path: '/config/desk.yaml' }),
      ensureFile: () => Promise.resolve(),
      reload: () => Promise.resolve(),
    },
    probes: {
      state: () => ({}),
      found: (_endpoints, venue): VenueProbe | undefined =>
        usable[venue] === undefined ? undefined : { venue, usable: usable[venue], steps: [], markets: [] },
      run: () => Promise.resolve(),
      cancel: () => undefined,
    },
    arming: { attempt: () => ({ phase: 'idle' }), isArmed: () => isArmed, observe: () => undefined },
    openFile: () => Promise.resolve(true),
    now: () => 5000,
    onChange: () => undefined,
    onDeskReplaced: () => void (snapshot = undefined),
    log: () => undefined,
  });
}

beforeEach(() => {
  [stored, plans, snapshot, isArmed, text] = [undefined, [], undefined, false, 'bots: []'];
  states = {
    engine: { state: 'stopped', restarts: 0 },
    venues: { state: 'stopped', restarts: 0 },
    link: { state: 'lost', rtt: { n: 0 }, attempt: 0 },
  };
  usable = { paradex: true, vest: true };
  accounts = { paradex: '0xaa', vest: '0xbb' };
  modes = create();
});

describe('modes', () => {
  it('start with practice, without account, probe or config', async () => {
    [usable, accounts, text] = [{ paradex: undefined, vest: undefined }, {}, undefined];
    modes.observe();
    expect(plans).toEqual([]);
    await modes.start();
    expect(plans).toEqual([{ mode: 'practice', choice: practiceChoice, dataFolder: '/data/practice' }]);
    expect(modes.state()).toMatchObject({ mode: 'practice', waitsFor: [], isOutdated: false });
    expect(modes.state().running).toBeUndefined();
  });

  it('keep the histories of every mode, network and account apart', async () => {
    await modes.start();
    await choose('paper');
    await choose('live', true);
    accounts = { paradex: '0xaa', vest: '0xcc' };
    await choose('practice', true);
    await choose('live', true);
    expect(new Set(plans.map(({ dataFolder }) => dataFolder)).size).toBe(4);
    expect(plans.map(({ mode, dataFolder }) => `${mode} ${dataFolder}`)).toEqual([
      'practice /data/practice',
      'paper /data/paper-production',
      expect.stringMatching(/^live \/data\/live-production-[0-9a-f]{8}$/),
      'practice /data/practice',
      expect.stringMatching(/^live \/data\/live-production-[0-9a-f]{8}$/),
    ]);
  });

  it('remember the mode, and start it again after a restart', async () => {
    await modes.start();
    await choose('live', true);
    expect(stored).toEqual({ mode: 'live', endpoints: drafted, running: drafted });
    modes = create();
    await modes.start();
    expect(plans.at(-1)).toMatchObject({ mode: 'live', endpoints: production });
    expect(modes.state().running).toEqual({
      paradex: { network: 'production', host: 'api.prod.paradex.trade' },
      vest: { network: 'production', host: 'server-prod.hz.vestmarkets.com' },
    });
  });

  it('wait after a restart for what is missing, without falling back to another mode, and start when it is there', async () => {
    stored = { mode: 'live', endpoints: drafted, running: drafted };
    accounts = { paradex: '0xaa' };
    modes = create();
    await modes.start();
    expect(plans).toEqual([]);
    expect(modes.state()).toMatchObject({ mode: 'live', waitsFor: [{ code: 'keyMissing', venue: 'vest' }] });
    accounts = { paradex: '0xaa', vest: '0xbb' };
    modes.observe();
    expect(plans.map(({ mode }) => mode)).toEqual(['live']);
    expect(modes.state().waitsFor).toEqual([]);
  });

  const refused: [what: string, mode: Mode, spoil: () => void, obstacle: string][] = [
    ['paper of a venue nobody probed', 'paper', () => void (usable.vest = undefined), 'probeMissing vest'],
    ['paper of a venue that answers otherwise', 'paper', () => void (usable.paradex = false), 'probeNotUsable paradex'],
    ['live of a venue that answers otherwise', 'live', () => void (usable.vest = false), 'probeNotUsable vest'],
    ['paper without a valid config', 'paper', () => void (text = undefined), 'configMissing'],
    ['live without keys', 'live', () => void (accounts = {}), 'keyMissing vest'],
    ['live with a key for one venue', 'live', () => void (accounts = { vest: '0xbb' }), 'keyMissing paradex'],
    [
      'live with play money at one venue',
      'live',
      () => void (stored = { mode: 'practice', endpoints: { ...drafted, vest: { network: 'testnet' } } }),
      'moneyMixed',
    ],
  ];
  it.each(refused)('refuse %s', async (_what, mode, spoil, obstacle) => {
    await modes.start();
    spoil();
    expect(codes(mode)).toContain(obstacle);
    await expect(choose(mode, true)).rejects.toMatchObject({ code: 'HS_MODE_REFUSED' });
    expect(plans.map((plan) => plan.mode)).toEqual(['practice']);
    expect(stored?.mode ?? 'practice').toBe('practice');
  });

  it('refuse to leave a desk that holds something, in every mode', async () => {
    await modes.start();
    running('practice', withPosition());
    expect(codes('paper')).toEqual(['notFlat']);
    await expect(choose('paper')).rejects.toMatchObject({
      code: 'HS_MODE_REFUSED',
      remedy: expect.stringContaining('Close all'),
    });
    running('practice');
    await choose('paper');
    running('paper', withPosition());
    await expect(choose('practice', true)).rejects.toMatchObject({ code: 'HS_MODE_REFUSED' });
  });

  it('refuse to leave an armed desk, also when it is flat', async () => {
    await modes.start();
    await choose('live');
    running('live');
    isArmed = true;
    expect(codes('practice')).toEqual(['armed']);
    await expect(choose('practice', true)).rejects.toMatchObject({ code: 'HS_MODE_REFUSED' });
  });

  it('leave a live engine that does not answer only when a person says to have looked at the venues', async () => {
    await modes.start();
    await choose('live');
    running('live');
    states.engine = { state: 'blocked', restarts: 5 };
    expect(codes('practice')).toEqual(['exposureUnknown']);
    await expect(choose('practice')).rejects.toMatchObject({ code: 'HS_MODE_REFUSED' });
    await choose('practice', true);
    expect(plans.at(-1)?.mode).toBe('practice');
  });

  it('call the exposure unknown from the end of an engine that was armed until another has looked', async () => {
    await modes.start();
    await choose('live');
    running('live', { arming: { state: 'armed', sinceAt: 1 } });
    modes.observe();
    expect(modes.state().exposureUnknownSince).toBeUndefined();
    states.engine = { state: 'restarting', restarts: 0 };
    modes.observe();
    states.engine = { state: 'running', restarts: 1 };
    modes.observe();
    expect(modes.state().exposureUnknownSince).toBe(5000);
    const again = emptySnapshot('boot-again');
    snapshot = { ...again, desk: { ...again.desk, mode: 'live' }, trading: 'starting' };
    modes.observe();
    expect(modes.state().exposureUnknownSince).toBe(5000);
    snapshot = { ...snapshot, trading: 'observing' };
    modes.observe();
    expect(modes.state().exposureUnknownSince).toBeUndefined();
  });

  it('do not alarm about a live engine that ended flat and disarmed, or about practice', async () => {
    await modes.start();
    running('practice', withPosition());
    states.engine = { state: 'restarting', restarts: 0 };
    modes.observe();
    expect(modes.state().exposureUnknownSince).toBeUndefined();
    states.engine = { state: 'running', restarts: 1 };
    running('practice');
    await choose('live');
    running('live', { arming: { state: 'disarmed', sinceAt: 1 } });
    states.engine = { state: 'restarting', restarts: 0 };
    modes.observe();
    expect(modes.state().exposureUnknownSince).toBeUndefined();
  });

  it('keep chosen addresses and a new config for the next start, and say that what runs is older', async () => {
    await modes.start();
    await choose('paper');
    const testnet: EndpointsChoice = { paradex: { network: 'testnet' }, vest: { network: 'testnet' } };
    await modes.handlers['modes.setEndpoints'](testnet);
    expect(modes.state()).toMatchObject({ isOutdated: true, running: { paradex: { network: 'production' } } });
    expect(stored).toEqual({ mode: 'paper', running: drafted, endpoints: testnet });
    await choose('paper');
    expect(plans.at(-1)).toMatchObject({ mode: 'paper', endpoints: PUBLISHED_ENDPOINTS.testnet });
    expect(modes.state().isOutdated).toBe(false);
    text = 'bots: [other]';
    expect(modes.state().isOutdated).toBe(true);
    const before = plans.length;
    await choose('paper');
    await choose('paper');
    expect(plans).toHaveLength(before + 1);
  });

  it('offer to start the desk anew when its engine was given up, whatever it was for', async () => {
    await modes.start();
    await choose('paper');
    states.engine = { state: 'blocked', restarts: 5 };
    expect(modes.state().isOutdated).toBe(true);
    await choose('paper');
    expect(plans.map(({ mode }) => mode)).toEqual(['practice', 'paper', 'paper']);
  });

  it('refuse addresses that cannot be used, and keep the old ones', async () => {
    await modes.start();
    const custom = { restUrl: 'http://venue.example/v1', wsUrl: 'wss://venue.example/v1' };
    await expect(
      modes.handlers['modes.setEndpoints']({ ...drafted, paradex: { network: 'custom', custom } }),
    ).rejects.toMatchObject({ code: 'HS_ENDPOINT_INVALID' });
    expect(stored).toBeUndefined();
  });

  it('restart practice for another tape where practice runs, and only there', async () => {
    await modes.start();
    await modes.practiceChanged();
    expect(plans.map(({ mode }) => mode)).toEqual(['practice', 'practice']);
    await choose('paper');
    await modes.practiceChanged();
    expect(plans).toHaveLength(3);
  });
});
