/** An error reply of the JSON-RPC WebSocket. */
export class RpcFailure extends Error {
  readonly code: number;
  readonly data: string | undefined;
  /** Known when the request's id could be read although the request is bad. */
  readonly requestId: number | undefined;

  constructor(code: number, message: string, data?: string, requestId?: number) {
    super(message);
    this.code = code;
    this.data = data;
    this.requestId = requestId;
  }
}
