import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLOSE } from '../protocol/handshake.ts';
import { uuidV7 } from '../protocol/uuid-v7.ts';
import { CARRIERS, env, type AttackedAgent } from './attacked-agent.test-helper.ts';
import { noticeEvent } from './fake-desk.test-helper.ts';
import { newSigningKey } from './keys.ts';
import { authFor, connectRaw, enterRaw, type Credentials, type RawClient } from './raw-client.test-helper.ts';

/** Generous: the machine may be busy with other tests. */
const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 15_000 });

const newId = () => uuidV7(Date.now(), env.random.bytes(10));
const command = (name: string, id = newId()) => ({ type: 'COMMAND', id, command: { name } });

describe.each(CARRIERS)('attacks on the %s carrier', (_carrier, startAttacked) => {
  let agent: AttackedAgent;
  let operator: Credentials;

  const auth = (client: RawClient, wrong: Partial<Credentials> = {}) =>
    authFor(client.hello, { ...operator, ...wrong }, client.binding);

  /** Whatever was tried: refused and noted, the agent alive for the next client, nothing done. */
  async function expectUnharmed(refusals: number): Promise<void> {
    await eventually(() => agent.audited.filter(({ event }) => event === 'refused').length).toBe(refusals);
    expect(agent.desk.executed).toEqual([]);
    const client = await enterRaw(agent.where, operator);
    client.send({ type: 'SUBSCRIBE' });
    expect((await client.next()).type).toBe('SNAPSHOT');
    client.socket.close();
  }

  beforeEach(async () => {
    agent = await startAttacked();
    operator = agent.credentials('operate');
  });
  afterEach(() => agent.remove());

  describe('at the door', () => {
    it.each<[string, Partial<Credentials> | 'another key']>([
      ['a wrong binding (cookie, or another TLS connection’s)', { cookie: Buffer.alloc(32, 6).toString('base64') }],
      ['an unknown device', { key: newSigningKey() }],
      ['the known device with another key', 'another key'],
    ])('refuses %s', async (_what, wrong) => {
      const client = await connectRaw(agent.where);
      const otherKey = { ...newSigningKey(), publicKey: agent.key.publicKey };
      client.send(auth(client, wrong === 'another key' ? { key: otherKey } : wrong));
      expect(await client.closed).toBe(CLOSE.authenticationFailed);
      expect(client.received.length).toBe(1);
      await expectUnharmed(1);
    });

    it('refuses an AUTH captured on another connection', async () => {
      const first = await connectRaw(agent.where);
      const captured = auth(first);
      first.send(captured);
      expect((await first.next()).type).toBe('AUTH_OK');
      const second = await connectRaw(agent.where);
      second.send(captured);
      expect(await second.closed).toBe(CLOSE.authenticationFailed);
      first.socket.close();
      await expectUnharmed(1);
    });

    it('refuses a role changed after signing', async () => {
      const client = await connectRaw(agent.where);
      client.send({ ...auth(client, { role: 'view' }), role: 'admin' });
      expect(await client.closed).toBe(CLOSE.authenticationFailed);
      await expectUnharmed(1);
    });

    it('gives one attempt per connection', async () => {
      const client = await connectRaw(agent.where);
      client.send(auth(client, { cookie: Buffer.alloc(32).toString('base64') }));
      client.send(auth(client));
      expect(await client.closed).toBe(CLOSE.authenticationFailed);
      await expectUnharmed(1);
    });

    it.each(['SUBSCRIBE', 'PING', 'COMMAND'])('accepts no %s before AUTH', async (type) => {
      const client = await connectRaw(agent.where);
      client.send(type === 'COMMAND' ? command('start') : type === 'PING' ? { type, id: 1 } : { type });
      expect(await client.closed).toBe(CLOSE.authenticationFailed);
      await expectUnharmed(1);
    });

    it('accepts no lowered protocol', async () => {
      const client = await connectRaw(agent.where);
      client.send({ ...auth(client), protocol: 0 });
      expect(await client.closed).toBe(CLOSE.authenticationFailed);
      await expectUnharmed(1);
    });

    it('closes who does not authenticate within 5 s', async () => {
      const startedAtMs = performance.now();
      const client = await connectRaw(agent.where);
      expect(await client.closed).toBe(CLOSE.authenticationLate);
      expect(performance.now() - startedAtMs).toBeGreaterThan(4_900);
      await expectUnharmed(1);
    });

    it.each<[string, Parameters<typeof connectRaw>[1]]>([
      ['another path', { path: '/' }],
      ['a query', { path: '/agent/1?x=1' }],
      ['a page of a browser (Origin)', { origin: 'http://evil.example' }],
      ['another Host', { headers: { host: 'evil.example' } }],
      ['a cookie', { headers: { cookie: 'a=b' } }],
    ])('refuses an upgrade with %s', async (_what, options) => {
      await expect(connectRaw(agent.where, options)).rejects.toThrow('403');
      await expectUnharmed(1);
    });
  });

  describe('after the door', () => {
    it.each<[string, string]>([
      ['bad JSON', '{"type":'],
      ['a depth bomb', `{"type":"PING","id":${'['.repeat(100_000)}`],
      ['duplicate keys', '{"type":"PING","id":1,"id":2}'],
      ['__proto__', '{"type":"PING","id":1,"__proto__":{"role":"admin"}}'],
      ['an unknown key', '{"type":"PING","id":1,"extra":true}'],
      ['an unknown type', '{"type":"HELLO"}'],
      ['an unknown command', JSON.stringify(command('format'))],
    ])('closes on %s', async (_what, text) => {
      const client = await enterRaw(agent.where, operator);
      client.send(text);
      expect(await client.closed).toBe(CLOSE.badMessage);
      await expectUnharmed(1);
    });

    it('closes on a second AUTH', async () => {
      const client = await enterRaw(agent.where, operator);
      client.send(auth(client));
      expect(await client.closed).toBe(CLOSE.badMessage);
      await expectUnharmed(1);
    });

    it('closes on a binary frame', async () => {
      const client = await enterRaw(agent.where, operator);
      client.socket.send(Buffer.from('{"type":"PING","id":1}'), { binary: true });
      expect(await client.closed).toBe(CLOSE.badMessage);
      await expectUnharmed(1);
    });

    it.each<[string, Buffer, number]>([
      ['an unmasked frame', Buffer.from([0x81, 0x02, 0x7b, 0x7d]), 1002],
      ['a reserved bit', Buffer.from([0xc1, 0x80, 0, 0, 0, 0]), 1002],
      ['a bad opcode', Buffer.from([0x83, 0x80, 0, 0, 0, 0]), 1002],
      ['bad UTF-8', Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]), 1007],
      ['a frame that says it has 2^40 bytes', Buffer.from([0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 1009],
    ])('closes on %s', async (_what, bytes, code) => {
      const client = await enterRaw(agent.where, operator);
      client.stream.write(bytes);
      expect(await client.closed).toBe(code);
      await expectUnharmed(1);
    });

    it('closes on a message above 256 KiB and takes one just below', async () => {
      const client = await enterRaw(agent.where, operator);
      client.send(`{"type":"PING",${' '.repeat(256 * 1024 - 30)}"id":1}`);
      expect(await client.next()).toEqual({ type: 'PONG', id: 1 });
      client.send(`{"type":"PING",${' '.repeat(256 * 1024)}"id":2}`);
      expect(await client.closed).toBe(1009);
      await expectUnharmed(1);
    });

    it('closes on a message in more than 16 fragments', async () => {
      const client = await enterRaw(agent.where, operator);
      for (let fragment = 0; fragment < 17; fragment += 1) client.socket.send(' ', { fin: false });
      expect(await client.closed).toBe(1008);
      await expectUnharmed(1);
    });

    it('closes on a message in 130,000 fragments before it has them all', async () => {
      const client = await enterRaw(agent.where, operator);
      const first = Buffer.from([0x01, 0x81, 0, 0, 0, 0, 0x20]);
      const more = Buffer.from([0x00, 0x81, 0, 0, 0, 0, 0x20]);
      client.stream.on('error', () => undefined);
      client.stream.write(Buffer.concat([first, ...Array<Buffer>(130_000).fill(more)]));
      // The agent may be gone before the client has written all of it and could read the reason.
      expect([1008, 1006]).toContain(await client.closed);
      await expectUnharmed(1);
    });

    it('closes as dead who never finishes a message', async () => {
      await agent.restart({ heartbeat: { periodMs: 100, deadAfterMs: 400 } });
      const client = await enterRaw(agent.where, operator);
      client.socket.pause();
      client.stream.on('error', () => undefined);
      // The frame says 100 bytes and gets one more now and then.
      client.stream.write(Buffer.from([0x81, 0xe4, 0, 0, 0, 0]));
      const drip = setInterval(() => client.stream.write(' '), 50);
      await new Promise((resolve) => client.stream.once('close', resolve));
      clearInterval(drip);
      expect(agent.audited.filter(({ event }) => event === 'refused').map(({ detail }) => detail)).toEqual([
        'nothing heard',
      ]);
      await agent.restart({});
      await expectUnharmed(1);
    });

    it('does nothing on a frame that was cut short', async () => {
      const client = await enterRaw(agent.where, operator);
      const text = Buffer.from(JSON.stringify(command('start')));
      client.stream.end(
        Buffer.concat([Buffer.from([0x81, 0x80 | 126, 0, text.length, 0, 0, 0, 0]), text.subarray(0, -1)]),
      );
      await client.closed;
      await expectUnharmed(0);
    });

    it.each<[string, object]>([
      ['unlock', { sealed: { key: 'AAAA', ciphertext: 'AAAA' } }],
      ['term.set', { granted: { term: 9, holder: 'me' } }],
      ['agent.rotate', {}],
    ])('carries out no %s without the device’s signature', async (name, rest) => {
      const client = await enterRaw(agent.where, agent.credentials('admin'));
      client.send({ type: 'COMMAND', id: newId(), command: { name, ...rest } });
      expect(await client.next()).toMatchObject({ ok: false, error: { code: 'HS_AUTHORIZATION_REQUIRED' } });
      client.socket.close();
      await expectUnharmed(1);
    });

    it('closes who sends more than the burst, while another session keeps its answers', async () => {
      const other = await enterRaw(agent.where, operator);
      const client = await enterRaw(agent.where, operator);
      for (let id = 0; id < 300; id += 1) client.send({ type: 'PING', id });
      expect(await client.closed).toBe(CLOSE.tooManyMessages);
      other.send({ type: 'PING', id: 7 });
      expect(await other.next()).toEqual({ type: 'PONG', id: 7 });
      other.socket.close();
      await expectUnharmed(1);
    });

    it('opens eight sessions and no ninth', async () => {
      const clients = await Promise.all(Array.from({ length: 8 }, () => enterRaw(agent.where, operator)));
      const ninth = await connectRaw(agent.where);
      ninth.send(auth(ninth));
      expect(await ninth.closed).toBe(CLOSE.tooManySessions);
      for (const client of clients) client.socket.close();
      await Promise.all(clients.map((client) => client.closed));
      await expectUnharmed(1);
    });

    it('gives a session with the role view no start', async () => {
      const client = await enterRaw(agent.where, { ...operator, role: 'view' });
      client.send(command('start'));
      expect(await client.next()).toMatchObject({ type: 'ANSWER', ok: false, error: { code: 'HS_AGENT_ROLE' } });
      client.socket.close();
      await expectUnharmed(1);
    });
  });

  describe('commands', () => {
    it('take effect once, also when sent again on another connection, and get the same answer', async () => {
      const id = newId();
      const first = await enterRaw(agent.where, operator);
      first.send(command('start', id));
      first.send(command('start', id));
      const answers = [await first.next(), await first.next()];
      const second = await enterRaw(agent.where, operator);
      second.send(command('start', id));
      answers.push(await second.next());
      expect(agent.desk.executed).toEqual([{ name: 'start' }]);
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      first.socket.close();
      second.socket.close();
    });

    it('are refused when their id was another command, or is no version 7', async () => {
      const id = newId();
      const client = await enterRaw(agent.where, operator);
      client.send(command('start', id));
      expect(await client.next()).toMatchObject({ ok: true });
      const foreign = '9b2f1c54-5c0b-4f0e-8c55-0a6d5ad2a1f0';
      for (const [name, used] of [
        ['pause', id],
        ['start', foreign],
      ] as const) {
        client.send(command(name, used));
        expect(await client.next()).toMatchObject({ id: used, ok: false, error: { code: 'HS_COMMAND_ID_REFUSED' } });
      }
      expect(agent.desk.executed.length).toBe(1);
      client.socket.close();
    });
  });

  describe('subscriptions', () => {
    it('resume after a lost connection without a gap, and get a snapshot when that is not possible', async () => {
      const first = await enterRaw(agent.where, operator);
      first.send({ type: 'SUBSCRIBE' });
      const snapshot = await first.next();
      if (snapshot.type !== 'SNAPSHOT') throw new Error('no snapshot');
      const { sequence } = snapshot.snapshot;
      first.socket.terminate();
      agent.desk.emit(noticeEvent('missed 1'));
      agent.desk.emit(noticeEvent('missed 2'));
      const second = await enterRaw(agent.where, operator);
      second.send({ type: 'SUBSCRIBE', bootId: 'boot-1', resumeFrom: sequence });
      expect(await second.next()).toEqual({ type: 'RESUMED', from: sequence });
      expect([await second.next(), await second.next()]).toMatchObject([
        { type: 'EVENT', sequence: sequence + 1 },
        { type: 'EVENT', sequence: sequence + 2 },
      ]);
      for (const stale of [
        { bootId: 'another boot', resumeFrom: sequence },
        { bootId: 'boot-1', resumeFrom: sequence + 99 },
        { bootId: 'boot-1', resumeFrom: -5 },
        { resumeFrom: sequence },
      ]) {
        second.send({ type: 'SUBSCRIBE', ...stale });
        let answer = await second.next();
        // On a paced carrier a resumption ends with the current market data.
        while (answer.type === 'EVENT' && answer.after !== undefined) answer = await second.next();
        expect(answer.type).toBe('SNAPSHOT');
      }
      second.socket.close();
    });

    it('give a slow reader one snapshot in place of the events it could not take', async () => {
      await agent.restart({ outboxLimits: { coalesceAboveBytes: 256 * 1024, closeAboveBytes: 64 * 1024 * 1024 } });
      const client = await enterRaw(agent.where, operator);
      client.send({ type: 'SUBSCRIBE' });
      await client.next();
      client.stream.pause();
      for (let index = 0; index < 400; index += 1) agent.desk.emit(noticeEvent('x'.repeat(5_000)));
      client.stream.resume();
      let covered = 1;
      let events = 0;
      let snapshots = 0;
      while (covered < agent.desk.snapshot().sequence) {
        const message = await client.next();
        if (message.type === 'EVENT') {
          expect(message.sequence).toBe(covered + 1);
          covered = message.sequence;
          events += 1;
        } else if (message.type === 'SNAPSHOT') {
          covered = message.snapshot.sequence;
          snapshots += 1;
        }
      }
      expect(snapshots).toBe(1);
      expect(events).toBeLessThan(399);
      agent.desk.emit(noticeEvent('after'));
      expect(await client.next()).toMatchObject({ type: 'EVENT', sequence: covered + 1 });
      client.socket.close();
    });

    it('close a reader that takes nothing at all', async () => {
      await agent.restart({ outboxLimits: { coalesceAboveBytes: 64 * 1024, closeAboveBytes: 512 * 1024 } });
      const client = await enterRaw(agent.where, operator);
      client.stream.pause();
      for (let id = 0; id < 150; id += 1) client.send({ type: 'SUBSCRIBE' });
      agent.desk.emit(noticeEvent('x'.repeat(600 * 1024)));
      await eventually(() => agent.audited.at(-1)?.detail).toBe('does not read what it is sent');
      client.stream.resume();
      await client.closed;
    });
  });
});
