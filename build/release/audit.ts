/**
 * The supply-chain gate: no known hole of grade high or above in what ships (`npm audit --omit=dev`). "Not asked" is its
 * own outcome: a registry whose audit endpoint does not answer has said nothing about holes.
 */
import { z } from 'zod';
import { runNpm } from './run-npm.ts';

export type AuditOutcome =
  | { kind: 'clean'; packages: number; lesser: number }
  | { kind: 'holes'; holes: { name: string; severity: string; title: string; url: string }[] }
  | { kind: 'notAsked'; why: string };

/** Grades that stop a release. */
const STOPPING = ['high', 'critical'];

const advisorySchema = z.object({ title: z.string(), url: z.string(), severity: z.string() });
const answerSchema = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({ name: z.string(), severity: z.string(), via: z.array(z.union([z.string(), advisorySchema])) }),
  ),
  metadata: z.object({ dependencies: z.object({ prod: z.number() }) }),
});
const failureSchema = z.object({ message: z.string() });

/** Asks the registry that npm is set to. @param extra further arguments of npm */
export async function auditProduction(root: string, extra: readonly string[] = []): Promise<AuditOutcome> {
  const { stdout, stderr } = await runNpm(root, ['audit', '--omit=dev', '--audit-level=high', '--json', ...extra]);
  return readAudit(stdout, stderr);
}

/** @param output what `npm audit --json` printed; @param errors what it printed beside it */
export function readAudit(output: string, errors: string): AuditOutcome {
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    return { kind: 'notAsked', why: lastLine(errors) || 'npm audit printed nothing' };
  }
  const answer = answerSchema.safeParse(value);
  if (!answer.success) {
    const failure = failureSchema.safeParse(value);
    return { kind: 'notAsked', why: failure.success ? failure.data.message : 'its answer is of no known form' };
  }
  const { vulnerabilities, metadata } = answer.data;
  const all = Object.values(vulnerabilities);
  const stopping = all.filter(({ severity }) => STOPPING.includes(severity));
  if (stopping.length === 0) {
    return { kind: 'clean', packages: metadata.dependencies.prod, lesser: all.length };
  }
  return {
    kind: 'holes',
    holes: stopping.map(({ name, severity, via }) => {
      const advisory = via.find((each) => typeof each === 'object');
      return { name, severity, title: advisory?.title ?? `through ${via.join(', ')}`, url: advisory?.url ?? '' };
    }),
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
