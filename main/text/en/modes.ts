export const modes = {} as const;
