import { describe, expect, it } from 'vitest';
import { appMenu } from './app-menu.ts';

describe('the window’s menu', () => {
  it('has the keys for zoom, in the person’s language', () => {
    const [view, ...others] = appMenu('linux', 'fr');
    expect(others).toEqual([]);
    expect(view?.label).toBe('Affichage');
    expect(view?.submenu).toEqual([
      { role: 'resetZoom', label: 'Taille réelle' },
      { role: 'zoomIn', label: 'Zoom avant' },
      { role: 'zoomOut', label: 'Zoom arrière' },
      { role: 'togglefullscreen', label: 'Plein écran' },
    ]);
  });

  it('is on macOS also where copy, paste and quit are', () => {
    expect(appMenu('darwin', 'en').map(({ role, label }) => role ?? label)).toEqual([
      'appMenu',
      'editMenu',
      'View',
      'windowMenu',
    ]);
  });
});
