export const sites = {
  'nav.sites': 'Sites',
} as const;
