/**
 * Opens connections to an agent that are never authenticated, so many a second for so long, from several loopback addresses,
 * of five kinds in turn. Reads {port, perSecond, seconds, sources} from standard input; prints a line
 * when it begins, and one JSON line of counts at the end.
 */
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { newTlsIdentity } from '../../engine/agent/trust/certificate.ts';
import { REMOTE_HOST } from '../../engine/protocol/handshake.ts';

const HELD_MS = 5_000;
const TICK_MS = 20;

let text = '';
for await (const chunk of process.stdin) text += String(chunk);
const { port, perSecond, seconds, sources } = JSON.parse(text) as {
  port: number;
  perSecond: number;
  seconds: number;
  sources: number;
};

const stranger = newTlsIdentity('Halfspread device');
const counts = { opened: 0, refused: 0, errors: 0 };
const kinds = [closeAtOnce, garbage, silent, tlsWithoutCertificate, tlsWithUnknownCertificate];

process.stdout.write('attacking\n');
const startedAtMs = performance.now();
const timer = setInterval(() => {
  const elapsedMs = Math.min(performance.now() - startedAtMs, seconds * 1000);
  // A late tick makes up for what it missed.
  while (counts.opened < (elapsedMs / 1000) * perSecond) open(counts.opened++);
  if (elapsedMs < seconds * 1000) return;
  clearInterval(timer);
  setTimeout(() => {
    process.stdout.write(`${JSON.stringify(counts)}\n`);
    process.exit(0);
  }, 500);
}, TICK_MS);

function open(index: number): void {
  const localAddress = `127.0.0.${2 + (index % sources)}`;
  kinds[index % kinds.length]!(localAddress);
}

function tcp(localAddress: string) {
  const socket = connectTcp({ host: '127.0.0.1', port, localAddress });
  socket.on('error', () => (counts.errors += 1));
  socket.on('close', () => (counts.refused += 1));
  socket.resume();
  setTimeout(() => socket.destroy(), HELD_MS).unref();
  return socket;
}

function closeAtOnce(localAddress: string): void {
  const socket = tcp(localAddress);
  socket.once('connect', () => socket.destroy());
}

function garbage(localAddress: string): void {
  const socket = tcp(localAddress);
  socket.once('connect', () => socket.write('GET / HTTP/1.1\r\nHost: agent\r\n\r\n'));
}

function silent(localAddress: string): void {
  tcp(localAddress);
}

function tlsWithoutCertificate(localAddress: string): void {
  handshake(localAddress, {});
}

function tlsWithUnknownCertificate(localAddress: string): void {
  handshake(localAddress, { key: stranger.keyPem, cert: stranger.certificatePem });
}

/** As an attacker does: whatever the server shows is good enough. The certificate is not looked at, nothing is sent. */
function handshake(localAddress: string, identity: { key?: string; cert?: string }): void {
  const socket = connectTls({
    socket: tcp(localAddress),
    servername: REMOTE_HOST,
    minVersion: 'TLSv1.3',
    ca: stranger.certificatePem,
    ...identity,
  });
  socket.on('error', () => (counts.errors += 1));
}
