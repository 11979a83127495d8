import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routeSchema } from '../ipc/route-schema.ts';
import { findDeepLink, readDeepLink, readRoutePath } from './deep-link.ts';

describe('deep links', () => {
  it.each([
    ['halfspread://overview', { page: 'overview' }],
    ['halfspread://alerts/', { page: 'alerts' }],
    ['halfspread://trade/12', { page: 'trade', tradeId: 12 }],
    ['halfspread://diagnostics', { page: 'diagnostics' }],
  ])('%s opens its page', (link, route) => {
    expect(readDeepLink(link)).toEqual({ route, isExact: true });
  });

  it.each([
    'halfspread://start',
    'halfspread://trade/12/close',
    'halfspread://trade/12?action=closeAll',
    'halfspread://trade/12#start',
    'halfspread://trade',
    'halfspread://trade/',
    'halfspread://trade/0',
    'halfspread://trade/-1',
    'halfspread://trade/1e3',
    'halfspread://trade/012',
    'halfspread://trade/9999999999999999',
    'halfspread://trade/12%2Fclose',
    'halfspread://trade//12',
    'halfspread://overview/12',
    'halfspread://../settings',
    'halfspread://settings/../trade/1',
    'halfspread://settings\n--inspect',
    'halfspread://settings ',
    'halfspread://user:pw@settings',
    'halfspread://settings:80',
    'halfspread://\u0455ettings',
    'HALFSPREAD://settings',
    'halfspread:settings',
    'halfspread:///settings',
    'halfspread://__proto__',
    'halfspread://constructor',
    'halfspread://javascript:alert(1)',
    `halfspread://${'settings'.repeat(20)}`,
    'halfspread:',
  ])('%j opens the overview and nothing more', (link) => {
    expect(readDeepLink(link)).toEqual({ route: { page: 'overview' }, isExact: false });
  });

  it.each([
    '',
    'https://halfspread/trade/1',
    'file:///etc/passwd',
    '--no-sandbox',
    'javascript:halfspread://trade/1',
    ' halfspread://trade/1',
  ])('%j is no link of ours', (text) => expect(readDeepLink(text)).toBeUndefined());

  it('makes a valid route of whatever it is given', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string().map((rest) => `halfspread://${rest}`),
      fc.string().map((rest) => `halfspread://trade/${rest}`),
    );
    fc.assert(
      fc.property(text, (link) => {
        const read = readDeepLink(link);
        if (read) expect(routeSchema.parse(read.route)).toEqual(read.route);
      }),
    );
  });

  it('is found among arguments, the last one, whatever else is there', () => {
    expect(findDeepLink(['/usr/bin/halfspread', '--flag', 'halfspread://alerts', 'halfspread://trade/3'])).toEqual({
      route: { page: 'trade', tradeId: 3 },
      isExact: true,
    });
    expect(findDeepLink(['/usr/bin/halfspread', '--url=halfspread://alerts'])).toBeUndefined();
  });

  it('reads the command line’s form, which is the same without its scheme', () => {
    expect(readRoutePath('trade/12')).toEqual({ page: 'trade', tradeId: 12 });
    for (const path of ['trade/12/', '/trade/12', '#/trade/12', 'start', 'halfspread://trade/12', '']) {
      expect(readRoutePath(path)).toBeUndefined();
    }
  });
});
