import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson } from './strict-json.ts';

const refused = expect.objectContaining({ code: 'HS_JSON_REFUSED' });

describe('parseStrictJson', () => {
  it('reads every JSON value as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5, noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('__proto__'));
        expect(parseStrictJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('accepts the deepest allowed nesting and refuses one more, also a bomb of a million brackets', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseStrictJson(nested(16))).toBeInstanceOf(Array);
    expect(() => parseStrictJson(nested(17))).toThrow(refused);
    expect(() => parseStrictJson('{"a":'.repeat(1_000_000))).toThrow(refused);
  });

  it.each([
    ['a duplicate key', '{"id":1,"id":2}'],
    ['a duplicate key in another spelling', '{"id":1,"\\u0069d":2}'],
    ['a duplicate key further inside', '{"a":[{"b":1 , "c":2, "b" : 3}]}'],
    ['__proto__', '{"__proto__":{"role":"admin"}}'],
    ['__proto__ in another spelling', '{"a":{"\\u005f_proto__":1}}'],
    ['an unfinished string', '{"a'],
    ['text after the value', '{} {}'],
    ['nothing', ''],
  ])('refuses %s', (_name, text) => {
    expect(() => parseStrictJson(text)).toThrow(refused);
  });

  it('allows one key in two objects, and brackets and colons inside strings', () => {
    expect(parseStrictJson('[{"a":"x"},{"a":"{[:\\"}"}]')).toEqual([{ a: 'x' }, { a: '{[:"}' }]);
  });
});
