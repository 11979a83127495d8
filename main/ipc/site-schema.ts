/** Where engines run: deploy and operate: the calls and events of this part, merged into main/ipc/schema.ts. */
export const siteCalls = {} as const;

export const siteEvents = {} as const;
