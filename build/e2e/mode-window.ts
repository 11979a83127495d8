import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { parseVenueSet } from '../../engine/desk/venue-set.ts';
import type { PracticeVenues } from '../proof/practice-venues.ts';

/** What the mode dialog needs of practice venues: their addresses, as an operator would type them. */
export interface VenueAddresses {
  paradex: { restUrl: string; wsUrl: string };
  vest: { restUrl: string; wsUrl: string };
}

export function addressesOf({ description }: PracticeVenues): VenueAddresses {
  const { paradex, vest } = parseVenueSet(description);
  return {
    paradex: { restUrl: paradex.restUrl, wsUrl: paradex.wsUrl },
    vest: { restUrl: vest.restUrl, wsUrl: vest.wsUrl },
  };
}

/** A desk config that trades often on the recorded market of the practice venues. Percent, as the config has them. */
export function deskYaml({ description: { tape } }: PracticeVenues, changes: Record<string, string> = {}): string {
  const values = {
    spread_entry: '0.003',
    spread_exit: String(Number(tape['exitBps']) / 100),
    leverage: '2',
    position_size: '0.01',
    ...changes,
  };
  return `bots:
  - id: e2e
    pair: BTC
    dex_a: vest
    dex_b: paradex
    spread_entry: ${values.spread_entry}
    spread_exit: ${values.spread_exit}
    leverage: ${values.leverage}
    position_size: ${values.position_size}
risk:
  max_notional_usd: 2000
  max_unhedged_ms: 4000
  max_day_loss_usd: 100
`;
}

export async function writeDeskYaml(home: string, text: string): Promise<void> {
  await mkdir(join(home, 'config'), { recursive: true });
  await writeFile(join(home, 'config', 'desk.yaml'), text);
}

export const dialog = (page: Page) => page.getByRole('dialog');

/** Opens the mode dialog from the badge and picks a mode in it. */
export async function pickMode(page: Page, mode: 'practice' | 'paper' | 'live'): Promise<void> {
  if ((await dialog(page).count()) === 0) await page.locator('header.top button.mode').click();
  await dialog(page).locator(`input[name="mode"][value="${mode}"]`).check();
}

/** Types the venues' addresses as custom ones and has them taken. */
export async function useAddresses(page: Page, addresses: VenueAddresses): Promise<void> {
  for (const [venue, name] of [
    ['vest', 'Vest'],
    ['paradex', 'Paradex'],
  ] as const) {
    await dialog(page).locator(`input[name="network-${venue}"][value="custom"]`).check();
    await dialog(page).getByLabel(`${name} REST`).fill(addresses[venue].restUrl);
    await dialog(page).getByLabel(`${name} WebSocket`).fill(addresses[venue].wsUrl);
  }
}
