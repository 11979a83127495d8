import {
  armingReportSchema,
  type ArmingLimits,
  type ArmingReport,
  type DisarmReason,
} from '../../engine/protocol/arming.ts';
import { HalfspreadError, toWireError } from '../../engine/protocol/errors.ts';
import type { Command } from '../../engine/protocol/messages.ts';
import type { Snapshot } from '../../engine/protocol/model.ts';
import { fromE8 } from '../text/numbers.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import type { ArmAttempt } from '../ipc/mode-schema.ts';
import type { Language } from '../ipc/schema.ts';
import type { IpcHandlers } from '../ipc/server.ts';
import type { Shell } from '../shell/ports.ts';
import { armingQuestion } from './arming-question.ts';

/** A person who answers later than this has seen figures of another market. */
const ANSWER_VALID_MS = 120_000;

export interface ArmingOptions {
  command(command: Command, authorize?: boolean): Promise<unknown>;
  /** Of the desk that runs. */
  snapshot(): Snapshot | undefined;
  isLinked(): boolean;
  confirm: Shell['confirm'];
  language(): Language;
  now(): number;
  onChange(): void;
  log(record: LogRecord): void;
}

export interface Arming {
  attempt(): ArmAttempt;
  isArmed(): boolean;
  /**
   * No entry any more. What is being asked of the person ends with it. While the engine cannot be reached the wish stays
   * and is sent as soon as it can.
   * @throws HalfspreadError HS_LINK_DOWN and others of the link: not disarmed yet
   */
  disarm(reason: DisarmReason): Promise<void>;
  /** Link or snapshot changed. */
  observe(): void;
  handlers: Pick<IpcHandlers, 'arm.check' | 'arm.begin' | 'arm.disarm'>;
}

/**
 * Arms and disarms a live desk. Arming takes a person twice: in the window, where the limits are typed, and outside of it
 * (`confirm`), where a page that was taken over has no hand. Only then is the command signed with this device's key.
 */
export function createArming(options: ArmingOptions): Arming {
  let attempt: ArmAttempt = { phase: 'idle' };
  /** Takes back what is being asked. */
  let asking = new AbortController();
  /** A disarm the engine has not heard of yet. */
  let wanted: DisarmReason | undefined;
  let isSending = false;

  function setAttempt(next: ArmAttempt): void {
    attempt = next;
    options.onChange();
  }

  const isArmed = () => options.snapshot()?.arming?.state === 'armed';

  async function check(): Promise<ArmingReport> {
    return armingReportSchema.parse(await options.command({ name: 'arming.check' }));
  }

  async function begin(limits: ArmingLimits, typedNotionalUsd: number): Promise<void> {
    if (attempt.phase === 'confirming' || attempt.phase === 'arming') throw underWay();
    const desk = options.snapshot()?.desk;
    if (desk?.mode !== 'live' || isArmed()) throw notToArm(desk?.mode === 'live');
    if (typedNotionalUsd !== fromE8(limits.maxNotionalE8)) throw typedWrong();
    const { signal } = (asking = new AbortController());
    setAttempt({ phase: 'confirming', sinceAt: options.now() });
    try {
      const report = await check();
      refuseUnready(report);
      refuseWider(limits, report.limits);
      if (signal.aborted) throw calledOff();
      // The rest takes as long as the person does.
      void ask(signal, desk, limits, report);
    } catch (error) {
      setAttempt({ phase: 'idle' });
      throw error;
    }
  }

  async function ask(
    signal: AbortSignal,
    desk: Snapshot['desk'],
    limits: ArmingLimits,
    report: ArmingReport,
  ): Promise<void> {
    const askedAt = options.now();
    try {
      const question = armingQuestion(options.language(), desk, limits, report);
      const agreed = await options.confirm({ ...question, signal });
      if (signal.aborted) throw calledOff();
      if (!agreed) return setAttempt({ phase: 'declined', at: options.now() });
      if (options.now() - askedAt > ANSWER_VALID_MS) throw answeredLate();
      if (options.snapshot()?.desk.bootId !== desk.bootId) throw otherEngine();
      setAttempt({ phase: 'arming', sinceAt: options.now() });
      await options.command({ name: 'arm', limits }, true);
      setAttempt({ phase: 'idle' });
    } catch (error) {
      const { code } = toWireError(error);
      options.log({ level: 'warn', message: `live trading was not armed: ${code}`, detail: toWireError(error) });
      setAttempt({ phase: 'failed', at: options.now(), error: toWireError(error) });
    }
  }

  async function send(reason: DisarmReason): Promise<void> {
    isSending = true;
    try {
      await options.command({ name: 'disarm', reason });
      wanted = undefined;
    } finally {
      isSending = false;
    }
  }

  async function disarm(reason: DisarmReason): Promise<void> {
    asking.abort();
    if (options.snapshot()?.desk.mode !== 'live') return;
    wanted = reason;
    await send(reason);
  }

  return {
    attempt: () => attempt,
    isArmed,
    disarm,
    observe() {
      if (wanted === undefined || isSending || !options.isLinked()) return;
      // An engine that was started since came disarmed.
      if (!isArmed()) return void (wanted = undefined);
      send(wanted).catch((error: unknown) =>
        options.log({ level: 'error', message: 'the desk is not disarmed yet', detail: toWireError(error) }),
      );
    },
    handlers: {
      'arm.check': check,
      async 'arm.begin'({ limits, typedNotionalUsd }) {
        await begin(limits, typedNotionalUsd);
        return {};
      },
      async 'arm.disarm'() {
        await disarm('operator');
        return {};
      },
    },
  };
}

