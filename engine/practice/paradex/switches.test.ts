import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SWITCHES } from './switches.ts';

const page = readFileSync(new URL('../../../docs/practice-venues.md', import.meta.url), 'utf8');

describe('the switches of the practice Paradex', () => {
  it.each(Object.entries(DEFAULT_SWITCHES))('%s stands in the documentation with its default', (name, value) => {
    expect(page).toContain(`| \`${name}\` | \`${String(value)}\` |`);
  });
});
