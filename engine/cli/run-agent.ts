import { randomBytes, randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { startAgent, type Agent } from '../agent/agent.ts';
import { newSigningKey } from '../agent/keys.ts';
import type { Desk } from '../desk.ts';
import type { Env } from '../env.ts';
import { userFolders } from '../protocol/folders.ts';
import { ENGINE_VERSION } from '../version.ts';

/** Serves a desk run by the CLI on a private pipe, so that `halfspread status` can ask it from another terminal. */
export function startAgentForCli(desk: Desk, env: Env, dataFolder: string): Promise<Agent> {
  const id = randomUUID().slice(0, 8);
  const folder = userFolders(process.platform, process.env, homedir()).sockets;
  return startAgent({
    desk,
    env,
    pipePath: folder === undefined ? `\\\\.\\pipe\\halfspread-${id}` : join(folder, `${id}.sock`),
    cookie: randomBytes(32).toString('base64'),
    devicePublicKey: newSigningKey().publicKey,
    agentId: id,
    version: ENGINE_VERSION,
    dataFolder,
  });
}
