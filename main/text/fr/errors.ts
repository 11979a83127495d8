import { deskErrors } from './errors-desk.ts';
import { placeErrors } from './errors-place.ts';
import { siteErrors } from './errors-sites.ts';
import { venueErrors } from './errors-venues.ts';

/**
 * French for errors whose English is written where they are thrown. What both languages word differently from the error
 * itself is in the catalogue (deploy.ts, key-errors.ts).
 */
export const frenchErrors: ReadonlyMap<string, readonly [what: string, remedy: string]> = new Map(
  [siteErrors, deskErrors, placeErrors, venueErrors].flatMap((table) => Object.entries(table)),
);
