import { describe, expect, it } from 'vitest';
import { missingForTargets, releaseOptions } from './release-options.ts';

describe('what the environment adds to a package', () => {
  it('is nothing by default, and that is said in words', () => {
    const linux = releaseOptions('linux', {});
    expect(linux.config).toEqual({});
    expect(linux.notes.join(' ')).toMatch(/Not signed.*No update feed/);
    expect(releaseOptions('win32', {}).notes[0]).toMatch(/NOT SIGNED/);
  });

  it('an unsigned macOS package is signed ad hoc, without the hardened runtime that would not start it', () => {
    const { config, notes } = releaseOptions('darwin', {});
    expect(config.mac).toEqual({ identity: '-', hardenedRuntime: false, notarize: false });
    expect(notes[0]).toMatch(/NOT SIGNED/);
  });

  it('a signed one is notarized when all that Apple asks for is there', () => {
    const signed = { CSC_LINK: 'file.p12', CSC_KEY_PASSWORD: 'x' };
    expect(releaseOptions('darwin', signed).config.mac).toEqual({ notarize: false });
    expect(releaseOptions('darwin', signed).notes[0]).toContain('NOT notarized');
    const api = { APPLE_API_KEY: 'k', APPLE_API_KEY_ID: 'i', APPLE_API_ISSUER: 's' };
    expect(releaseOptions('darwin', { ...signed, ...api }).config.mac).toEqual({ notarize: true });
    expect(releaseOptions('darwin', api).config.mac).toMatchObject({ notarize: false });
  });

  it('never repeats a secret', () => {
    const secrets = { CSC_LINK: 'file.p12', CSC_KEY_PASSWORD: 'pass-word', APPLE_APP_SPECIFIC_PASSWORD: 'pass-word' };
    for (const platform of ['darwin', 'win32', 'linux']) {
      expect(JSON.stringify(releaseOptions(platform, secrets))).not.toContain('pass-word');
    }
  });

  it('is an update feed over https only', () => {
    const url = 'https://updates.example/halfspread';
    expect(releaseOptions('linux', { HALFSPREAD_UPDATE_URL: url }).config.publish).toEqual({
      provider: 'generic',
      url,
    });
    expect(() => releaseOptions('linux', { HALFSPREAD_UPDATE_URL: 'http://updates.example/' })).toThrow('https');
  });

  it('a .deb must name maintainer and homepage', () => {
    expect(missingForTargets(['AppImage'], {})).toEqual([]);
    expect(missingForTargets(['deb'], { HALFSPREAD_HOMEPAGE: 'https://x.example/' })).toEqual([
      'HALFSPREAD_MAINTAINER',
    ]);
  });
});
