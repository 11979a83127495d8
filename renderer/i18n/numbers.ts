/** The numbers of the window are those of the tray and the notifications. */
export * from '../../main/text/numbers.ts';
