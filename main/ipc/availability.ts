/** What other parts know, in the words of an availability. Pure. */
import type { AlertsState } from './alert-schema.ts';
import type { Availability } from './availability-schema.ts';
import type { LoginItemState } from './login-item-schema.ts';

export function notificationsAvailability({ state, reason = '' }: AlertsState['desktop']): Availability {
  switch (state) {
    case 'shown':
      return { state: 'available' };
    case 'untried':
      return { state: 'untried' };
    case 'unavailable':
      return {
        state: 'unavailable',
        reason: {
          code: reason,
          message: 'This desktop shows no notifications.',
          remedy: 'The alerts are in the list of alerts in any case.',
        },
      };
  }
}

export function loginItemAvailability({ state, reason }: LoginItemState): Availability {
  switch (state) {
    case 'on':
    case 'off':
      return { state: 'available' };
    case 'changed':
      return { state: 'limited', ...(reason && { reason }) };
    case 'unavailable':
      return { state: 'unavailable', ...(reason && { reason }) };
  }
}
