import type { Theme } from '../../main/ipc/schema.ts';

const dark = window.matchMedia('(prefers-color-scheme: dark)');

/** Puts the theme on the document; `system` follows the desktop while it is chosen. Returns how to stop following. */
export function applyTheme(theme: Theme): () => void {
  const apply = () => {
    document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    document.dispatchEvent(new Event('themechange'));
  };
  apply();
  if (theme !== 'system') return () => undefined;
  dark.addEventListener('change', apply);
  return () => dark.removeEventListener('change', apply);
}
