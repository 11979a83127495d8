/** Trading keys: the calls and events of this part, merged into main/ipc/schema.ts. */
export const keyCalls = {} as const;

export const keyEvents = {} as const;
