import { describe, expect, it } from 'vitest';
import { typeHidden } from './secret-prompt.ts';

function type(...chunks: string[]) {
  const line = { typed: '' };
  for (const chunk of chunks) {
    const end = typeHidden(line, chunk);
    if (end !== undefined) return end;
  }
  return line;
}

describe('a hidden line', () => {
  it('is what was typed or pasted up to Enter', () => {
    expect(type('0x', 'ab', 'cd\r')).toEqual({ line: '0xabcd' });
    expect(type('0xabcd\nmore')).toEqual({ line: '0xabcd' });
    expect(type('\u001b[200~pasted text\u001b[201~\r')).toEqual({ line: 'pasted text' });
  });

  it('can be corrected: Backspace takes one character, Ctrl-U all', () => {
    expect(type('ab\u{1f511}\u007f\u007fc\r')).toEqual({ line: 'ac' });
    expect(type('wrong\u0015right\r')).toEqual({ line: 'right' });
    expect(type('\u007f\b\r')).toEqual({ line: '' });
  });

  it('is given up with Ctrl-C, and with Ctrl-D where nothing was typed', () => {
    expect(type('abc\u0003')).toBe('cancelled');
    expect(type('\u0004')).toBe('cancelled');
    expect(type('abc\u0004\r')).toEqual({ line: 'abc' });
  });

  it('drops arrow keys and other sequences', () => {
    expect(type('a\u001b[Ab\u001bOPc\u001b[1;5Cd\r')).toEqual({ line: 'abcd' });
  });

  it('has a longest length', () => {
    expect(type('x'.repeat(20_000), '\r')).toEqual({ line: 'x'.repeat(8_192) });
  });
});
