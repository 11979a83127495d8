import { expect, it } from 'vitest';
import { createSealKey } from '../../engine/agent/seal.ts';
import { seal } from './seal.ts';

const context = { agentId: 'agent', bootId: 'boot', deviceId: 'device' };

it('seals what the agent’s own side opens, for this agent, start and device alone', () => {
  const key = createSealKey();
  const sealed = seal(Buffer.from('{"keys":"secret"}'), key.publicKey, context);
  expect(JSON.stringify(sealed)).not.toContain('secret');
  expect(key.open(sealed, context).toString()).toBe('{"keys":"secret"}');
  expect(() => key.open(sealed, { ...context, deviceId: 'other' })).toThrow(
    expect.objectContaining({ code: 'HS_SEAL' }),
  );
});

it('refuses what would not fit into one message', () => {
  expect(() => seal(Buffer.alloc(200 * 1024), createSealKey().publicKey, context)).toThrow(
    expect.objectContaining({ code: 'HS_SEAL_TOO_LARGE' }),
  );
});
