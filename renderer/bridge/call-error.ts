/** A call that main or the engine refused, or that never got its answer. `code` is the contract (HS_...). */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: string;
  readonly remedy: string;

  constructor(code: string, message: string, remedy: string) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }
}
