import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { authOkTranscript, authTranscript, commandTranscript, commonProtocol, type Sha256 } from './handshake.ts';
import type { Auth, Hello } from './messages.ts';

const sha256: Sha256 = (data) => createHash('sha256').update(data).digest();
const cookie = new Uint8Array(32).fill(7);
const hello: Hello = {
  type: 'HELLO',
  protocols: [1],
  agentId: 'a',
  bootId: 'b',
  nonceA: 'AAAA',
  nowMs: 1,
  term: 1,
  state: 'observing',
};
const auth: Auth = { type: 'AUTH', protocol: 1, deviceId: 'd', nonceD: 'BBBB', role: 'view', sig: 'CCCC' };
const granted = { type: 'AUTH_OK', sessionId: 's', role: 'view' } as const;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('handshake transcripts', () => {
  it('are label, then SHA-256 of each canonical part', () => {
    const expected = Buffer.concat([
      Buffer.from('halfspread agent/1 AUTH\0'),
      sha256(
        '{"agentId":"a","bootId":"b","nonceA":"AAAA","nowMs":1,"protocols":[1],"state":"observing","term":1,"type":"HELLO"}',
      ),
      sha256('{"deviceId":"d","nonceD":"BBBB","protocol":1,"role":"view","type":"AUTH"}'),
      sha256(cookie),
    ]);
    expect(hex(authTranscript(hello, auth, cookie, sha256))).toBe(expected.toString('hex'));
  });

  it.each<[string, Uint8Array]>([
    ['the agent nonce', authTranscript({ ...hello, nonceA: 'AAAB' }, auth, cookie, sha256)],
    ['the boot', authTranscript({ ...hello, bootId: 'c' }, auth, cookie, sha256)],
    ['the role', authTranscript(hello, { ...auth, role: 'admin' }, cookie, sha256)],
    ['the device', authTranscript(hello, { ...auth, deviceId: 'e' }, cookie, sha256)],
    ['the cookie', authTranscript(hello, auth, new Uint8Array(32), sha256)],
  ])('change with %s', (_what, other) => {
    expect(hex(other)).not.toBe(hex(authTranscript(hello, auth, cookie, sha256)));
  });

  it('never let one side pass the other side its own signature: the labels differ', () => {
    const answer = authOkTranscript(hello, auth, granted, cookie, sha256);
    expect(hex(answer).startsWith(hex(Buffer.from('halfspread agent/1 AUTH_OK\0')))).toBe(true);
    expect(hex(authOkTranscript(hello, { ...auth, sig: 'CCCD' }, granted, cookie, sha256))).not.toBe(hex(answer));
  });

  it('bind an authorized command to its session, its id and all of it', () => {
    const id = '0197b000-0000-7000-8000-000000000000';
    const limits = { maxNotionalE8: 1, maxUnhedgedMs: 2, maxDayLossE8: 3 };
    const expected = Buffer.concat([
      Buffer.from('halfspread agent/1 COMMAND\0'),
      sha256(
        '{"agentId":"a","bootId":"b","nonceA":"AAAA","nowMs":1,"protocols":[1],"state":"observing","term":1,"type":"HELLO"}',
      ),
      sha256(id),
      sha256('{"limits":{"maxDayLossE8":3,"maxNotionalE8":1,"maxUnhedgedMs":2},"name":"arm"}'),
    ]);
    const signed = hex(commandTranscript(hello, id, { name: 'arm', limits }, sha256));
    expect(signed).toBe(expected.toString('hex'));
    const wider = { ...limits, maxNotionalE8: 2 };
    const others = [
      commandTranscript({ ...hello, nonceA: 'AAAB' }, id, { name: 'arm', limits }, sha256),
      commandTranscript(hello, id.replace(/0$/, '1'), { name: 'arm', limits }, sha256),
      commandTranscript(hello, id, { name: 'arm', limits: wider }, sha256),
    ];
    for (const other of others) expect(hex(other)).not.toBe(signed);
  });

  it('agree on a protocol only when both speak it', () => {
    expect(commonProtocol([3, 1])).toBe(1);
    expect(commonProtocol([2])).toBeUndefined();
  });
});
