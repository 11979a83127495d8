/**
 * Sentences of main as a code and its values: the command line and the logs have them in English, the window and the
 * notifications in their own language. The words are in main/text/{en,fr}/sites-said.ts.
 */
import type { Finding, Saying } from '../ipc/site-schema.ts';
import type { Language } from '../ipc/schema.ts';
import { catalogues, fillTemplate, isTextKey, type TextKey } from './catalogue.ts';
import { errorWords, type ErrorWords } from './error-words.ts';
import { frenchCommands } from './fr/commands.ts';
import { formatCount, formatDuration, formatNumber, formatSize, MINUS, withUnit } from './numbers.ts';
import type { TextValues } from './words.ts';

/** A key of the catalogue without its "said.". */
export type SayingCode = TextKey extends infer Key ? (Key extends `said.${infer Code}` ? Code : never) : never;

/** Values carry their unit in their name (`freeMiB`, `tookMs`): each language writes it its own way. */
export function saying<Code extends SayingCode>(code: Code, ...values: TextValues<`said.${Code}`>): Saying {
  const [parameters] = values;
  return parameters === undefined ? { code } : { code, parameters: { ...parameters } };
}

/** What is the same in every language: a path, a version, an address. */
export function sayingAsItIs(text: string): Saying {
  return saying('asItIs', { text });
}

/** That something ended with an error. Its English is the error's own message. */
export function sayingError({ code }: { code: string }): Saying {
  return { code };
}

/** The words of `said` in English: for the command line, logs and journals. */
export function inEnglish(said: readonly Saying[]): string {
  return said.map((one) => textOf(one, 'en') ?? one.code).join('; ');
}

/** The words of `said`; `lang` marks what is English because a code has no words here. */
export function saidWords(
  said: readonly Saying[] | undefined,
  english: string,
  language: Language,
): { text: string; lang?: 'en' } {
  const [only] = said ?? [];
  if (only?.code.startsWith('HS_')) {
    const { title, lang } = errorWords({ code: only.code, message: english, remedy: '' }, language);
    return { text: title, ...(lang && { lang }) };
  }
  const texts = (said ?? []).map((one) => textOf(one, language));
  const known = texts.filter((text) => text !== undefined);
  if (known.length === 0 || known.length < texts.length)
    return { text: english, ...(language !== 'en' && { lang: 'en' }) };
  return { text: known.join(language === 'fr' ? '\u202f; ' : '; ') };
}

/** The words of a finding; one that is an error of the family has those of the error. */
export function findingWords(finding: Finding, language: Language): ErrorWords {
  const title = finding.said && textOf(finding.said, language);
  if (title === undefined) return errorWords(finding, language);
  const remedy = finding.saidRemedy && textOf(finding.saidRemedy, language);
  return { title, remedy: remedy ?? finding.remedy };
}

/** The name of a command of a plan; one without words keeps its English name. */
export function commandName(name: string, language: Language): string {
  return (language === 'fr' ? frenchCommands.get(name) : undefined) ?? name;
}

function textOf({ code, parameters = {} }: Saying, language: Language): string | undefined {
  const key = `said.${code}`;
  if (!isTextKey(key)) return undefined;
  const values = Object.entries(parameters).map(([name, value]) => [name, valueText(name, value, language)] as const);
  return fillTemplate(catalogues[language][key], Object.fromEntries(values));
}

/** Words whose key ends with the value. */
const VALUE_WORDS: Readonly<Record<string, string>> = { service: 'sites.service', trading: 'trading' };

function valueText(name: string, value: string | number, language: Language): string {
  if (typeof value === 'string') {
    const key = `${VALUE_WORDS[name] ?? ''}.${value}`;
    return isTextKey(key) ? catalogues[language][key] : value;
  }
  if (name === 'n') return formatCount(language, value);
  if (name === 'amount') return formatNumber(language, value, { decimals: 2 });
  if (name.endsWith('MiB')) return formatSize(language, value, 'MiB');
  if (name.endsWith('Bytes')) return formatSize(language, value / 1e6, 'MB', 1);
  if (name.endsWith('OffsetMs')) return `${value < 0 ? MINUS : '+'}${timeText(Math.abs(value), language)}`;
  if (name.endsWith('Ms')) return timeText(value, language);
  // Ports and counts: never grouped.
  return String(value);
}

function timeText(ms: number, language: Language): string {
  if (ms >= 1000) return formatDuration(language, ms);
  return withUnit(formatNumber(language, ms, { decimals: 1 }), 'ms');
}
