import { describe, expect, it } from 'vitest';
import { checkExternalLink } from './external-link.ts';

describe('links to the outside', () => {
  it('may lead to the venues’ documentation over https', () => {
    expect(checkExternalLink('https://docs.paradex.trade/api#orders')).toBe('https://docs.paradex.trade/api#orders');
    expect(checkExternalLink('HTTPS://DOCS.VESTMARKETS.COM')).toBe('https://docs.vestmarkets.com/');
  });

  it.each([
    'http://docs.paradex.trade/',
    'https://docs.paradex.trade:8443/',
    'https://user:pass@docs.paradex.trade/',
    'https://docs.paradex.trade@evil.example/',
    'https://docs.paradex.trade.evil.example/',
    'https://evil.example/docs.paradex.trade',
    'https://docs.paradex.trade.',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://docs.paradex.trade/share',
    'halfspread://trade/1',
    'ms-msdt:/id',
    '--help',
    '',
  ])('refuses %j', (address) => {
    expect(() => checkExternalLink(address)).toThrow(expect.objectContaining({ code: 'HS_EXTERNAL_LINK' }));
  });
});
