/** The list of what is in the program, as CycloneDX 1.5: npm's own of the production packages, completed by what it cannot see. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { collectNotices, type Notice } from '../pack/notices.ts';
import { runNpm } from './run-npm.ts';

const componentSchema = z.looseObject({
  'bom-ref': z.string().min(1),
  type: z.string(),
  name: z.string().min(1),
  version: z.string().min(1),
  scope: z.enum(['required', 'optional', 'excluded']).optional(),
  purl: z.string().startsWith('pkg:'),
});

/** The parts of CycloneDX 1.5 this list relies on. */
export const sbomSchema = z
  .looseObject({
    bomFormat: z.literal('CycloneDX'),
    specVersion: z.literal('1.5'),
    serialNumber: z.string().regex(/^urn:uuid:[0-9a-f-]{36}$/),
    version: z.int().min(1),
    metadata: z.looseObject({ timestamp: z.string(), component: componentSchema }),
    components: z.array(componentSchema),
    dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).optional() })),
  })
  .superRefine(({ components, dependencies, metadata }, context) => {
    const refs = [metadata.component, ...components].map((component) => component['bom-ref']);
    const known = new Set(refs);
    if (known.size !== refs.length) context.addIssue('two components have the same bom-ref');
    for (const { ref, dependsOn = [] } of dependencies) {
      for (const name of [ref, ...dependsOn]) if (!known.has(name)) context.addIssue(`${name} is no component`);
    }
  });
export type Sbom = z.infer<typeof sbomSchema>;

/**
 * npm lists the production dependencies. The window's libraries are built into its files, and Electron carries it all: both
 * are development dependencies to npm, and are added. What npm lists and the package does not contain gets the scope
 * `excluded`. @throws Error when npm gives no valid list
 */
export async function makeSbom(root: string): Promise<Sbom> {
  const { code, stdout, stderr } = await runNpm(root, ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev']);
  if (code !== 0) throw new Error(`npm sbom ended with ${code ?? 'no code'} (npm 10 or later is needed): ${stderr}`);
  const listed = sbomSchema.parse(JSON.parse(stdout));
  const notices = collectNotices(root);
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')));
  return sbomSchema.parse(complete(listed, notices, version));
}

export function complete(listed: Sbom, notices: readonly Notice[], electronVersion: string): Sbom {
  const contained = new Set(notices.map(({ name, version }) => `${name}@${version}`));
  const idOf = ({ purl, version }: Sbom['components'][number]) => `${nameOf(purl)}@${version}`;
  const components = listed.components.map((component): Sbom['components'][number] =>
    contained.has(idOf(component)) ? component : { ...component, scope: 'excluded' },
  );
  const known = new Set(components.map(idOf));
  const added = notices.filter(({ name, version }) => !known.has(`${name}@${version}`));
  return {
    ...listed,
    // npm names it after the folder it lies in.
    metadata: {
      ...listed.metadata,
      component: { ...listed.metadata.component, type: 'application', name: 'halfspread' },
    },
    components: [
      ...components,
      ...added.map((notice) => componentOf(notice, 'library')),
      componentOf({ name: 'electron', version: electronVersion, licence: 'MIT' }, 'framework'),
    ],
  };
}

function componentOf(
  { name, version, licence }: Pick<Notice, 'name' | 'version' | 'licence'>,
  type: 'library' | 'framework',
): Sbom['components'][number] {
  return {
    'bom-ref': `${name}@${version}`,
    type,
    name,
    version,
    scope: 'required',
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    licenses: [/[( ]/.test(licence) ? { expression: licence } : { license: { id: licence } }],
  };
}

/** "@noble/curves" of "pkg:npm/%40noble/curves@2.4.0": of an alias the purl has the real name. */
function nameOf(purl: string): string {
  return decodeURIComponent(/^pkg:npm\/(.+)@[^@]+$/.exec(purl)?.[1] ?? purl);
}
