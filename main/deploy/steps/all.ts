import type { DeployStep } from '../step.ts';
import { installStep, serviceStep, uploadStep } from './files.ts';
import { enrolStep, measureStep, recordStep } from './finish.ts';
import { credentialsStep, deskStep, hostKeyStep, loginStep, preflightStep } from './probes.ts';
import { healthStep, identityStep, selfTestStep, startStep, switchStep } from './running.ts';
import { runtimeStep } from './runtime.ts';

/** A deploy, in order. An upgrade is the same: what is there already is found to be done. */
export const DEPLOY_STEPS: readonly DeployStep[] = [
  deskStep,
  credentialsStep,
  hostKeyStep,
  loginStep,
  preflightStep,
  runtimeStep,
  uploadStep,
  installStep,
  identityStep,
  selfTestStep,
  serviceStep,
  switchStep,
  startStep,
  healthStep,
  enrolStep,
  measureStep,
  recordStep,
];
