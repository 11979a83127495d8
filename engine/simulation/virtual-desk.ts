import { addressOfKey } from '../practice/vest/accounts.ts';
import { readRecords } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/record.ts';
import type { TradingKeys } from '../protocol/accounts.ts';
import type { ArmingLimits } from '../protocol/arming.ts';
import type { VenueEndpoints } from '../protocol/endpoints.ts';
import type { DeskLaunchInput } from '../protocol/launch.ts';
import { deskLaunchSchema } from '../protocol/launch.ts';
import type { PracticeDescription } from '../practice/description.ts';
import { MemoryDisk } from './memory-disk.ts';
import { createVirtualPractice, type VirtualPractice } from './virtual-practice.ts';
import { parseConfig } from '../config/load.ts';
import type { Desk } from '../desk.ts';
import type { Env } from '../env.ts';
import { venueSource } from '../start-desk.ts';
import { createInlineSigner } from '../venues/signer/inline.ts';
import { assembleDesk } from '../desk/assemble.ts';

export const FOLDER = '/desk';
export const WIDE_LIMITS: ArmingLimits = { maxNotionalE8: 25_000e8, maxUnhedgedMs: 3_000, maxDayLossE8: 400e8 };

/** A live or paper desk in virtual time: the practice venues stand where real ones would, configured as endpoints. */
export interface VirtualDesk {
  practice: VirtualPractice;
  desk: Desk;
  disk: MemoryDisk;
  /** Runs until this virtual moment, ms since the tape's start. */
  until(ms: number): Promise<void>;
  /** Runs until the condition holds. */
  when(condition: () => boolean): Promise<void>;
  /** Runs until the work is done. */
  done<T>(work: Promise<T>): Promise<T>;
  journal<Kind extends JournalEntry['kind']>(kind: Kind): Promise<Extract<JournalEntry, { kind: Kind }>[]>;
  /** Every order that left for a venue, as it stood on the wire. */
  sentOrders: WireOrder[];
}

export interface WireOrder {
  venue: 'paradex' | 'vest';
  reduceOnly: boolean;
  atMs: number;
}

/** The same network, with a note of every order that leaves through it. */
function watched(env: Env, sent: WireOrder[]): Env {
  const { network, clock } = env;
  return {
    ...env,
    network: {
      warm: (url) => network.warm(url),
      httpReports: () => network.httpReports(),
      request(request) {
        if (request.method === 'POST' && request.url.endsWith('/orders')) {
          sent.push({
            venue: 'vest',
            reduceOnly: (request.body ?? '').includes('"reduceOnly":true'),
            atMs: clock.monotonicMs(),
          });
        }
        return network.request(request);
      },
      openSocket(options, handlers) {
        const socket = network.openSocket(options, handlers);
        return {
          ping: () => socket.ping(),
          close: (code, reason) => socket.close(code, reason),
          sendText(text) {
            if (text.includes('"order.create"')) {
              sent.push({ venue: 'paradex', reduceOnly: text.includes('REDUCE_ONLY'), atMs: clock.monotonicMs() });
            }
            return socket.sendText(text);
          },
        };
      },
    },
  };
}

export function configText({ tape }: Pick<PracticeDescription, 'tape'>, extra = ''): string {
  return `bots:
  - id: btc
    pair: BTC
    dex_a: vest
    dex_b: paradex
    spread_entry: ${tape.entryBps / 100}
    spread_exit: ${tape.exitBps / 100}
    leverage: 5
    position_size: ${tape.sizeE8 / 1e8}
${extra}`;
}

export function endpointsOf({ paradex, vest }: PracticeDescription): VenueEndpoints {
  return {
    paradex: { network: 'custom', restUrl: paradex.restUrl, wsUrl: paradex.wsUrl },
    vest: {
      network: 'custom',
      restUrl: vest.restUrl,
      wsUrl: vest.wsUrl,
      verifyingContract: '0x919386306C47b2Fe1036e3B4F7C40D22D2461a23',
    },
  };
}

/** The first account's keys, which end at `expiresAt`. */
export function keysOf({ paradex, vest }: PracticeDescription, expiresAt: number): TradingKeys {
  const stark = paradex.accounts[0]!;
  const evm = vest.accounts[0]!;
  return {
    paradex: { accountAddress: stark.address, privateKey: stark.l2PrivateKey },
    vest: {
      primaryAddress: addressOfKey(evm.primaryPrivateKey),
      signingPrivateKey: evm.signingPrivateKey,
      apiKey: evm.apiKey,
      accountGroup: 0,
      expiresAt,
    },
  };
}

export interface VirtualDeskOptions {
  network?: string;
  seed?: number;
  /** The launch, without what the venues' description says. */
  mode: 'live' | 'paper' | 'practice';
  keyLifeMs?: number;
  config?: string;
  disk?: MemoryDisk;
}

/** Virtual time goes on until the work is done. */
export async function runUntilDone<T>(virtual: Pick<VirtualPractice, 'run'>, work: Promise<T>): Promise<T> {
  let settled = false;
  const watched = work.finally(() => (settled = true));
  watched.catch(() => undefined);
  await virtual.run(() => settled);
  return watched;
}

/** Puts a desk together; `desk.start()` is the test's. */
export async function createVirtualDesk(options: VirtualDeskOptions): Promise<VirtualDesk> {
  const disk = options.disk ?? new MemoryDisk();
  const practice = createVirtualPractice({
    tape: 'btc-usdm-coinm',
    network: options.network ?? 'vps-near',
    fees: { kind: 'zero' },
    seed: options.seed ?? 1,
    disk,
  });
  const sentOrders: WireOrder[] = [];
  const { description } = practice;
  const env = watched(practice.env, sentOrders);
  const config = { text: configText(description, options.config), path: 'desk.yaml' };
  const endpoints = endpointsOf(description);
  const keys = keysOf(description, env.clock.wallMs() + (options.keyLifeMs ?? 7 * 86_400_000));
  const input: DeskLaunchInput =
    options.mode === 'practice'
      ? { mode: 'practice', venues: description, config }
      : options.mode === 'paper'
        ? { mode: 'paper', endpoints, config }
        : { mode: 'live', endpoints, keys, config };
  const launch = deskLaunchSchema.parse(input);
  const done = <T>(work: Promise<T>): Promise<T> => runUntilDone(practice, work);
  const source = await done(venueSource(launch, env));
  const { bots, risk } = parseConfig(config.text, config.path);
  const signer = createInlineSigner(source.signerKeys, env.clock);
  const desk = await done(
    assembleDesk({ env, source, dataFolder: FOLDER, configPath: config.path, bot: bots[0], risk, signer }),
  );
  return {
    practice,
    desk,
    disk,
    done,
    until: (ms) => practice.run(ms),
    when: (condition) => practice.run(condition),
    async journal<Kind extends JournalEntry['kind']>(kind: Kind) {
      const entries = (await readRecords(disk, FOLDER)).map(({ entry }) => entry);
      return entries.filter((entry): entry is Extract<JournalEntry, { kind: Kind }> => entry.kind === kind);
    },
    sentOrders,
  };
}
