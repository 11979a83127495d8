import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../ipc/site-schema.ts';
import { ASSUMED_FACTS } from './plan.ts';
import { judgeHost, markerText, parseFacts, type JudgeInput, type PreflightExtras } from './preflight.ts';

const extras: PreflightExtras = {
  marker: undefined,
  foreign: false,
  writable: true,
  missingTools: [],
  downloader: true,
  nodePath: undefined,
  previous: undefined,
  processes: '',
};
const input: JudgeInput = {
  request: { name: 's', prefix: undefined, agentPort: 7411, adopt: false },
  prefix: '/opt/halfspread',
  siteId: 'ours',
  facts: ASSUMED_FACTS,
  extras,
  usesSystemNode: false,
};
const facts = (change: Partial<HostFacts>): JudgeInput => ({ ...input, facts: { ...ASSUMED_FACTS, ...change } });
const there = (change: Partial<PreflightExtras>): JudgeInput => ({ ...input, extras: { ...extras, ...change } });
const marker = (siteId: string, state: 'complete' | 'incomplete') => ({ siteId, name: 'old', state });

it('finds nothing against an ordinary server', () => expect(judgeHost(input)).toEqual([]));

describe('refuses', () => {
  it.each<[string, JudgeInput]>([
    ['HS_DEPLOY_OS', facts({ os: 'FreeBSD' })],
    ['HS_DEPLOY_ARCH', facts({ arch: 'mips64' })],
    ['HS_DEPLOY_LIBC', facts({ libc: 'musl' })],
    ['HS_DEPLOY_LIBC', facts({ libc: 'glibc 2.17' })],
    ['HS_DEPLOY_TOOLS', there({ missingTools: ['tar'] })],
    ['HS_DEPLOY_PERMISSION', there({ writable: false })],
    ['HS_DEPLOY_DISK_FULL', facts({ diskFreeMiB: 100 })],
    ['HS_DEPLOY_MEMORY', facts({ memoryMiB: 128 })],
    ['HS_DEPLOY_CLOCK', facts({ clockOffsetMs: 600_000, clockErrorMs: 30 })],
    ['HS_DEPLOY_CLOCK', facts({ clockOffsetMs: -600_000, clockErrorMs: 30 })],
    ['HS_DEPLOY_PORT_BUSY', facts({ portBusy: true })],
    ['HS_DEPLOY_PREFIX_IN_USE', there({ foreign: true })],
    ['HS_DEPLOY_LEFTOVERS', there({ marker: marker('theirs', 'incomplete') })],
    ['HS_DEPLOY_OTHER_SITE', there({ marker: marker('theirs', 'complete') })],
  ])('%s', (code, case_) => {
    expect(judgeHost(case_)).toEqual([expect.objectContaining({ code, severity: 'stop' })]);
  });
});

describe('accepts', () => {
  it.each<[string, JudgeInput]>([
    [
      'an old C library when the system brings its own Node',
      { ...facts({ libc: 'musl', arch: 'riscv64' }), usesSystemNode: true },
    ],
    ['little disk when nothing is to be uploaded', { ...facts({ diskFreeMiB: 100 }), usesSystemNode: true }],
    [
      'its own port in use by its own agent',
      { ...facts({ portBusy: true }), extras: { ...extras, marker: marker('ours', 'complete'), processes: '7' } },
    ],
    ['its own leftovers', there({ marker: marker('ours', 'incomplete') })],
    [
      'leftovers of others when told to adopt them',
      { ...there({ marker: marker('theirs', 'complete') }), request: { ...input.request, adopt: true } },
    ],
    ['a clock whose error is larger than its offset', facts({ clockOffsetMs: 2_400, clockErrorMs: 2_300 })],
  ])('%s', (_why, case_) => expect(judgeHost(case_)).toEqual([]));
});

it('warns of a clock that is off by half a second, and of little memory', () => {
  expect(
    judgeHost(facts({ clockOffsetMs: 500, clockErrorMs: 5, memoryMiB: 256 })).map(({ code, severity }) => [
      code,
      severity,
    ]),
  ).toEqual([
    ['HS_DEPLOY_MEMORY', 'warn'],
    ['HS_DEPLOY_CLOCK', 'warn'],
  ]);
});

it('reads back the marker it writes', () => {
  const lines = markerText({ siteId: 'id', name: 'tyo-1', state: 'complete', agentPort: 7411 }).trim().split('\n');
  const output = { text: '', get: () => undefined, all: (key: string) => (key === 'marker' ? lines : []) };
  expect(parseFacts(output, { offsetMs: 0, errorMs: 1 }).extras.marker).toEqual({
    siteId: 'id',
    name: 'tyo-1',
    state: 'complete',
  });
});
