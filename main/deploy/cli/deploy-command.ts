import { join } from 'node:path';
import type { DeployRequest } from '../../ipc/site-schema.ts';
import { packAgent } from '../bundle.ts';
import { deploy, requestToResume, undoDeploy } from '../deploy.ts';
import { planDeploy } from '../plan.ts';
import type { DeployPorts } from '../ports.ts';
import { checkRequest, suggestedName } from '../request.ts';
import { EXIT } from './exit.ts';
import { cliPorts } from './ports.ts';
import { progressPrinter } from './progress.ts';
import { askLoginSecrets, rememberSecrets, stopOnInterrupt, type LoginOptions } from './run.ts';
import { isTerminal, printJson, say } from './terminal.ts';

export interface DeployCommandOptions extends LoginOptions {
  user: string;
  port: number;
  identity?: string;
  jump?: string;
  prefix?: string;
  fingerprint: string[];
  name?: string;
  agentPort: number;
  adopt: boolean;
  override: boolean;
  dryRun: boolean;
  resume: boolean;
  cancel: boolean;
  mirror?: string;
  samples?: number;
}

/** `halfspread deploy HOST`. @returns the exit code @throws HalfspreadError */
export async function deployCommand(host: string, options: DeployCommandOptions): Promise<number> {
  const name = options.name ?? suggestedName(host);
  const request = checkRequest({
    name,
    host,
    port: options.port,
    user: options.user,
    jump: options.jump,
    identityFile: options.identity,
    prefix: options.prefix,
    agentPort: options.agentPort,
    fingerprints: options.fingerprint,
    adopt: options.adopt,
  });
  const given = options.dryRun ? new Map<string, string>() : await askLoginSecrets(name, options);
  const { secretsFile, mirror, samples } = options;
  const ports = await cliPorts({ secretsFile, mirror, samples, given });
  if (options.dryRun) return printPlan(request, ports, options.json);
  if (options.cancel) return undo(name, ports, options.json);
  if (options.remember) await rememberSecrets(ports, given);
  const resumed = options.resume ? await requestToResume(ports.folder, name) : undefined;
  const printer = progressPrinter(isTerminal() && !options.json);
  const startedMs = performance.now();
  try {
    const result = await deploy(resumed?.request ?? request, resumed?.operation ?? 'deploy', {
      ports,
      signal: stopOnInterrupt(),
      emit: (progress) => printer.show(progress),
      override: options.override,
    });
    const { site, changed } = result;
    say(
      changed.length === 0
        ? `Nothing to change: "${site.name}" is deployed and healthy.`
        : `"${site.name}" is deployed: ${site.release} on ${site.host}, agent port ${site.agent.port}. It is locked until it gets its keys.`,
    );
    say(`${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
    if (options.json) printJson({ ok: true, ...result });
    return EXIT.ok;
  } finally {
    printer.end();
  }
}

async function undo(name: string, ports: DeployPorts, json: boolean): Promise<number> {
  const printer = progressPrinter(isTerminal() && !json);
  try {
    const { gone } = await undoDeploy(name, {
      ports,
      signal: stopOnInterrupt(),
      emit: (progress) => printer.show(progress),
    });
    say(gone.length === 0 ? 'There was nothing to take back.' : `Gone: ${gone.join(', ')}.`);
    if (json) printJson({ ok: true, gone });
    return EXIT.ok;
  } finally {
    printer.end();
  }
}

async function printPlan(request: DeployRequest, ports: DeployPorts, json: boolean): Promise<number> {
  const bundle = await packAgent(ports.agentFolder, ports.version, join(ports.folder, 'packed'));
  const steps = planDeploy(request, bundle, { ...ports, knownHostsFile: ports.knownHosts.file });
  if (json) {
    printJson({ ok: true, steps });
    return EXIT.ok;
  }
  for (const { step, changes, commands } of steps) {
    process.stdout.write(`\n== ${step}${changes ? '' : ' (only looks)'}\n`);
    for (const { name, runsAs, text } of commands) process.stdout.write(`-- ${name} [${runsAs}]\n${text}\n`);
  }
  say('Nobody was contacted.');
  return EXIT.ok;
}
