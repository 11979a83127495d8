export const modes = {
  'arm.code.terminal': 'Type this code into the window within {seconds} s, or do nothing: {code}',
} as const;
