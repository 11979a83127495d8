import { HalfspreadError } from '../../engine/protocol/errors.ts';
import type { PendingCode } from '../ipc/mode-schema.ts';
import type { IpcHandlers } from '../ipc/server.ts';
import type { CodeEntry } from '../shell/ports.ts';

/** The window's side of confirming by a code; in a shell that asks otherwise there is nothing to type. */
export function createCodeEntry(
  codes: CodeEntry | undefined,
  emit: (pending: PendingCode | undefined) => void,
): { handlers: Pick<IpcHandlers, 'confirm.code' | 'confirm.cancel'>; pending(): PendingCode | undefined } {
  codes?.onChange(emit);

  function asked(): CodeEntry {
    if (codes) return codes;
    throw new HalfspreadError(
      'HS_CONFIRM_OVER',
      'Nothing waits for a code here.',
      'Confirm in the message box of the system.',
    );
  }

  return {
    pending: () => codes?.pending(),
    handlers: {
      'confirm.code': ({ id, code }) => ({ right: asked().enter(id, code) }),
      'confirm.cancel'({ id }) {
        asked().cancel(id);
        return {};
      },
    },
  };
}
