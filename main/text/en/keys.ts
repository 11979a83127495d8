export const keys = {
  'nav.risk': 'Risk and keys',
} as const;
