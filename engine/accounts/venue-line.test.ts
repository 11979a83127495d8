import { describe, expect, it } from 'vitest';
import { NetworkError } from '../core/errors.ts';
import type { HttpRequest, HttpResponse, Network } from '../env.ts';
import { VenueLine } from './venue-line.ts';

/** A clock that only the network moves. */
function lineOver(answer: (request: HttpRequest) => { tookMs: number; response: Partial<HttpResponse> | Error }) {
  let nowMs = 1_000;
  const asked: HttpRequest[] = [];
  const network: Network = {
    async request(request) {
      asked.push(request);
      const { tookMs, response } = answer(request);
      request.onHandedToSocket?.(nowMs + 1);
      nowMs += tookMs;
      if (response instanceof Error) throw response;
      return { status: 200, headers: {}, body: '{}', receivedAtMs: nowMs, ...response };
    },
    openSocket: () => {
      throw new Error('not used');
    },
    warm: () => Promise.resolve(),
    httpReports: () => [],
  };
  const clock = { monotonicMs: () => nowMs, wallMs: () => nowMs };
  return { line: new VenueLine({ network, clock }, 'Paradex', 12_000), asked };
}

const get = { method: 'GET', url: 'https://venue.test/v1/x', timeoutMs: 10_000 } as const;

describe('a line to a venue', () => {
  it('bounds each request by 5 s and all of them by the whole', async () => {
    const { line, asked } = lineOver(({ timeoutMs }) => ({ tookMs: timeoutMs, response: {} }));
    for (let request = 0; request < 3; request++) await line.request(get);
    await expect(line.request(get)).rejects.toMatchObject({ code: 'HS_VENUE_UNREACHABLE' });
    expect(asked.map(({ timeoutMs }) => timeoutMs)).toEqual([5_000, 5_000, 2_000]);
    expect(line.leftMs()).toBe(0);
  });

  it('takes round trips from the hand-over to the socket, and their median', async () => {
    const durations = [300, 12, 11];
    const { line } = lineOver(() => ({ tookMs: durations.shift()!, response: {} }));
    expect(line.medianRoundTripMs()).toBeUndefined();
    for (let request = 0; request < 3; request++) await line.request(get);
    expect(line.medianRoundTripMs()).toBe(11);
  });

  it.each([
    ['ENOTFOUND', 'its name is unknown'],
    ['ECONNREFUSED', 'nothing listens'],
    ['CERT_HAS_EXPIRED', 'certificate'],
  ])('says what %s means, and names the host alone', async (code, words) => {
    const cause = Object.assign(new Error('low-level words'), { code });
    const failure = new NetworkError('HS_NET_NO_ANSWER', 'No answer.', 'Check.', { cause });
    const { line } = lineOver(() => ({ tookMs: 1, response: failure }));
    await expect(line.request({ ...get, url: `${get.url}?secret=1` })).rejects.toMatchObject({
      code: 'HS_VENUE_UNREACHABLE',
      message: expect.stringMatching(new RegExp(`at venue.test: .*${words}`)),
    });
  });

  it('keeps the words of a failure it does not know', async () => {
    const failure = new NetworkError('HS_NET_NO_ANSWER', 'No answer.', 'Check.', { cause: new Error('odd thing') });
    const { line } = lineOver(() => ({ tookMs: 1, response: failure }));
    await expect(line.request(get)).rejects.toThrow(/odd thing/);
  });

  it('lets the venue’s own refusals and empty answers pass', async () => {
    const answers: Partial<HttpResponse>[] = [
      { status: 401, body: '{"error":"X"}' },
      { status: 204, body: '' },
    ];
    const { line } = lineOver(() => ({ tookMs: 1, response: answers.shift()! }));
    expect((await line.request(get)).status).toBe(401);
    expect((await line.request(get)).status).toBe(204);
  });
});
