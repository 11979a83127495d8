import { HalfspreadError } from '../../core/errors.ts';
import type { Env } from '../../env.ts';
import type { Command } from '../../protocol/messages.ts';
import { parseStrictJson } from '../../protocol/strict-json.ts';
import { unlockContentSchema, type UnlockContent } from '../../protocol/unlock.ts';
import type { SealKey } from '../seal.ts';
import type { AuditRecord } from '../session.ts';
import { ROTATION_OVERLAP_MS, rotateIdentity } from '../trust/identity.ts';
import type { TermStore } from '../trust/term-store.ts';
import { withTrustLock } from '../trust/trust-lock.ts';
import type { TrustStore } from '../trust/trust-store.ts';
import type { AgentDesk } from './agent-desk.ts';

/** A desk's config and the venues' description nest deeper than a message. */
const MAX_CONTENT_DEPTH = 32;

export interface CommandedAgent {
  agentId: string;
  /** Of this start: what is sealed names it. */
  bootId: string;
  stateFolder: string;
  env: Pick<Env, 'clock'>;
  desk: AgentDesk;
  trust: TrustStore;
  terms: TermStore;
  sealKey: SealKey;
  audit(record: AuditRecord): void;
}

/** Carries out what is the agent's own affair, and hands the rest to its desk. */
export function createAgentCommands(agent: CommandedAgent): (command: Command, deviceId: string) => Promise<unknown> {
  const { desk, terms, trust, audit, env } = agent;

  function openContent(command: Extract<Command, { name: 'unlock' }>, deviceId: string): UnlockContent {
    const { agentId, bootId, sealKey } = agent;
    const plain = sealKey.open(command.sealed, { agentId, bootId, deviceId });
    const parsed = unlockContentSchema.safeParse(parseStrictJson(plain.toString('utf8'), MAX_CONTENT_DEPTH));
    // The keys are in `parsed` now; of this copy at least nothing is left.
    plain.fill(0);
    if (parsed.success) return parsed.data;
    // The issue names the field, never its value.
    const [issue] = parsed.error.issues;
    throw new HalfspreadError(
      'HS_UNLOCK_CONTENT',
      `What the agent was to start is not complete (${issue?.path.join('.') ?? 'content'}: ${issue?.code ?? 'wrong'}).`,
      'Use the same version of Halfspread on both sides.',
    );
  }

  return async (command, deviceId) => {
    switch (command.name) {
      case 'unlock': {
        const content = openContent(command, deviceId);
        const granted = { term: content.term, holder: agent.agentId };
        await desk.unlock(content.desk, () => terms.note(granted));
        audit({ event: 'changed', detail: `unlocked: ${content.desk.mode}, term ${content.term}`, deviceId });
        return { mode: content.desk.mode, term: content.term };
      }
      case 'lock':
        await desk.lock('The operator locked the agent.');
        audit({ event: 'changed', detail: 'locked', deviceId });
        return { flat: desk.isFlat() };
      case 'term.set':
        await terms.note(command.granted);
        audit({ event: 'changed', detail: `term ${command.granted.term}: ${command.granted.holder}`, deviceId });
        // Another engine trades from now on: no entry here any more; what is open is still closed and looked after.
        if (!terms.mayTrade() && !desk.isLocked()) await desk.execute({ name: 'pause' });
        return terms.current();
      case 'agent.pins': {
        const { certificatePem, spkiPin } = trust.tls();
        const { next } = trust.identity();
        const isWaiting = next !== undefined && next.spkiPin !== spkiPin;
        return {
          spkiPin,
          certificatePem,
          ...(isWaiting && {
            next: { spkiPin: next.spkiPin, certificatePem: next.certificatePem, activeAt: next.activeAt },
          }),
        };
      }
      case 'agent.rotate': {
        const nowMs = env.clock.wallMs();
        const activeAt = nowMs + ROTATION_OVERLAP_MS;
        const { next } = await withTrustLock(agent.stateFolder, () =>
          rotateIdentity(agent.stateFolder, nowMs, activeAt),
        );
        await trust.reload();
        audit({ event: 'changed', detail: 'agent certificate rotated', deviceId });
        return { spkiPin: next?.spkiPin, certificatePem: next?.certificatePem, activeAt };
      }
      case 'device.rotate':
        await trust.rotateDevice(deviceId, command.certificatePem);
        audit({ event: 'changed', detail: 'device certificate rotated', deviceId });
        return {};
      case 'start':
      case 'arm':
        if (!terms.mayTrade()) throw termNotHeld(terms.current().holder);
        return desk.execute(command);
      case 'pause':
      case 'stop':
      case 'closeAll':
      case 'disarm':
      case 'arming.check':
      case 'trades.list':
      case 'ledger':
      case 'spikes.sensitivity':
      case 'diagnose':
        return desk.execute(command);
    }
  };
}

function termNotHeld(holder: string): HalfspreadError {
  return new HalfspreadError(
    'HS_TERM_NOT_HELD',
    `This engine only reads: the right to trade was given to ${holder === '' ? 'no engine yet' : `"${holder}"`}.`,
    'Two engines never trade at once. Stop the other one and hand over from the Sites page.',
  );
}
