/** The longest line a child may write; practice venues describe themselves in one. */
const MAX_LINE_CHARS = 1024 * 1024;

/** Cuts chunks of a stream into lines. A line beyond the bound is passed on cut, never kept whole. */
export function createLineReader(onLine: (line: string) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(0, MAX_LINE_CHARS);
    for (const line of lines) if (line !== '') onLine(line.slice(0, MAX_LINE_CHARS));
  };
}
