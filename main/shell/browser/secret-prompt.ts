import type { PendingSecret, SecretOutcome } from '../../../engine/protocol/secret-prompt.ts';
import type { SecretPrompt } from '../../ipc/key-schema.ts';
import type { SecretSource } from '../ports.ts';
import type { Terminal } from './terminal.ts';

/** What `halfspread secret` speaks to through the window's server. */
export interface SecretGate {
  pending(): PendingSecret;
  hand(id: string, secret: string): SecretOutcome;
}

const COMMAND = 'npm run -s halfspread -- secret';

/**
 * Secrets of the browser shell: typed, unseen, into the terminal Halfspread runs in, or a line of what is piped into it; and
 * in every case by `halfspread secret` from any terminal of the same user.
 */
export function createBrowserSecrets(
  terminal: Terminal | undefined,
  print: (line: string) => void,
): { source: SecretSource; gate: SecretGate } {
  let asked: { prompt: SecretPrompt; offer: Parameters<SecretSource['listen']>[1]['offer'] } | undefined;

  const source: SecretSource = {
    ways() {
      const kind = terminal?.kind() ?? 'none';
      return kind === 'none' ? ['command'] : [kind, 'command'];
    },
    listen(prompt, on) {
      asked = { prompt, offer: on.offer };
      print(`Halfspread asks for: ${prompt.title.en}`);
      print(prompt.detail.en);
      print(
        prompt.ways.includes('terminal')
          ? 'Type or paste it here and press Enter; nothing of it is shown. Ctrl-C: cancel.'
          : `Hand it over with: ${COMMAND}`,
      );
      const reading = terminal?.readHidden(
        (line) => {
          const refused = on.offer(line);
          if (refused) print(`${refused.message} ${refused.remedy}`);
        },
        () => on.cancel(),
      );
      return {
        end(outcome) {
          asked = undefined;
          reading?.end();
          print(ENDINGS[outcome]);
        },
      };
    },
  };

  const gate: SecretGate = {
    pending() {
      if (!asked) return {};
      const { id, title, detail, until } = asked.prompt;
      return { prompt: { id, title: title.en, detail: detail.en, until } };
    },
    hand(id, secret) {
      if (asked?.prompt.id !== id) return { refused: NOT_ASKED };
      const refused = asked.offer(secret);
      return refused ? { refused } : {};
    },
  };
  return { source, gate };
}

const ENDINGS = {
  taken: 'It was taken; the window goes on with it.',
  cancelled: 'The secret is not asked for any more.',
  timeOver: 'The time is over; the secret is not asked for any more.',
} as const;

const NOT_ASKED = {
  code: 'HS_SECRET_NOT_ASKED',
  message: 'This secret is not asked for any more; what was handed over was thrown away.',
  remedy: 'Start again in the window.',
};
