/** How far an operation is, and what servers cost together. Pure. */
import type { CloudServerView } from '../../main/ipc/cloud-schema.ts';
import type { OperationStep } from '../../main/ipc/site-schema.ts';

/** Steps of an operation and how far it is: the step that runs, or the first that is not over. */
export function stepProgress(steps: readonly OperationStep[]): {
  number: number;
  count: number;
  current?: OperationStep;
} {
  const isOver = ({ state }: OperationStep) => state === 'done' || state === 'unchanged' || state === 'undone';
  const over = steps.filter(isOver).length;
  const current =
    steps.find(({ state }) => state === 'running' || state === 'undoing' || state === 'failed') ??
    steps.find((step) => !isOver(step));
  const number = current ? steps.indexOf(current) + 1 : steps.length;
  return { number: Math.max(number, Math.min(over, steps.length)), count: steps.length, ...(current && { current }) };
}

/** Total a month of every currency among the servers. */
export function totalCosts(servers: readonly CloudServerView[]): { currency: string; amount: number }[] {
  const totals = new Map<string, number>();
  for (const { price } of servers) {
    totals.set(price.currency, (totals.get(price.currency) ?? 0) + Number(price.amount));
  }
  return [...totals].map(([currency, amount]) => ({ currency, amount }));
}
