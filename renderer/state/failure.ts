/** What the window can say of anything that was thrown: the same three parts every error of Halfspread has. */
export interface Failure {
  code: string;
  message: string;
  remedy: string;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof Error) {
    const { code, remedy } = error as Error & { code?: unknown; remedy?: unknown };
    return {
      code: typeof code === 'string' ? code : 'HS_UNEXPECTED',
      message: error.message,
      remedy: typeof remedy === 'string' ? remedy : '',
    };
  }
  return { code: 'HS_UNEXPECTED', message: String(error), remedy: '' };
}
