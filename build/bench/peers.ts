import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { say, ToolchainError } from '../toolchain.mjs';

/** The programs we compare with: build/peers has its own lockfile, so that `npm start` never installs them. */
const PEERS = new URL('../peers/', import.meta.url);
const INSTALLED = new URL('node_modules/.package-lock.json', PEERS);

export function peersAreInstalled(): boolean {
  return existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync(new URL('package-lock.json', PEERS)).mtimeMs;
}

/** Installs the peers when they are absent or older than their lockfile. @throws ToolchainError */
export function ensurePeers(): void {
  if (peersAreInstalled()) return;
  say('Installing the programs to compare with (npm ci in build/peers) ...');
  const run = spawnSync(
    'npm',
    ['ci', '--prefix', fileURLToPath(PEERS), '--no-audit', '--no-fund', '--loglevel=error'],
    {
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    },
  );
  if (run.error || run.status !== 0) {
    throw new ToolchainError(
      `npm ci in build/peers failed (${run.error?.message ?? `code ${run.status}`}).`,
      'See its output above; check the connection to the package registry, then try again.',
    );
  }
}

interface StarknetTypedData {
  domain: Record<string, string>;
  primaryType: string;
  types: Record<string, { name: string; type: string }[]>;
  message: Record<string, string>;
}

export interface Starknet {
  typedData: { getMessageHash(data: StarknetTypedData, account: string): string };
  ec: { starkCurve: { sign(hash: string, privateKey: string): { r: bigint; s: bigint } } };
}

export interface CcxtParadex {
  urls: { api: Record<string, string> };
  onboarding(): Promise<unknown>;
  loadMarkets(): Promise<unknown>;
  createOrder(
    symbol: string,
    type: string,
    side: string,
    amount: number,
    price: number,
    params: object,
  ): Promise<unknown>;
  handleMessage(client: object, message: unknown): void;
  tickers: Record<string, { bid: number; ask: number }>;
}

export interface Ccxt {
  default: {
    paradex: new (options: object) => CcxtParadex;
    pro: { paradex: new (options: object) => CcxtParadex };
  };
}

/** Imported at run time and by path: they are installed later than the rest, and belong to another package. */
export const loadStarknet = async (): Promise<Starknet> =>
  (await import(new URL('node_modules/starknet/dist/index.mjs', PEERS).href)) as Starknet;

export const loadCcxt = async (): Promise<Ccxt> =>
  (await import(new URL('node_modules/ccxt/js/ccxt.js', PEERS).href)) as Ccxt;
