/** Practice, paper and live: the calls and events of this part, merged into main/ipc/schema.ts. */
export const modeCalls = {} as const;

export const modeEvents = {} as const;
