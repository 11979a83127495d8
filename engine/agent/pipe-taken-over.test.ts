import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createNodeEnv } from '../node-env.ts';
import { startAgent } from './agent.ts';
import { createFakeDesk } from './fake-desk.test-helper.ts';
import { newSigningKey } from './keys.ts';
import { enterRaw } from './raw-client.test-helper.ts';

it('takes over the pipe a killed engine left behind, and none that is served', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hs-pipe-'));
  const pipe = join(folder, 'engine.sock');
  const cookie = Buffer.alloc(32, 5).toString('base64');
  const key = newSigningKey();
  const start = () =>
    startAgent({
      desk: createFakeDesk(),
      env: createNodeEnv(),
      pipePath: pipe,
      cookie,
      devicePublicKey: key.publicKey,
      agentId: 'test',
      version: '0.0.0',
    });
  const script = `require('node:net').createServer().listen(${JSON.stringify(pipe)}, () => console.log('on'))`;
  const killed = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => killed.stdout.once('data', resolve));
  await expect(start()).rejects.toMatchObject({ code: 'HS_PIPE_BUSY' });
  killed.kill('SIGKILL');
  await new Promise((resolve) => killed.once('close', resolve));
  expect((await stat(pipe)).isSocket()).toBe(true);
  const agent = await start();
  const client = await enterRaw(pipe, { key, cookie, role: 'operate' });
  client.socket.close();
  await agent.stop();
  await rm(folder, { recursive: true });
});
