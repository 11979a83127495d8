import { describe, expect, it } from 'vitest';
import { answerFile, isOwnUrl, STOPPED_PAGE_URL } from './app-scheme.ts';

const files = new Map(
  Object.entries({ '/index.html': 'the window', '/assets/index.js': 'code' }).map(([path, text]) => [
    path,
    { bytes: Buffer.from(text), contentType: path.endsWith('.js') ? 'text/javascript' : 'text/html', immutable: false },
  ]),
);
const get = (url: string, method = 'GET') => answerFile(files, { url, method });

describe('the app scheme', () => {
  it('serves the files of the built window, each with its type and the policy', async () => {
    expect(await get('app://halfspread/').text()).toBe('the window');
    const script = get('app://halfspread/assets/index.js?v=1#x');
    expect(await script.text()).toBe('code');
    expect(script.headers.get('content-type')).toBe('text/javascript');
    expect(script.headers.get('content-security-policy')).toContain("connect-src 'none'");
  });

  it.each([
    'app://halfspread/../package.json',
    'app://halfspread/%2e%2e/package.json',
    'app://halfspread/..%2fpackage.json',
    'app://halfspread/assets/%2e%2e%2f%2e%2e%2fpackage.json',
    'app://halfspread/..\\package.json',
    'app://halfspread//etc/passwd',
    'app://halfspread/index.html%00.js',
    'app://halfspread/INDEX.HTML',
    'app://halfspread/__proto__',
    'app://other/index.html',
    'app://halfspread:80/index.html',
    'app://halfspread.evil.example/index.html',
    'app://user@halfspread/index.html',
    'https://halfspread/index.html',
    'not a url',
  ])('answers 404 to %s', async (url) => {
    const refused = get(url);
    expect(refused.status).toBe(404);
    expect(await refused.text()).toBe('not found');
    expect(refused.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it.each(['POST', 'HEAD', 'PUT', 'OPTIONS'])('answers 405 to %s', (method) => {
    expect(get('app://halfspread/', method).status).toBe(405);
  });

  it('has a page without script for a window that keeps crashing, in both languages, leading back', async () => {
    const html = await get(STOPPED_PAGE_URL).text();
    expect(html).toContain('is not reloaded by itself');
    expect(html).toContain('n’est plus rechargée');
    expect(html).toContain('<a href="/">');
    expect(html).not.toMatch(/<script|style=/);
  });

  it('takes for its own what has exactly its scheme and host', () => {
    expect(isOwnUrl('app://halfspread/#/trades')).toBe(true);
    for (const url of ['app://halfspread.evil.example/', 'app://evil.example/halfspread', 'about:blank', '']) {
      expect(isOwnUrl(url)).toBe(false);
    }
  });
});
