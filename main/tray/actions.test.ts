import { beforeEach, expect, it } from 'vitest';
import { doTrayAction, type TrayTargets } from './actions.ts';
import type { TrayAction } from './model.ts';

let done: string[];
const note = (what: string) => Promise.resolve(void done.push(what));
const targets = {
  window: () => ({ open: () => note('window') }),
  asking: {
    dialog: (name: string) => note(`dialog ${name}`),
    follow: ({ route }: { route: { page: string } }) => note(`page ${route.page}`),
    quit: () => note('quit'),
  },
  desk: { command: ({ name }: { name: string }) => note(`command ${name}`) },
  modes: { disarm: (reason: string) => note(`disarm ${reason}`) },
  sites: {
    handlers: {
      'sites.act': ({ site, action, override }: { site: string; action: string; override: boolean }) =>
        note(`${action} ${site} ${override}`),
    },
  },
  alerts: { mute: (until: unknown) => note(`mute ${String(until)}`) },
  sleepGuard: { commanded: ({ name }: { name: string }) => void done.push(`told ${name}`) },
  nowMs: () => 1_000,
} as unknown as TrayTargets;

beforeEach(() => {
  done = [];
});

it.each<[TrayAction, string[]]>([
  ['open', ['window']],
  ['closeAll', ['dialog closeAll']],
  ['arm', ['dialog arm']],
  ['disarm', ['disarm operator']],
  ['pause', ['told pause', 'command pause']],
  ['start', ['told start', 'command start']],
  ['mute', ['mute 3601000']],
  ['unmute', ['mute undefined']],
  ['deploy', ['dialog deploy']],
  ['redeploy', ['upgrade tyo-1 false']],
  ['siteStart', ['start tyo-1 false']],
  ['siteStop', ['stop tyo-1 false']],
  ['siteShow', ['page sites']],
  ['quit', ['quit']],
])('%s: %j', async (action, expected) => {
  await doTrayAction(action, 'tyo-1', targets);
  expect(done).toEqual(expected);
});
