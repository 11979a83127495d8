import type { DeployStepId, Saying } from '../ipc/site-schema.ts';
import type { DeployContext, StepReport } from './context.ts';

/** A running agent does not notice that one of these changed: it is started again. */
export const RESTART_AFTER: readonly DeployStepId[] = ['install', 'identity', 'service'];

/** Whether a step has anything to do. */
export interface Check {
  done: boolean;
  detail?: readonly Saying[] | undefined;
}

/** What a step did. */
export interface Applied {
  changed: boolean;
  detail?: readonly Saying[] | undefined;
}

/**
 * One step of a deploy. Every part looks at the server itself, so that a step can be run again after anything: `check` says
 * whether it is done already, `apply` does it, and `check` again (or `verify`) proves it.
 */
export interface DeployStep {
  id: DeployStepId;
  /** Probes only look: they are made in every run, also of an undo where it needs what they find. */
  kind: 'probe' | 'change';
  check(context: DeployContext): Promise<Check>;
  apply(context: DeployContext, report: StepReport): Promise<Applied>;
  /** Throws unless it is as it should be after `apply`. */
  verify(context: DeployContext): Promise<void>;
  /** Takes it back and says what is proven gone. Only for a site that did not exist before this deploy. */
  undo?(context: DeployContext): Promise<Saying[]>;
}

/** A step that only looks; `find` returns what to say about it. */
export function probe(
  id: DeployStepId,
  find: (context: DeployContext, report: StepReport) => Promise<readonly Saying[]>,
): DeployStep {
  return {
    id,
    kind: 'probe',
    check: () => Promise.resolve({ done: false }),
    apply: async (context, report) => ({ changed: false, detail: await find(context, report) }),
    verify: () => Promise.resolve(),
  };
}
