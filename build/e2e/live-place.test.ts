/** A live desk on a server: its keys reach the agent sealed, a person arms it, and nothing moves that is armed or open. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseVenueSet } from '../../engine/desk/venue-set.ts';
import { askVenues, startVenues, type PracticeVenues } from '../proof/practice-venues.ts';
import { createHome, type Home } from '../proof/program.ts';
import { secretsLeft } from '../proof/secrets-left.ts';
import { createLab, noSshd, processesOf, type Lab } from './deploy-lab.ts';
import { addDeskKeys, PRODUCTION_CONTRACT } from './desk-keys.ts';
import { startHalfspread, type RunningHalfspread } from './halfspread-window.ts';
import { addressesOf, deskYaml, writeDeskYaml } from './mode-window.ts';
import { connectAsWindow, type WindowCalls } from './window-calls.ts';

const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 60_000, interval: 200 });
const LIMITS = { maxNotionalE8: 2000e8, maxUnhedgedMs: 4000, maxDayLossE8: 100e8 };

describe.skipIf(noSshd !== undefined)(`a live desk on a server${noSshd ? `: ${noSshd}` : ''}`, () => {
  let lab: Lab;
  let venuesHome: Home;
  let venues: PracticeVenues;
  let app: RunningHalfspread;
  let main: WindowCalls;
  let asked = 0;

  const state = async () => {
    const { app: shown, snapshot, sites } = await main.call('app.open', {});
    return { ...shown, snapshot, sites };
  };
  const modes = async () => (await main.call('modes.open', {})).modes;
  const there = async () => {
    const { place, snapshot } = await state();
    return { site: place.site, mode: snapshot?.desk.mode, arming: snapshot?.arming?.state };
  };
  const codes = () => [...app.output().matchAll(/Type this code .*: (\d{6})/g)].map((found) => found[1] ?? '');

  /** Types the code of the question that was put last. */
  async function confirmByCode(): Promise<void> {
    await eventually(() => codes().length).toBe(++asked);
    const { pending } = await main.call('modes.open', {});
    expect(await main.call('confirm.code', { id: pending!.id, code: codes().at(-1)! })).toEqual({ right: true });
  }

  async function arm(): Promise<void> {
    await eventually(async () => (await main.call('arm.check', {})).checks.filter(({ ok }) => !ok)).toEqual([]);
    await main.call('arm.begin', { limits: LIMITS, typedNotionalUsd: 2000 });
    await confirmByCode();
    await eventually(there).toEqual({ site: 'lab', mode: 'live', arming: 'armed' });
  }

  beforeAll(async () => {
    [lab, venuesHome] = await Promise.all([createLab(), createHome()]);
    venues = await startVenues(venuesHome, ['--network', 'vps-near', '--fees', 'zero']);
    await writeDeskYaml(lab.home, deskYaml(venues));
    app = await startHalfspread(lab.home);
    main = await connectAsWindow(lab.home);
    const { paradex, vest } = addressesOf(venues);
    await main.call('modes.setEndpoints', {
      paradex: { network: 'custom', custom: paradex },
      vest: { network: 'custom', custom: { ...vest, verifyingContract: PRODUCTION_CONTRACT } },
    });
    await main.call('modes.probe', {});
    await main.call('modes.prepare', {});
  }, 120_000);
  afterAll(async () => {
    main?.close();
    await app?.stop();
    await venues?.stop();
    await lab?.stop();
    await venuesHome?.remove();
  });

  it('moves disarmed and flat; its keys are on the server in memory alone', async () => {
    await addDeskKeys(lab.home, main, venues);
    await eventually(async () => (await modes()).obstacles.live).toEqual([]);
    await main.call('sites.deploy', lab.request);
    await main.call('modes.choose', { mode: 'live', acceptUnknown: false });
    await eventually(async () => (await state()).sites?.links[0]?.link.state).toBe('ready');
    await eventually(there).toEqual({ site: undefined, mode: 'live', arming: 'disarmed' });
    await main.call('place.move', { site: 'lab' });
    // A page that was taken over cannot give the keys away: a person answers with the code the terminal shows.
    await confirmByCode();
    expect(app.output()).toMatch(/Give lab the keys of the live desk/);
    await eventually(there).toEqual({ site: 'lab', mode: 'live', arming: 'disarmed' });
    expect((await state()).venues.state).toBe('stopped');
    expect(await secretsBelow(lab.prefix, venues)).toEqual([]);
  });

  it('is armed there by a person, and its orders reach both venues', async () => {
    await expect(main.call('engine.command', { name: 'arm', limits: LIMITS })).rejects.toThrow(
      'HS_COMMAND_NEEDS_PERSON',
    );
    await arm();
    await eventually(async () => (await state()).snapshot?.trades.length).toBeGreaterThan(0);
    await eventually(
      async () => new Set((await askVenues(venues.description)).fills.map(({ venue }) => venue)).size,
    ).toBe(2);
  });

  it('does not move while it is armed', async () => {
    await expect(main.call('place.move', {})).rejects.toThrow('HS_MOVE_ARMED');
    await expect(main.call('place.lock', {})).rejects.toThrow('HS_MOVE_ARMED');
    expect((await there()).site).toBe('lab');
  });

  it('whose agent is killed gets its keys again by itself, and is disarmed', async () => {
    const { pid } = (await processesOf(lab.prefix)).find(({ command }) => command.includes('agent.mjs'))!;
    const { bootId } = (await state()).snapshot!.desk;
    process.kill(pid, 'SIGKILL');
    await eventually(async () => (await state()).snapshot?.desk.bootId).not.toBe(bootId);
    await eventually(there).toEqual({ site: 'lab', mode: 'live', arming: 'disarmed' });
    expect((await state()).snapshot?.arming?.reason?.code).toBe('HS_DISARMED_RESTART');
    expect(await secretsBelow(lab.prefix, venues)).toEqual([]);
  });

  it('goes back flat, and the venues hold nothing', async () => {
    await main.call('engine.command', { name: 'closeAll' });
    await eventually(async () => {
      try {
        await main.call('place.move', {});
        return 'moves';
      } catch (error) {
        return String(error);
      }
    }).toBe('moves');
    await eventually(there).toEqual({ site: undefined, mode: 'live', arming: 'disarmed' });
    const { positions } = await askVenues(venues.description);
    expect(positions.filter(({ sizeE8 }) => sizeE8 !== 0)).toEqual([]);
    const { agent } = await main.call('sites.status', { site: 'lab' });
    expect(agent).toMatchObject({ locked: true, holdsTerm: false, flat: true });
  });
});

/** Files of the agent a trading key stands in. */
function secretsBelow(folder: string, { description }: PracticeVenues): Promise<string[]> {
  const { paradex, vest } = parseVenueSet(description);
  return secretsLeft(folder, [
    ...paradex.accounts.map(({ l2PrivateKey }) => l2PrivateKey),
    ...vest.accounts.map(({ signingPrivateKey }) => signingPrivateKey),
  ]);
}
