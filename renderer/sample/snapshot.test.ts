import { expect, test } from 'vitest';
import { snapshotSchema } from '../../engine/protocol/model.ts';
import { alertsStateSchema } from '../../main/ipc/alert-schema.ts';
import { appStateSchema } from '../../main/ipc/schema.ts';
import { sampleAlerts } from './alerts.ts';
import { sampleApp, sampleSnapshot } from './snapshot.ts';

test('the sample fits the contract in all its variants, and is the same every time', () => {
  for (const fill of ['full', 'empty'] as const) {
    for (const orderClass of ['pro', 'retail'] as const) {
      expect(() => snapshotSchema.parse(sampleSnapshot({ fill, orderClass }))).not.toThrow();
    }
  }
  expect(sampleSnapshot()).toEqual(sampleSnapshot());
  expect(() => appStateSchema.parse(sampleApp())).not.toThrow();
  expect(() => alertsStateSchema.parse(sampleAlerts())).not.toThrow();
});
