import { venueName } from '../../engine/protocol/reading.ts';
import type { ModeObstacle } from '../../main/ipc/mode-schema.ts';
import { text } from '../i18n/locale.svelte.ts';

/** One sentence: what stands before a mode and what to do. */
export function obstacleText({ code, venue }: ModeObstacle): string {
  switch (code) {
    case 'probeMissing':
    case 'probeNotUsable':
    case 'keyMissing':
      return text(`modes.obstacle.${code}`, { venue: venue === undefined ? '' : venueName(venue) });
    case 'notFlat':
    case 'exposureUnknown':
    case 'armed':
    case 'addressInvalid':
    case 'moneyMixed':
    case 'configMissing':
      return text(`modes.obstacle.${code}`);
  }
}
