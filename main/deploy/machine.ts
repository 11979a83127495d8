import { HalfspreadError, toWireError } from '../../engine/protocol/errors.ts';
import { deployStepIds, type DeployStepId, type Saying, type StepProgress } from '../ipc/site-schema.ts';
import type { DeployContext, StepReport } from './context.ts';
import type { DeployJournal, DeployRecord } from './journal.ts';
import { demandGone } from './operate.ts';
import { lookAtHost } from './steps/probes.ts';
import { RESTART_AFTER, type DeployStep } from './step.ts';
import { inEnglish, saying } from '../text/saying.ts';
import { told, toldError } from './told.ts';

export type EmitProgress = (progress: StepProgress) => void;

/** What a run did, step by step. */
export interface RunOutcome {
  changed: DeployStepId[];
  timings: { step: DeployStepId; ms: number }[];
}

/**
 * Runs the steps in order, with a journal record before and after each. A step that is done already changes nothing.
 * @param changed steps changed so far, also before a resume; grows
 * @throws what a step failed with (recorded), or HS_DEPLOY_STOPPED when the signal was aborted
 */
export async function runSteps(
  steps: readonly DeployStep[],
  context: DeployContext,
  journal: DeployJournal,
  changed: Set<DeployStepId>,
  emit: EmitProgress,
): Promise<RunOutcome> {
  const outcome: RunOutcome = { changed: [], timings: [] };
  for (const step of steps) {
    const startedMs = performance.now();
    const elapsed = () => Math.round(performance.now() - startedMs);
    await journal.append({ kind: 'begin', step: step.id });
    emit({ step: step.id, state: 'running', elapsedMs: 0 });
    try {
      context.signal.throwIfAborted();
      const { isChange, detail } = await runStep(step, context, reporter(step.id, elapsed, emit));
      await journal.append({
        kind: 'end',
        step: step.id,
        outcome: isChange ? 'done' : 'unchanged',
        detail: detail && inEnglish(detail).slice(0, 1_000),
      });
      if (isChange) {
        outcome.changed.push(step.id);
        noteChange(changed, step.id);
      }
      outcome.timings.push({ step: step.id, ms: elapsed() });
      const state = isChange || step.kind === 'probe' ? 'done' : 'unchanged';
      emit({ step: step.id, state, elapsedMs: elapsed(), ...told(detail) });
    } catch (error) {
      throw await failed(step.id, error, context, journal, elapsed(), emit);
    }
  }
  return outcome;
}

async function runStep(
  step: DeployStep,
  context: DeployContext,
  report: StepReport,
): Promise<{ isChange: boolean; detail: readonly Saying[] | undefined }> {
  const { done, detail } = await step.check(context);
  if (done) return { isChange: false, detail };
  const applied = await step.apply(context, report);
  await step.verify(context);
  return { isChange: applied.changed, detail: applied.detail ?? detail };
}

async function failed(
  step: DeployStepId,
  error: unknown,
  context: DeployContext,
  journal: DeployJournal,
  elapsedMs: number,
  emit: EmitProgress,
): Promise<unknown> {
  if (context.signal.aborted) {
    await journal.append({ kind: 'stopped', step });
    emit({ step, state: 'failed', elapsedMs, ...told([saying('stopped')]) });
    return stoppedError(step);
  }
  const wire = toWireError(error);
  await journal.append({ kind: 'failed', step, error: { ...wire, message: wire.message.slice(0, 2_000) } });
  emit({ step, state: 'failed', elapsedMs, ...toldError(wire) });
  return error;
}

/**
 * Undoes what the journal says was begun, last first, on a site that did not exist before; the probes an undo needs are made
 * anew. Every undo proves itself, and a last look proves the whole.
 * @returns what is gone
 */
export async function undoSteps(
  steps: readonly DeployStep[],
  context: DeployContext,
  journal: DeployJournal,
  emit: EmitProgress,
): Promise<Saying[]> {
  const begun = new Set(journal.records.flatMap((record) => (record.kind === 'begin' ? [record.step] : [])));
  const reachesHost = begun.has('login');
  const gone: Saying[] = [];
  if (reachesHost) await reachHost(steps, context);
  for (const step of [...steps].reverse()) {
    if (!step.undo || !begun.has(step.id)) continue;
    if (!reachesHost && step.id !== 'hostKey') continue;
    const startedMs = performance.now();
    await journal.append({ kind: 'undoBegin', step: step.id });
    emit({ step: step.id, state: 'undoing', elapsedMs: 0 });
    const proven = await step.undo(context);
    await journal.append({ kind: 'undoEnd', step: step.id, gone: proven.map((what) => inEnglish([what])) });
    const known = new Set(gone.map((what) => inEnglish([what])));
    gone.push(...proven.filter((what) => !known.has(inEnglish([what]))));
    emit({
      step: step.id,
      state: 'undone',
      elapsedMs: Math.round(performance.now() - startedMs),
      ...told(proven),
    });
  }
  if (reachesHost && begun.has('install')) {
    await demandGone(context.host, context.layout);
    gone.push(saying('gone.proven'));
  }
  return gone;
}

/** Host key, login, and a look that judges nothing. */
async function reachHost(steps: readonly DeployStep[], context: DeployContext): Promise<void> {
  const report: StepReport = { detail: () => undefined, bytes: () => undefined };
  for (const id of ['credentials', 'hostKey', 'login'] as const) {
    await steps.find((step) => step.id === id)?.apply(context, report);
  }
  await lookAtHost(context);
}

/** Steps changed according to a journal: what a resumed run must know of the runs before. */
export function changedAccordingTo(records: readonly DeployRecord[]): Set<DeployStepId> {
  const changed = new Set<DeployStepId>();
  for (const record of records) {
    if (record.kind === 'end' && record.outcome === 'done') noteChange(changed, record.step);
  }
  // Begun and not ended: it may have changed something. A start that did not end is made again.
  for (const step of begunOnly(records)) if (step !== 'start') noteChange(changed, step);
  return changed;
}

/** The step a journal ends in the middle of, if any. */
function begunOnly(records: readonly DeployRecord[]): DeployStepId[] {
  const last = records.findLast((record) => record.kind === 'begin');
  if (last?.kind !== 'begin') return [];
  const ended = records
    .slice(records.lastIndexOf(last))
    .some((record) => record.kind === 'end' && record.step === last.step);
  return ended ? [] : [last.step];
}

/** Once it has been started again, an agent runs with what was changed before. */
function noteChange(changed: Set<DeployStepId>, step: DeployStepId): void {
  if (step === 'start') {
    for (const before of RESTART_AFTER) changed.delete(before);
  }
  changed.add(step);
}

function reporter(step: DeployStepId, elapsed: () => number, emit: EmitProgress): StepReport {
  let latest: readonly Saying[] | undefined;
  return {
    detail(...said) {
      latest = said;
      emit({ step, state: 'running', elapsedMs: elapsed(), ...told(latest) });
    },
    bytes(bytesDone, bytesTotal, remainingMs) {
      emit({ step, state: 'running', elapsedMs: elapsed(), ...told(latest), bytesDone, bytesTotal, remainingMs });
    },
  };
}

export function stoppedError(step: DeployStepId): HalfspreadError {
  return new HalfspreadError(
    'HS_DEPLOY_STOPPED',
    `Stopped at step ${deployStepIds.indexOf(step) + 1} of ${deployStepIds.length} ("${step}"). What was done so far is kept, on the server and in the journal.`,
    'Go on with --resume, or take everything back with --cancel.',
  );
}
