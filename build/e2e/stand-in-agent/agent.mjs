/** Answers the agent program's verbs as engine/protocol/agent-program.ts describes them, and trades nothing. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
const VERSION = '0.1.0';
const [verb, ...rest] = process.argv.slice(2);
const option = (name) => rest[rest.indexOf(name) + 1];
const state = rest.includes('--state') ? option('--state') : undefined;
const file = (name) => `${state}/${name}`;
const read = (name) => (existsSync(file(name)) ? JSON.parse(readFileSync(file(name), 'utf8')) : undefined);
const write = (name, value) => writeFileSync(file(name), JSON.stringify(value), { mode: 0o600 });
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const refuse = (code, message, exit) => { say({ error: { code, message, remedy: 'none' } }); process.exit(exit); };
const stdin = () => JSON.parse(readFileSync(0, 'utf8'));
const identity = () => read('identity.json') ?? refuse('HS_NOT_INITIALISED', 'init first', 2);
const verbs = {
  init() {
    mkdirSync(state, { recursive: true, mode: 0o700 });
    const known = read('identity.json');
    const key = known?.publicKey ?? generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const digest = createHash('sha256').update(key).digest();
    const value = { agentId: digest.toString('base64url'), spkiPin: digest.toString('base64'), publicKey: key, certificatePem: `-----BEGIN CERTIFICATE-----\n${digest.toString('base64')}\n-----END CERTIFICATE-----\n`, port: Number(option('--port')), listen: '0.0.0.0', version: VERSION };
    write('identity.json', value);
    say({ ...value, created: !known });
  },
  enrol() {
    const request = stdin();
    const devices = read('devices.json') ?? [];
    const known = devices.find((d) => d.deviceId === request.deviceId);
    const device = known ?? { deviceId: request.deviceId, label: request.label, role: request.role, pins: [], addedAt: Date.now() };
    if (!known) write('devices.json', [...devices, device]);
    say({ device, changed: !known });
  },
  devices: () => say({ devices: read('devices.json') ?? [] }),
  'self-test': () => say({ ok: true, version: VERSION, node: process.versions.node, secp256k1: 'noble', checks: [{ name: 'stand-in', ok: true, detail: '' }] }),
  run() {
    const id = identity();
    const started = Date.now();
    const pipe = createServer((socket) => socket.end(JSON.stringify({ agentId: id.agentId, version: VERSION, pid: process.pid, uptimeMs: Date.now() - started, locked: true, trading: 'observing', flat: !existsSync(file('not-flat')), sessions: 0, term: 0, holdsTerm: false, rssBytes: process.memoryUsage().rss })));
    rmSync(file('agent.sock'), { force: true });
    pipe.listen(file('agent.sock'));
    const server = createServer((socket) => socket.destroy()).listen(id.port, () => say({ ready: true, pid: process.pid }));
    process.on('SIGTERM', () => { server.close(); pipe.close(() => process.exit(0)); });
  },
  status() {
    const socket = connect(file('agent.sock'));
    let text = '';
    socket.on('data', (d) => (text += d)).on('end', () => say(JSON.parse(text))).on('error', () => refuse('HS_NOT_RUNNING', 'no agent is running', 3));
  },
  measure() {
    const { samples = 20 } = stdin();
    const d = { n: samples, min: 1, p50: 2, p95: 3, max: 4 };
    say({ startedAt: Date.now(), venues: ['paradex', 'vest'].map((venue) => ({ venue, host: 'x', tcpConnect: d, tls: d, restWarm: d, failed: 0 })) });
  },
  purge() { rmSync(state, { recursive: true, force: true }); say({ purged: true, removed: [] }); },
};
if (!verbs[verb]) refuse('HS_OPTION', 'no such verb', 2);
verbs[verb]();
