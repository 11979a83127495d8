import { isIP } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { HalfspreadError } from '../../core/errors.ts';
import { readStateFile, writeStateFile } from '../trust/state-file.ts';

export const SETTINGS_FILE = 'agent.json';
export const DEFAULT_LISTEN = '0.0.0.0';

const settingsSchema = z.strictObject({
  version: z.literal(1),
  port: z.number().int().min(1).max(65_535),
  listen: z.string().max(64),
});

export interface AgentSettings {
  port: number;
  /** Address of this machine: "0.0.0.0" and "::" are all of them. */
  listen: string;
}

/** @throws HalfspreadError HS_STATE_FILE, HS_AGENT_NOT_INITIALISED */
export async function readSettings(stateFolder: string): Promise<AgentSettings> {
  const file = await readStateFile(join(stateFolder, SETTINGS_FILE), settingsSchema);
  if (file) return { port: file.port, listen: file.listen };
  throw new HalfspreadError(
    'HS_AGENT_NOT_INITIALISED',
    `${stateFolder} holds no agent's settings.`,
    'Run `init --state DIR --port P` first, or name the right folder.',
  );
}

export function writeSettings(stateFolder: string, { port, listen }: AgentSettings): Promise<void> {
  return writeStateFile(join(stateFolder, SETTINGS_FILE), settingsSchema, { version: 1, port, listen });
}

/** @throws HalfspreadError HS_OPTION_PORT, HS_OPTION_LISTEN */
export function parseSettings(port: string, listen: string): AgentSettings {
  const number = Number(port);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) {
    throw new HalfspreadError('HS_OPTION_PORT', `--port "${port}" is no port.`, 'Give a number from 1 to 65535.');
  }
  if (isIP(listen) === 0) {
    throw new HalfspreadError(
      'HS_OPTION_LISTEN',
      `--listen "${listen}" is no IP address.`,
      'Give an address of this machine, or 0.0.0.0 for all.',
    );
  }
  return { port: number, listen };
}
