import { expect, it } from 'vitest';
import { complete, sbomSchema, type Sbom } from './sbom.ts';

const component = (name: string, version: string) => ({
  'bom-ref': `${name}@${version}`,
  type: 'library',
  name,
  version,
  purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
});

const listed: Sbom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  serialNumber: 'urn:uuid:32daf8e0-301e-4771-a98d-fa2eaf6402de',
  version: 1,
  metadata: { timestamp: '2026-11-25T19:05:34Z', component: { ...component('some-folder', '0.1.0') } },
  components: [
    component('@noble/curves', '2.4.0'),
    component('elliptic', '6.6.1'),
    // As npm lists an alias.
    { ...component('keytar', '7.10.6'), purl: 'pkg:npm/%40github/keytar@7.10.6' },
  ],
  dependencies: [{ ref: 'some-folder@0.1.0', dependsOn: ['@noble/curves@2.4.0'] }],
};
const notice = (name: string, version: string) => ({ name, version, licence: 'MIT', text: '' });

it('has what is built into the window and Electron itself, and marks what is not in the program', () => {
  const notices = [notice('@noble/curves', '2.4.0'), notice('@github/keytar', '7.10.6'), notice('svelte', '5.57.3')];
  const { components, metadata } = sbomSchema.parse(complete(listed, notices, '45.4.1'));
  expect(components.map(({ purl, scope }) => [purl, scope])).toEqual([
    ['pkg:npm/%40noble/curves@2.4.0', undefined],
    ['pkg:npm/elliptic@6.6.1', 'excluded'],
    ['pkg:npm/%40github/keytar@7.10.6', undefined],
    ['pkg:npm/svelte@5.57.3', 'required'],
    ['pkg:npm/electron@45.4.1', 'required'],
  ]);
  expect(metadata.component).toMatchObject({ name: 'halfspread', type: 'application' });
});

it('is refused with two components of one name, or a dependency on none', () => {
  expect(() => sbomSchema.parse({ ...listed, components: [...listed.components, listed.components[0]] })).toThrow(
    'same bom-ref',
  );
  expect(() => sbomSchema.parse({ ...listed, dependencies: [{ ref: 'nobody@1.0.0' }] })).toThrow('no component');
  expect(() => sbomSchema.parse({ ...listed, specVersion: '2.0' })).toThrow();
});
