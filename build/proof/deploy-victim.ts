/** A desktop that deploys (or undoes) and kills itself, as `kill -9` would, right after the n-th record of its journal. */
import { z } from 'zod';
import { deploy, undoDeploy } from '../../main/deploy/deploy.ts';
import { openDeployJournal } from '../../main/deploy/journal.ts';
import { deployRequestSchema } from '../../main/ipc/site-schema.ts';
import { labPorts } from '../e2e/deploy-lab.ts';

const orders = z
  .object({ home: z.string(), request: deployRequestSchema, work: z.enum(['deploy', 'undo']), killAfter: z.number() })
  .parse(JSON.parse(process.argv[2] ?? ''));

let left = orders.killAfter;
const ports = {
  ...(await labPorts(orders.home)),
  async openJournal(...options: Parameters<typeof openDeployJournal>) {
    const journal = await openDeployJournal(...options);
    return {
      get records() {
        return journal.records;
      },
      startedAt: journal.startedAt,
      close: () => journal.close(),
      async append(record: Parameters<typeof journal.append>[0]) {
        await journal.append(record);
        left -= 1;
        if (left === 0) process.kill(process.pid, 'SIGKILL');
      },
    };
  },
};
const { signal } = new AbortController();
const options = { ports, signal, emit: () => undefined };
if (orders.work === 'deploy') await deploy(orders.request, 'deploy', options);
else await undoDeploy(orders.request.name, options);
