import { randomBytes } from 'node:crypto';
import { errorMessage } from '../../core/errors.ts';
import type { Env } from '../../env.ts';
import type { AgentReady, AgentStatus } from '../../protocol/agent-program.ts';
import { startDesk } from '../../start-desk.ts';
import { ENGINE_VERSION } from '../../version.ts';
import { openCommandLog } from '../command-log.ts';
import { createAgentCore } from '../core.ts';
import { serveRemotely } from '../remote/carrier.ts';
import { trustedDevice } from '../remote/trusted-device.ts';
import { createSealKey } from '../seal.ts';
import type { AuditRecord } from '../session.ts';
import { openAuditLog } from '../trust/audit-log.ts';
import { openTermStore } from '../trust/term-store.ts';
import { openTrustStore } from '../trust/trust-store.ts';
import { createAgentCommands } from './agent-commands.ts';
import { createAgentDesk } from './agent-desk.ts';
import { readSettings } from './settings.ts';
import { lockStateFolder, stateFolder } from './state-folder.ts';
import { serveStatus } from './status-pipe.ts';

export interface RunningAgent {
  ready: AgentReady;
  status(): AgentStatus;
  /** Closes what is open (bounded by the desk), says goodbye to the clients, gives the state folder free. */
  stop(reason: string): Promise<void>;
}

/** One JSON line of the service's log. */
export type Log = (line: Record<string, unknown>) => void;

/**
 * Runs the agent of a state folder: locked, because its keys were in the memory of the start before, if in any.
 * @throws HalfspreadError HS_AGENT_NOT_INITIALISED, HS_STATE_FILE, HS_AGENT_RUNNING, HS_PORT_BUSY, HS_LISTEN, HS_JOURNAL_CORRUPT
 */
export async function runAgent(root: string, env: Env, log: Log): Promise<RunningAgent> {
  const folder = stateFolder(root);
  const settings = await readSettings(root);
  const startedAtMs = env.clock.monotonicMs();
  const undo: (() => Promise<void>)[] = [];
  /** What was begun last ends first. */
  const undoAll = async (): Promise<void> => {
    for (const end of undo.splice(0).reverse()) await end();
  };
  const problem = (code: string) => (message: string) => log({ level: 'error', code, message });
  try {
    undo.push(await lockStateFolder(root));
    const auditLog = await openAuditLog(folder.audit, env, problem('HS_AUDIT_LOG'));
    undo.push(() => auditLog.close());
    const audit = (record: AuditRecord) => auditLog.write(record);
    const trust = await openTrustStore(root, env, problem('HS_TRUST_FILE'));
    undo.push(() => trust.close());
    const { agentId, signingKey } = trust.identity();
    const terms = await openTermStore(root, agentId);
    const commandLog = await openCommandLog(folder.commandLog, env);
    undo.push(() => commandLog.close());
    const desk = await createAgentDesk({
      folder,
      env,
      startDesk,
      onEvent: (event) => event.type === 'notice' && log({ ...event.notice }),
    });
    const bootId = randomBytes(16).toString('base64url');
    const sealKey = createSealKey();
    const core = createAgentCore({
      desk,
      env,
      agentId,
      signingKey,
      deviceOf: (deviceId) => trustedDevice(trust, deviceId),
      standing: () => ({ term: terms.current().term, seal: { key: sealKey.publicKey, bootId } }),
      execute: createAgentCommands({ agentId, bootId, stateFolder: root, env, desk, trust, terms, sealKey, audit }),
      durableIds: commandLog,
      audit,
    });
    desk.onReplaced(() => core.deskReplaced());
    const carrier = await serveRemotely({ core, env, trust, audit, ...settings });
    undo.push(() => carrier.stop());
    const status = (): AgentStatus => {
      const { trading, desk: info } = desk.snapshot();
      const { term } = terms.current();
      return {
        agentId,
        version: ENGINE_VERSION,
        pid: process.pid,
        uptimeMs: Math.round(env.clock.monotonicMs() - startedAtMs),
        locked: desk.isLocked(),
        trading,
        mode: desk.isLocked() ? undefined : info.mode,
        flat: desk.isFlat(),
        sessions: core.sessions().filter(({ authenticated }) => authenticated).length,
        term,
        holdsTerm: terms.mayTrade(),
        rssBytes: process.memoryUsage.rss(),
      };
    };
    undo.push(await serveStatus(folder.statusPipe, status));
    audit({ event: 'changed', detail: `started, version ${ENGINE_VERSION}` });
    return {
      ready: {
        ready: true,
        agentId,
        spkiPin: trust.tls().spkiPin,
        listen: settings.listen,
        port: carrier.port,
        pid: process.pid,
        version: ENGINE_VERSION,
        locked: true,
      },
      status,
      async stop(reason) {
        audit({ event: 'changed', detail: `stopping: ${reason}` });
        await desk.close(reason);
        await core.stop();
        await undoAll();
      },
    };
  } catch (error) {
    await undoAll().catch((cause: unknown) => problem('HS_STOP_FAILED')(errorMessage(cause)));
    throw error;
  }
}
