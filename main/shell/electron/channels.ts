/** The two channels between preload and main; names and data inside them are those of the ipc schema. */
export const CALL_CHANNEL = 'halfspread:call';
export const EVENT_CHANNEL = 'halfspread:event';
