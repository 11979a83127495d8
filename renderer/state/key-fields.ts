/** Fields of the key dialogs as people fill them in. Each answers undefined when the text is not one. Pure. */

/** Paradex: a Stark account address. */
export function starkAddressOf(text: string): string | undefined {
  const trimmed = text.trim();
  return /^0x[0-9a-fA-F]{1,64}$/.test(trimmed) ? trimmed : undefined;
}

export function ethereumAddressOf(text: string): string | undefined {
  const trimmed = text.trim();
  return /^0x[0-9a-fA-F]{40}$/.test(trimmed) ? trimmed : undefined;
}

export function labelOf(text: string): string | undefined {
  const trimmed = text.trim();
  return trimmed.length >= 1 && trimmed.length <= 64 ? trimmed : undefined;
}

export function accountGroupOf(text: string): number | undefined {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) : undefined;
}

export function daysOf(text: string): number | undefined {
  const days = Number(text.trim());
  return Number.isInteger(days) && days >= 1 && days <= 365 ? days : undefined;
}

/** "2026-12-31 18:00" in UTC, seconds and a T allowed; Unix ms. Only what lies after `now`. */
export function momentOf(text: string, now: number): number | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)Z?$/.exec(text.trim());
  if (!parts) return undefined;
  const at = Date.parse(`${parts[1]}T${parts[2]}Z`);
  return Number.isFinite(at) && at > now ? at : undefined;
}

/** An address of the given protocols, without a slash at its end. */
export function urlOf(text: string, protocols: readonly string[]): string | undefined {
  const trimmed = text.trim().replace(/\/+$/, '');
  if (!URL.canParse(trimmed)) return undefined;
  return protocols.includes(new URL(trimmed).protocol) ? trimmed : undefined;
}

/** The whole path of a file: from the root, or from a drive. Empty: none. */
export function pathOf(text: string): { path?: string } | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return {};
  return /^(\/|[A-Za-z]:[\\/])/.test(trimmed) ? { path: trimmed } : undefined;
}
