import { keccak256, toUtf8Bytes } from 'ethers';
import type { VestAccount } from './state.ts';

/** Listen keys of private sockets: one active key an account, extended on each POST and PUT. */
export class ListenKeys {
  private readonly ttlMs: number;
  private readonly byKey = new Map<string, { account: VestAccount; expiresAtMs: number }>();
  private readonly activeOf = new Map<VestAccount, string>();
  private issued = 0;

  constructor(ttlMs: number) {
    this.ttlMs = ttlMs;
  }

  /** The account's active key, extended; a new one when it has none. */
  obtain(account: VestAccount, nowMs: number): string {
    if (this.extend(account, nowMs)) return this.activeOf.get(account)!;
    const key = keccak256(toUtf8Bytes(`${account.primaryAddress} listen ${++this.issued} ${nowMs}`)).slice(2);
    this.byKey.set(key, { account, expiresAtMs: nowMs + this.ttlMs });
    this.activeOf.set(account, key);
    return key;
  }

  /** False when the account has no key, or its key has run out. */
  extend(account: VestAccount, nowMs: number): boolean {
    const key = this.activeOf.get(account);
    const entry = key === undefined ? undefined : this.byKey.get(key);
    if (!entry || entry.expiresAtMs <= nowMs) return false;
    entry.expiresAtMs = nowMs + this.ttlMs;
    return true;
  }

  remove(account: VestAccount): void {
    const key = this.activeOf.get(account);
    if (key === undefined) return;
    this.activeOf.delete(account);
    this.byKey.delete(key);
  }

  /** What a socket presenting `key` is: its account, or the venue's close code. */
  look(key: string, nowMs: number): { account: VestAccount; expiresAtMs: number } | 'unknown' | 'expired' {
    const entry = this.byKey.get(key);
    if (!entry) return 'unknown';
    return entry.expiresAtMs <= nowMs ? 'expired' : entry;
  }
}
