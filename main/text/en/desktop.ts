export const desktop = {
  'nav.settings': 'Settings',
  'nav.diagnostics': 'Diagnostics',
} as const;
