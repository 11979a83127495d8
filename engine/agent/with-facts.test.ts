import { expect, it } from 'vitest';
import { engineFactsSchema } from '../protocol/messages.ts';
import { createFakeDesk } from './fake-desk.test-helper.ts';
import { withFacts } from './with-facts.ts';

it('answers for its process, and leaves every other command to the desk', async () => {
  const desk = createFakeDesk();
  const served = withFacts(desk);
  const facts = engineFactsSchema.parse(await served.execute({ name: 'diagnose' }));
  expect(facts).toMatchObject({ pid: process.pid, node: process.versions.node });
  expect(facts.memoryBytes).toBeGreaterThan(1e6);
  await served.execute({ name: 'pause' });
  expect(desk.executed).toEqual([{ name: 'pause' }]);
  expect(served.snapshot().trading).toBe('paused');
});
