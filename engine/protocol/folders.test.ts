import { describe, expect, it } from 'vitest';
import { userFolders } from './folders.ts';

describe('userFolders', () => {
  it('follows the XDG variables and ignores relative ones', () => {
    const environment = { XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: 'relative', XDG_RUNTIME_DIR: '/run/user/7' };
    expect(userFolders('linux', environment, '/home/jo')).toEqual({
      config: '/c/halfspread',
      data: '/home/jo/.local/share/halfspread',
      sockets: '/run/user/7/halfspread',
    });
  });

  it('puts everything below HALFSPREAD_HOME when it is set', () => {
    expect(userFolders('linux', { HALFSPREAD_HOME: '/x', XDG_CONFIG_HOME: '/c' }, '/home/jo')).toEqual({
      config: '/x/config',
      data: '/x/data',
      sockets: '/x/run',
    });
  });

  it('keeps to the custom of macOS and Windows', () => {
    expect(userFolders('darwin', {}, '/Users/jo').config).toBe('/Users/jo/Library/Application Support/Halfspread');
    expect(userFolders('win32', { APPDATA: 'C:\\A' }, 'C:\\U')).toEqual({
      config: 'C:\\A\\Halfspread',
      data: 'C:\\A\\Halfspread\\data',
      sockets: undefined,
    });
  });
});
