/** `npm run audit`. Exit codes: 0 nothing known, 1 a hole of grade high or above, 3 the registry could not be asked. */
import { root } from '../toolchain.mjs';
import { auditProduction } from './audit.ts';

const EXIT = { clean: 0, holes: 1, notAsked: 3 } as const;

const outcome = await auditProduction(root);
switch (outcome.kind) {
  case 'clean':
    console.log(
      `audit: nothing of grade high or above is known against the ${outcome.packages} packages that ship (${outcome.lesser} of a lower grade).`,
    );
    break;
  case 'holes':
    for (const { name, severity, title, url } of outcome.holes)
      console.log(`audit: ${name} (${severity}): ${title} ${url}`);
    console.log('audit: update or replace these before a release.');
    break;
  case 'notAsked':
    console.log(`audit: NOT CHECKED. The registry's audit endpoint did not answer: ${outcome.why}`);
    console.log('audit: ask again on a connection that reaches it; nothing is known either way.');
}
process.exitCode = EXIT[outcome.kind];