/** @throws HalfspreadError HS_ARM_CHECKS */
function refuseUnready({ checks }: ArmingReport): void {
  const failed = checks.filter(({ ok }) => !ok);
  if (failed.length === 0) return;
  throw new HalfspreadError(
    'HS_ARM_CHECKS',
    `Not armed: ${failed.map(({ detail }) => detail).join(' ')}`,
    'Mend what the checks name, then arm again.',
  );
}

/** @throws HalfspreadError HS_ARM_LIMITS */
function refuseWider(asked: ArmingLimits, config: ArmingLimits): void {
  const isWider =
    asked.maxNotionalE8 > config.maxNotionalE8 ||
    asked.maxUnhedgedMs > config.maxUnhedgedMs ||
    asked.maxDayLossE8 > config.maxDayLossE8;
  if (!isWider) return;
  throw new HalfspreadError(
    'HS_ARM_LIMITS',
    'Not armed: a limit is wider than the config allows.',
    'Limits can be made tighter here; wider ones are set in the config file.',
  );
}

function underWay(): HalfspreadError {
  return new HalfspreadError(
    'HS_ARM_UNDER_WAY',
    'Arming is under way already.',
    'Answer the question outside of this window, or decline it.',
  );
}

function notToArm(isLive: boolean): HalfspreadError {
  return isLive
    ? new HalfspreadError('HS_ARM_ARMED', 'The desk is armed already.', 'Disarm it first to change its limits.')
    : new HalfspreadError('HS_ARM_NOT_LIVE', 'No live desk runs: there is nothing to arm.', 'Choose live first.');
}

function typedWrong(): HalfspreadError {
  return new HalfspreadError(
    'HS_ARM_TYPED',
    'Not armed: what was typed is not the maximum notional per venue.',
    'Type the figure that is shown.',
  );
}

function calledOff(): HalfspreadError {
  return new HalfspreadError(
    'HS_ARM_CALLED_OFF',
    'Not armed: it was called off meanwhile (disarmed, screen locked or sleep).',
    'Arm again when you are back.',
  );
}

function answeredLate(): HalfspreadError {
  return new HalfspreadError(
    'HS_ARM_LATE',
    `Not armed: the question was answered after more than ${ANSWER_VALID_MS / 60_000} min.`,
    'Arm again, with the figures of now.',
  );
}

function otherEngine(): HalfspreadError {
  return new HalfspreadError(
    'HS_ARM_OTHER_ENGINE',
    'Not armed: the engine was started anew meanwhile.',
    'Look at its checks, then arm again.',
  );
}
