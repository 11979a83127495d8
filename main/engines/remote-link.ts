import { z } from 'zod';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import type { Hello } from '../../engine/protocol/messages.ts';
import { pinnedCertificateSchema, type PinnedCertificate } from '../../engine/protocol/pins.ts';
import { unlockContentSchema, type UnlockContentInput } from '../../engine/protocol/unlock.ts';
import { linkDown, maintainLink, type EngineLink, type LinkHandlers } from './link.ts';
import { remoteCarrier, type RemoteTarget } from './remote-carrier.ts';
import { seal } from './seal.ts';

/** Answer of the command `agent.pins`. */
const agentPinsSchema = pinnedCertificateSchema.extend({
  next: pinnedCertificateSchema.extend({ activeAt: z.number() }).optional(),
});

export interface RemoteLinkHandlers extends Omit<LinkHandlers, 'onReady'> {
  /** Highest protocol agreed so far: to be kept, and given as `lowestProtocol` from then on. */
  onProtocol?(protocol: number): void;
  /** The certificates the agent shows now and, during a rotation, next: to be kept in place of the former ones. */
  onPins?(pins: PinnedCertificate[]): void;
  /** `agent.pins` or a rotation went wrong; the link itself goes on. */
  onProblem?(error: unknown): void;
}

/** What an agent said of itself in the HELLO of the present connection; its signature covers it. */
export interface AgentStanding {
  agentId: string;
  term: number;
  /** Trading state when the connection was made; the snapshot has the present one. */
  state: string;
}

export interface RemoteEngineLink extends EngineLink {
  /** Undefined while there is no connection. */
  agent(): AgentStanding | undefined;
  /**
   * Seals what the desk starts on, keys included, for this start of the agent, and sends it signed by this device. Only for
   * what a person has confirmed, or had confirmed when the agent was unlocked before.
   * @throws HalfspreadError HS_LINK_DOWN, HS_SEAL_TOO_LARGE, HS_TERM_OLD, HS_AGENT_UNLOCKED, or why the desk cannot start
   */
  unlock(content: UnlockContentInput): Promise<unknown>;
}

/**
 * Connects to an agent on a server and stays connected: the same as the local link, over TLS 1.3 with both certificates
 * pinned. `state().error` says why not: HS_LINK_WRONG_PIN, HS_LINK_WRONG_ENGINE (its signing key), HS_LINK_REVOKED,
 * HS_LINK_NOT_ENROLLED, HS_LINK_VERSION, HS_LINK_SESSIONS, HS_LINK_TLS, HS_LINK_UNREACHABLE.
 */
export function connectRemoteEngine(target: RemoteTarget, handlers: RemoteLinkHandlers): RemoteEngineLink {
  /** Its own copy: pins are added while it runs. */
  const known: RemoteTarget = { ...target, serverPins: [...target.serverPins] };
  let hello: Hello | undefined;

  const link = maintainLink(remoteCarrier(known), {
    ...handlers,
    onState(state) {
      if (state.state !== 'ready') hello = undefined;
      handlers.onState(state);
    },
    onReady(ready) {
      hello = ready.hello;
      if (ready.protocol > (known.lowestProtocol ?? 0)) {
        known.lowestProtocol = ready.protocol;
        handlers.onProtocol?.(ready.protocol);
      }
      learnPins().catch((error: unknown) => handlers.onProblem?.(error));
    },
  });

  async function learnPins(): Promise<void> {
    const { next, ...shown } = agentPinsSchema.parse(await link.command({ name: 'agent.pins' }));
    const pins = next ? [shown, { spkiPin: next.spkiPin, certificatePem: next.certificatePem }] : [shown];
    const names = (list: PinnedCertificate[]) => list.map(({ spkiPin }) => spkiPin).join(' ');
    if (names(pins) === names(known.serverPins)) return;
    known.serverPins = pins;
    handlers.onPins?.(pins);
  }

  return {
    ...link,
    agent: () => hello && { agentId: hello.agentId, term: hello.term, state: hello.state },
    async unlock(content) {
      if (!hello) throw linkDown();
      const { agentId, seal: to } = hello;
      if (!to) throw notAnAgent();
      const plain = Buffer.from(JSON.stringify(unlockContentSchema.parse(content)));
      const { deviceId } = target.identity;
      const sealed = seal(plain, to.key, { agentId, bootId: to.bootId, deviceId });
      plain.fill(0);
      return link.command({ name: 'unlock', sealed }, true);
    },
  };
}

function notAnAgent(): HalfspreadError {
  return new HalfspreadError(
    'HS_NOT_AN_AGENT',
    'The engine on this link cannot be unlocked: it offers no key to seal to.',
    'Use the same version of Halfspread on both sides.',
  );
}
