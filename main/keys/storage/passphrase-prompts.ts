import type { AskSecret } from '../../shell/ports.ts';
import { textInAllLanguages } from '../../text/words.ts';
import { cancelled } from '../cancelled.ts';
import { readNewPassphrase, readPassphrase } from '../key-formats.ts';

/** @throws HalfspreadError HS_KEY_CANCELLED, HS_SECRET_... */
export async function askPassphrase(askSecret: AskSecret, signal: AbortSignal): Promise<string> {
  const given = await askSecret({
    title: textInAllLanguages('tradingKeys.ask.passphrase'),
    detail: textInAllLanguages('tradingKeys.ask.passphrase.detail'),
    kind: 'passphrase',
    read: readPassphrase,
    signal,
  });
  if (given === undefined) throw cancelled();
  return given;
}

/** Asks twice: a mistyped passphrase would lock the keys in for good. @throws HalfspreadError HS_KEY_CANCELLED, HS_SECRET_... */
export async function askNewPassphrase(askSecret: AskSecret, signal: AbortSignal): Promise<string> {
  const first = await askSecret({
    title: textInAllLanguages('tradingKeys.ask.newPassphrase'),
    detail: textInAllLanguages('tradingKeys.ask.newPassphrase.detail'),
    kind: 'passphrase',
    read: readNewPassphrase,
    signal,
  });
  if (first === undefined) throw cancelled();
  const second = await askSecret({
    title: textInAllLanguages('tradingKeys.ask.passphraseAgain'),
    detail: textInAllLanguages('tradingKeys.ask.passphraseAgain.detail'),
    kind: 'passphrase',
    read: (typed) =>
      typed === first
        ? { secret: typed }
        : {
            refused: {
              code: 'HS_SECRET_DIFFERS',
              message: 'This is another passphrase than the first one.',
              remedy: 'Give the same one again, or cancel and start over.',
            },
          },
    signal,
  });
  if (second === undefined) throw cancelled();
  return second;
}
