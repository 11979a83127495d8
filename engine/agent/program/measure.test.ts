import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { afterAll, expect, it } from 'vitest';
import { createNodeEnv } from '../../node-env.ts';
import { measureRequestSchema, measureResultSchema } from '../../protocol/agent-program.ts';
import { newTlsIdentity } from '../trust/certificate.ts';
import { measure } from './measure.ts';

const env = createNodeEnv();
const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) server.close().closeAllConnections();
  await env.close();
});

async function serve(answerAfterMs: number, secure = false): Promise<string> {
  const { keyPem: key, certificatePem: cert } = newTlsIdentity('127.0.0.1');
  const server = secure ? createHttpsServer({ key, cert }) : createHttpServer();
  server.on('request', (_request, response) => setTimeout(() => response.writeHead(404).end(), answerAfterMs));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return `${secure ? 'https' : 'http'}://127.0.0.1:${port}/v2`;
}

async function measured(paradexUrl: string, vestUrl: string, samples: number) {
  const request = {
    endpoints: {
      paradex: { network: 'custom', restUrl: paradexUrl, wsUrl: 'ws://127.0.0.1/v1' },
      vest: {
        network: 'custom',
        restUrl: vestUrl,
        wsUrl: 'ws://127.0.0.1/ws',
        verifyingContract: `0x${'0'.repeat(40)}`,
      },
    },
    samples,
  };
  const { venues } = measureResultSchema.parse(await measure(measureRequestSchema.parse(request), env));
  return { paradex: venues[0]!, vest: venues[1]! };
}

it('keeps its schedule when answers are slower than it, and counts each of them', async () => {
  const { paradex, vest } = await measured(await serve(700), await serve(0), 4);
  expect([paradex.restWarm.n, paradex.tcpConnect.n, paradex.tls.n, paradex.failed]).toEqual([4, 4, 0, 0]);
  expect(paradex.restWarm.min).toBeGreaterThan(690);
  // One after the other they would take 700 ms more each.
  expect(paradex.restWarm.max).toBeLessThan(2_000);
  expect(vest.restWarm.p50).toBeLessThan(paradex.restWarm.p50!);
  expect(vest.address).toBe('127.0.0.1');
});

it('says why a venue could not be measured and measures the other', async () => {
  // Nobody there, and one whose certificate no authority has signed.
  const { paradex, vest } = await measured('http://127.0.0.1:1/v1', await serve(0, true), 2);
  expect([paradex.restWarm.n, paradex.tcpConnect.n]).toEqual([0, 0]);
  expect(paradex.error?.message).toContain('ECONNREFUSED');
  expect(vest.restWarm.n).toBe(0);
  expect(vest.failed).toBeGreaterThan(0);
});
