/**
 * The seven pictures of the tray. Each has a shape of its own, so that it reads in plain black at 16 px; colour only
 * confirms. The drawings are in build/icons, one for every name here.
 */
export const TRAY_ICONS = ['off', 'observing', 'trading', 'warning', 'error', 'locked', 'handover'] as const;
export type TrayIcon = (typeof TRAY_ICONS)[number];

/** Which panel a coloured icon is made for. */
export const PANELS = ['dark', 'light'] as const;
export type Panel = (typeof PANELS)[number];
