import { expect, test } from 'vitest';
import { catalogues, fillTemplate, namesIn } from './catalogue.ts';

const { en, fr } = catalogues;

test('French has exactly the keys of English', () => {
  expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort());
});

test('no text is empty and both languages ask for the same values', () => {
  for (const key of Object.keys(en) as (keyof typeof en)[]) {
    expect(en[key], key).not.toBe('');
    expect(fr[key], key).not.toBe('');
    expect(namesIn(fr[key]), key).toEqual(namesIn(en[key]));
  }
});

test('every plural text comes in both forms', () => {
  const keys = new Set(Object.keys(en));
  for (const key of keys) {
    if (key.endsWith('.one')) expect(keys, key).toContain(key.replace(/\.one$/, '.other'));
    if (key.endsWith('.other')) expect(keys, key).toContain(key.replace(/\.other$/, '.one'));
  }
});

test('bold marks come in pairs', () => {
  for (const catalogue of [en, fr]) {
    for (const [key, value] of Object.entries(catalogue)) {
      expect(value.split('**').length % 2, key).toBe(1);
    }
  }
});

test('French sets no plain space before double punctuation and percent signs', () => {
  for (const [key, value] of Object.entries(fr)) expect(value, key).not.toMatch(/ [:;?!%»]/);
});

test('no text has a hyphen for a minus, an ASCII apostrophe in French, or an emoji', () => {
  for (const [key, value] of Object.entries(fr)) expect(value, key).not.toMatch(/'/);
  for (const catalogue of [en, fr]) {
    for (const [key, value] of Object.entries(catalogue)) {
      expect(value, key).not.toMatch(/ -\d/);
      expect(value, key).not.toMatch(/\p{Extended_Pictographic}/u);
    }
  }
});

test('a template is filled, and a forgotten value stays visible', () => {
  expect(fillTemplate('p50 {p50}, n = {n}', { p50: '41 ms', n: 96 })).toBe('p50 41 ms, n = 96');
  expect(fillTemplate('p50 {p50}', {})).toBe('p50 {p50}');
});
