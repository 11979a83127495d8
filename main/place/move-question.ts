/** What the person is asked outside of the window before a server gets keys that trade real money. */
import type { Language } from '../ipc/schema.ts';
import type { Site } from '../ipc/site-schema.ts';
import type { ConfirmRequest } from '../shell/ports.ts';
import { wordsIn } from '../text/words.ts';

export function moveQuestion(language: Language, { name, host, user, agent }: Site): ConfirmRequest {
  const { text } = wordsIn(language);
  return {
    language,
    title: text('place.question.title', { site: name }),
    lines: [
      text('place.question.keys', { site: name, login: `${user}@${host}`, agent: agent.agentId.slice(0, 12) }),
      text('place.question.admin'),
      text('place.question.again'),
      text('place.question.disarmed'),
    ],
    confirm: text('place.question.confirm'),
    cancel: text('place.question.cancel'),
  };
}
