import type { DeskPort, EngineFacts } from '../protocol/messages.ts';
import { loadNativeEcdsa } from '../venues/vest/ecdsa.ts';
import { ENGINE_VERSION } from '../version.ts';

/** A desk that also answers for the process it runs in. */
export function withFacts(desk: DeskPort): DeskPort {
  const secp256k1 = loadNativeEcdsa() ? 'native' : 'noble';
  return {
    snapshot: () => desk.snapshot(),
    onEvent: (listener) => desk.onEvent(listener),
    execute: (command) =>
      command.name === 'diagnose' ? Promise.resolve(processFacts(secp256k1)) : desk.execute(command),
  };
}

function processFacts(secp256k1: EngineFacts['secp256k1']): EngineFacts {
  const { node, v8, sqlite = '' } = process.versions;
  return {
    pid: process.pid,
    version: ENGINE_VERSION,
    node,
    v8,
    sqlite,
    platform: process.platform,
    arch: process.arch,
    uptimeMs: Math.round(process.uptime() * 1000),
    memoryBytes: process.memoryUsage.rss(),
    secp256k1,
  };
}
