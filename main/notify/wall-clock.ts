import type { AlertsOptions } from './alerts.ts';

/** The machine's clock in its own time zone. */
export const wallClock: AlertsOptions['clock'] = {
  now: Date.now,
  minuteOfDay() {
    const now = new Date();
    return now.getHours() * 60 + now.getMinutes();
  },
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
