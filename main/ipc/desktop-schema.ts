/** Life-cycle, settings and diagnostics of the program: the calls and events of this part, merged into main/ipc/schema.ts. */
export const desktopCalls = {} as const;

export const desktopEvents = {} as const;
