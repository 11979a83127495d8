/** Which alerts the desktop shows, which wait for a digest, and which stand on screen out of date. Pure. */
import type { Alert } from '../ipc/alert-schema.ts';
import { wordsIn } from '../text/words.ts';
import type { AlertGroup } from './alert-draft.ts';
import { inAllLanguages } from './spike-words.ts';

/** In any minute at most this many of one group. */
export const MOST_PER_WINDOW = 3;
export const WINDOW_MS = 60_000;

export type ShownAlert = Pick<Alert, 'category' | 'severity' | 'words'>;
type GroupedAlert = ShownAlert & { group: AlertGroup };

interface GroupState {
  /** Unix ms of what was shown within the window. */
  shownAt: readonly number[];
  /** Waiting for the digest: how many, and the newest. */
  withheld: number;
  latest?: GroupedAlert;
}

export interface ThrottleState {
  groups: Readonly<Partial<Record<AlertGroup, GroupState>>>;
  /** Categories with a notification on screen, as far as known. */
  onScreen: readonly string[];
}

export const NOTHING_SHOWN: ThrottleState = { groups: {}, onScreen: [] };

export type ThrottleEffect = { type: 'show'; alert: ShownAlert } | { type: 'close'; category: string };

interface Step {
  state: ThrottleState;
  effects: ThrottleEffect[];
}

export const digestCategory = (group: AlertGroup): string => `digest.${group}`;

/** A new alert. A critical one is never withheld; one that may not be shown closes the out-of-date one of its category. */
export function admit(state: ThrottleState, alert: GroupedAlert, now: number, quiet: boolean): Step {
  if (quiet && alert.severity !== 'critical') return close(state, [alert.category]);
  const group = inWindow(state.groups[alert.group], now);
  const isFull = group.shownAt.length >= MOST_PER_WINDOW || group.withheld > 0;
  if (isFull && alert.severity !== 'critical') {
    const waiting = { ...group, withheld: group.withheld + 1, latest: alert };
    return close(withGroup(state, alert.group, waiting), [alert.category]);
  }
  return show(withGroup(state, alert.group, { ...group, shownAt: [...group.shownAt, now] }), alert);
}

/** Shows the digests that are due. Call at `nextDueAt`. */
export function release(state: ThrottleState, now: number, quiet: boolean): Step {
  let step: Step = { state, effects: [] };
  for (const name of Object.keys(state.groups) as AlertGroup[]) {
    const group = inWindow(state.groups[name], now);
    if (!group.latest || group.shownAt.length >= MOST_PER_WINDOW) continue;
    const emptied = withGroup(step.state, name, {
      shownAt: quiet ? group.shownAt : [...group.shownAt, now],
      withheld: 0,
    });
    const shown = quiet ? { state: emptied, effects: [] } : show(emptied, digestOf(name, group.withheld, group.latest));
    step = { state: shown.state, effects: [...step.effects, ...shown.effects] };
  }
  return step;
}

/** When the next digest is due, Unix ms; undefined when nothing waits. */
export function nextDueAt(state: ThrottleState): number | undefined {
  const due = Object.values(state.groups)
    .filter(({ withheld }) => withheld > 0)
    .map(({ shownAt }) => (shownAt.at(-MOST_PER_WINDOW) ?? 0) + WINDOW_MS);
  return due.length === 0 ? undefined : Math.min(...due);
}

/** Takes notifications from the screen that are true no more. */
export function close(state: ThrottleState, categories: readonly string[]): Step {
  const gone = categories.filter((category) => state.onScreen.includes(category));
  return {
    state: { ...state, onScreen: state.onScreen.filter((category) => !gone.includes(category)) },
    effects: gone.map((category) => ({ type: 'close', category })),
  };
}

function show(state: ThrottleState, { category, severity, words }: ShownAlert): Step {
  const onScreen = state.onScreen.includes(category) ? state.onScreen : [...state.onScreen, category];
  return { state: { ...state, onScreen }, effects: [{ type: 'show', alert: { category, severity, words } }] };
}

function inWindow(group: GroupState | undefined, now: number): GroupState {
  if (!group) return { shownAt: [], withheld: 0 };
  return { ...group, shownAt: group.shownAt.filter((at) => now - at < WINDOW_MS) };
}

function withGroup(state: ThrottleState, name: AlertGroup, group: GroupState): ThrottleState {
  return { ...state, groups: { ...state.groups, [name]: group } };
}

/** One alert withheld is shown as itself; several as their number and the newest. */
function digestOf(group: AlertGroup, count: number, latest: GroupedAlert): ShownAlert {
  if (count === 1) return latest;
  return {
    category: digestCategory(group),
    severity: latest.severity,
    words: inAllLanguages((language) => {
      const { plural, text } = wordsIn(language);
      return {
        title: plural('alert.digest.title', count),
        body: text('alert.digest.body', { latest: latest.words[language].title }),
      };
    }),
  };
}
