import { typeHidden } from '../../../engine/protocol/secret-prompt.ts';

/** The part of standard input that is used; tests hand in another. */
export interface TerminalInput {
  isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  setEncoding(encoding: 'utf8'): unknown;
  on(event: 'data', listener: (text: string) => void): unknown;
  on(event: 'end' | 'close' | 'error', listener: () => void): unknown;
}

/** The terminal Halfspread was started in: Enter outside of a prompt, one hidden line inside. */
export interface Terminal {
  /** `none`: its input is at its end, or there never was one. */
  kind(): 'terminal' | 'pipe' | 'none';
  /** Reads lines nobody sees until ended. In a pipe, lines are what stands between line ends. */
  readHidden(onLine: (line: string) => void, onCancel: () => void): { end(): void };
}

/** @param onEnter a line came while no secret was read */
export function openTerminal(input: TerminalInput, onEnter: () => void): Terminal {
  let isOpen = true;
  let reading: { take(text: string): void } | undefined;
  const gone = () => (isOpen = false);
  input.setEncoding('utf8');
  input.on('data', (text) => {
    if (reading) reading.take(text);
    else if (text.includes('\n')) onEnter();
  });
  input.on('end', gone);
  input.on('close', gone);
  input.on('error', gone);

  return {
    kind: () => (!isOpen ? 'none' : input.isTTY ? 'terminal' : 'pipe'),
    readHidden(onLine, onCancel) {
      const line = { typed: '' };
      const mine = {
        take(text: string) {
          const end = typeHidden(line, text);
          if (end === undefined) return;
          line.typed = '';
          if (end === 'cancelled') onCancel();
          else onLine(end.line);
        },
      };
      reading = mine;
      if (input.isTTY) input.setRawMode?.(true);
      return {
        end() {
          if (reading !== mine) return;
          reading = undefined;
          line.typed = '';
          if (input.isTTY) input.setRawMode?.(false);
        },
      };
    },
  };
}
