import { expect, it } from 'vitest';
import type { DeployStepId } from '../ipc/site-schema.ts';
import type { DeployRecord } from './journal.ts';
import { changedAccordingTo } from './machine.ts';

const begin = (step: DeployStepId): DeployRecord => ({ kind: 'begin', step });
const end = (step: DeployStepId, outcome: 'done' | 'unchanged'): DeployRecord => ({ kind: 'end', step, outcome });

it('a resumed deploy knows what was changed, and starts an agent again whose service changed under it', () => {
  const records = [
    begin('install'),
    end('install', 'done'),
    begin('identity'),
    end('identity', 'unchanged'),
    begin('service'),
    end('service', 'done'),
  ];
  expect([...changedAccordingTo(records)]).toEqual(['install', 'service']);
  expect([...changedAccordingTo([...records, begin('start'), end('start', 'done')])]).toEqual(['start']);
});

it('a step that was begun and did not end may have changed something; a start is simply made again', () => {
  expect([...changedAccordingTo([begin('service')])]).toEqual(['service']);
  expect([...changedAccordingTo([begin('service'), end('service', 'done'), begin('start')])]).toEqual(['service']);
});
