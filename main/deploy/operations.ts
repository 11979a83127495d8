import { randomUUID } from 'node:crypto';
import { HalfspreadError, toWireError } from '../../engine/protocol/errors.ts';
import type { HostKeyAsked, Operation, OperationStep, OperationStepId, Saying } from '../ipc/site-schema.ts';
import type { DeployPorts } from './ports.ts';
import { redactLine, redactSaying } from './redact.ts';
import { inEnglish } from '../text/saying.ts';

/** What a piece of work on a site is given. */
export interface Run {
  signal: AbortSignal;
  emit(progress: OperationStep): void;
  /** For the log. */
  say(said: Saying): void;
}

/** What it says at its end. */
export type Ended = Pick<Operation, 'summary' | 'isUnchanged' | 'gone' | 'saidGone' | 'look'>;

export interface OperationSpec extends Pick<Operation, 'site' | 'kind' | 'action' | 'target' | 'request' | 'usual'> {
  steps: readonly OperationStepId[];
}

export interface OperationsOptions {
  nowMs(): number;
  /** Something changed: read `list()` and `questions()`. */
  onChange(): void;
  /** Called before the operation leaves the running ones. */
  beforeEnd(operation: Operation): Promise<void>;
  onEnded(operation: Operation): void;
}

/** Work on sites, one at a time for each; questions to a person; what ended last. */
export interface Operations {
  /** Starts work in the background. @throws HalfspreadError HS_DEPLOY_RUNNING */
  begin(spec: OperationSpec, work: (run: Run) => Promise<Ended>): { operationId: string };
  isRunning(site: string): boolean;
  /** Asks it to stop between two steps. */
  stop(site: string): void;
  list(): Operation[];
  questions(): HostKeyAsked[];
  confirmHostKey: NonNullable<DeployPorts['confirmHostKey']>;
  answer(questionId: string, accept: boolean): void;
  /** Takes one that ended from view. */
  dismiss(operationId: string): void;
  /** Stops everything and waits for it. */
  stopAll(): Promise<void>;
}

/** Operations that ended and stay in view. */
const KEPT_ENDED = 10;
const KEPT_LINES = 200;

interface Running {
  operation: Operation;
  stopping: AbortController;
  done: Promise<void>;
}

export function createOperations(options: OperationsOptions): Operations {
  const running = new Map<string, Running>();
  const questions = new Map<string, { asked: HostKeyAsked; answer: (accept: boolean) => void }>();
  let ended: Operation[] = [];

  const confirmHostKey: Operations['confirmHostKey'] = (question) =>
    new Promise((resolve) => {
      const id = randomUUID();
      const signal = running.get(question.site)?.stopping.signal;
      const answer = (accept: boolean) => {
        questions.delete(id);
        signal?.removeEventListener('abort', refuse);
        options.onChange();
        resolve(accept);
      };
      const refuse = () => answer(false);
      signal?.addEventListener('abort', refuse, { once: true });
      questions.set(id, { asked: { id, ...question }, answer });
      options.onChange();
    });

  function begin(spec: OperationSpec, work: (run: Run) => Promise<Ended>): { operationId: string } {
    const { site, steps, ...rest } = spec;
    if (running.has(site)) {
      throw new HalfspreadError(
        'HS_DEPLOY_RUNNING',
        `Something works on "${site}" already.`,
        'Wait until it is over, or stop it.',
      );
    }
    const operation: Operation = {
      ...rest,
      id: randomUUID(),
      site,
      state: 'running',
      startedAt: options.nowMs(),
      steps: steps.map((step) => ({ step, state: 'waiting', elapsedMs: 0 })),
      log: [],
    };
    const stopping = new AbortController();
    const done = carryOut(operation, work, stopping.signal);
    running.set(site, { operation, stopping, done });
    options.onChange();
    return { operationId: operation.id };
  }

  async function carryOut(
    operation: Operation,
    work: (run: Run) => Promise<Ended>,
    signal: AbortSignal,
  ): Promise<void> {
    const tell = (text: string, said: readonly Saying[] | undefined, step?: OperationStepId): void => {
      const line = {
        at: options.nowMs(),
        text: redactLine(text),
        ...(said && { said: said.map(redactSaying) }),
        ...(step && { step }),
      };
      operation.log = [...(operation.log ?? []), line].slice(-KEPT_LINES);
      options.onChange();
    };
    const emit = (progress: OperationStep): void => {
      const before = operation.steps.find(({ step }) => step === progress.step);
      operation.steps = operation.steps.map((step) => (step.step === progress.step ? progress : step));
      const isNews = progress.detail !== undefined && progress.detail !== before?.detail;
      if (isNews) tell(progress.detail ?? '', progress.said, progress.step);
      else options.onChange();
    };
    const say = (said: Saying): void => tell(inEnglish([said]), [said]);
    try {
      // Not before `begin` has returned: it is on the list of the running ones first.
      await Promise.resolve();
      Object.assign(operation, await work({ signal, emit, say }), { state: 'done' });
    } catch (error) {
      Object.assign(operation, { state: signal.aborted ? 'stopped' : 'failed', error: toWireError(error) });
    }
    operation.endedAt = options.nowMs();
    await options.beforeEnd(operation);
    running.delete(operation.site);
    ended = [operation, ...ended.filter(({ site }) => site !== operation.site)].slice(0, KEPT_ENDED);
    options.onChange();
    options.onEnded(operation);
  }

  return {
    begin,
    isRunning: (site) => running.has(site),
    stop: (site) => running.get(site)?.stopping.abort(new Error('stopped')),
    list: () => [...[...running.values()].map(({ operation }) => operation), ...ended],
    questions: () => [...questions.values()].map(({ asked }) => asked),
    confirmHostKey,
    answer: (id, accept) => questions.get(id)?.answer(accept),
    dismiss(operationId) {
      ended = ended.filter(({ id }) => id !== operationId);
      options.onChange();
    },
    async stopAll() {
      for (const { stopping } of running.values()) stopping.abort(new Error('Halfspread is ending'));
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}
