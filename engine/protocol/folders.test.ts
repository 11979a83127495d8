import { describe, expect, it } from 'vitest';
import { PUBLISHED_ENDPOINTS, type VenueEndpoints } from './endpoints.ts';
import { deskFolderName, userFolders } from './folders.ts';
import type { DeskLaunchInput } from './launch.ts';

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

describe('deskFolderName', () => {
  const { production } = PUBLISHED_ENDPOINTS;
  const config = { text: '', path: 'desk.yaml' };
  const live = (primaryAddress: string): DeskLaunchInput => ({
    mode: 'live',
    endpoints: production,
    config,
    keys: {
      paradex: { accountAddress: '0x1A2B3c4d5e', privateKey: '0x1' },
      vest: { primaryAddress, signingPrivateKey: '0x2', apiKey: 'k', accountGroup: 0, expiresAt: 1 },
    },
  });

  it('keeps modes, networks and accounts apart', () => {
    const local: VenueEndpoints = {
      paradex: { ...production.paradex, network: 'custom', restUrl: 'http://127.0.0.1:7100/v1' },
      vest: production.vest,
    };
    expect(deskFolderName({ mode: 'practice', venues: {} })).toBe('practice');
    expect(deskFolderName({ mode: 'paper', endpoints: production, config })).toBe('paper-production');
    expect(deskFolderName({ mode: 'paper', endpoints: local, config })).toBe(
      'paper-paradex-custom-127.0.0.1-7100-vest-production',
    );
    expect(deskFolderName(live('0x5E6F7a8b90'))).toBe('live-production-0x1a2b3c4d-0x5e6f7a8b');
  });
});
