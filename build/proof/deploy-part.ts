import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { seededRandom } from '../../engine/practice/timing/seeded-random.ts';
import { packagedNode } from '../../main/deploy/cli/ports.ts';
import { RUNTIME_PINS } from '../../main/deploy/runtime-pins.ts';
import { createLab, noSshd, ROOT } from '../e2e/deploy-lab.ts';
import { killDeploys } from './deploy-kills.ts';
import { proveOnGuest } from './deploy-guest.ts';
import type { Part } from './part.ts';
import { whyNoGuest } from './systemd-guest.ts';

export const deployPart: Part = {
  title: 'deploys killed at every journal point, and a whole life on a fresh systemd server',
  async run({ kills, seed, say, cancelled }) {
    const faults = await checkPins();
    const figures: Record<string, unknown> = {};
    const skipped: string[] = [];

    const noGuest = whyNoGuest();
    if (noGuest === undefined) {
      const { report, faults: found } = await proveOnGuest(say);
      figures['guest'] = report;
      faults.push(...found);
    } else skipped.push(`systemd guest: ${noGuest}`);

    if (noSshd === undefined) {
      const lab = await createLab();
      try {
        const { report, faults: found } = await killDeploys({
          lab,
          randomKills: kills,
          random: seededRandom(seed),
          say,
          cancelled,
        });
        figures['kills'] = report;
        faults.push(...found);
      } finally {
        await lab.stop();
      }
    } else skipped.push(`kills: ${noSshd}`);

    for (const why of skipped) say(`SKIPPED ${why}`);
    return { ok: faults.length === 0, bounds: boundsOf(skipped), figures: { ...figures, skipped }, faults };
  },
};

function boundsOf(skipped: string[]): string {
  return (
    'Kills are SIGKILL of the desktop’s process, at each journal record and at random moments; the server and its disk live on. ' +
    'One kind of server: Debian 12, x86-64. Not covered: a server losing power, other distributions, ARM64.' +
    (skipped.length > 0 ? ` Skipped: ${skipped.join('; ')}.` : '')
  );
}

/** The pinned hash of node is that of the package our lockfile pins. */
async function checkPins(): Promise<string[]> {
  const node = packagedNode(ROOT, 'x64');
  if (node === undefined || !existsSync(node)) return [];
  const hash = createHash('sha256');
  await pipeline(createReadStream(node), hash);
  return hash.digest('hex') === RUNTIME_PINS.x64.nodeSha256 ? [] : [`${node} is not the pinned Node`];
}
