import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { seededRandom } from '../../engine/practice/timing/seeded-random.ts';
import { packagedNode } from '../../main/deploy/cli/ports.ts';
import { RUNTIME_PINS } from '../../main/deploy/runtime-pins.ts';
import { uninstallSite } from '../../main/deploy/operate.ts';
import { createLab, noSshd, processesOf, ROOT, type Lab } from '../e2e/deploy-lab.ts';
import { agentBundleBytes, MAX_BUNDLE_BYTES } from './bundle-size.ts';
import { killDeploys } from './deploy-kills.ts';
import { proveOnGuest } from './deploy-guest.ts';
import { practiseOnSite } from './deploy-practice.ts';
import type { Part } from './part.ts';
import { createHome } from './program.ts';
import { whyNoGuest } from './systemd-guest.ts';

export const deployPart: Part = {
  title: 'a whole life on a fresh systemd server and without one, and deploys killed at every journal point',
  async run({ kills, seed, say, cancelled }) {
    const faults = await checkPins();
    const bundleBytes = await agentBundleBytes();
    if (bundleBytes > MAX_BUNDLE_BYTES) faults.push(`the bundle has ${bundleBytes} bytes compressed`);
    const figures: Record<string, unknown> = { bundleKiB: Math.round(bundleBytes / 1024) };
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
        const supervised = await proveSupervised(lab, say);
        figures['supervised'] = supervised.report;
        faults.push(...supervised.faults);
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

/** Without systemd and root: deployed below a folder of the login user, practised on, uninstalled. */
async function proveSupervised(lab: Lab, say: (text: string) => void) {
  const { site, timings } = await lab.deploy();
  const deploySeconds = Object.fromEntries(timings.map(({ step, ms }) => [step, Math.round(ms / 100) / 10]));
  say(`supervised: ${JSON.stringify(deploySeconds)}`);
  const home = await createHome();
  const { report, faults } = await practiseOnSite({
    site,
    ports: lab.ports,
    home,
    kill: () => process.kill(Number(readFileSync(join(lab.prefix, 'run', 'agent.pid'), 'utf8')), 'SIGKILL'),
    say,
  }).finally(() => home.remove());
  say(`practised there: ${JSON.stringify(report)}`);
  await uninstallSite(site.name, lab.operate());
  const left = await processesOf(lab.prefix);
  if (left.length > 0 || existsSync(lab.prefix)) faults.push('supervised: something is left after the uninstall');
  return { report: { deploySeconds, ...report }, faults };
}

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
