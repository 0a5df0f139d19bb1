/** Answers as plain data: status, headers and the text of an envelope. Owns the envelope's form. Knows no sockets. */

/** An answer before it is sent. */
export interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is answered with an error envelope. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    message: string,
    /** The messages for `errors`, one for each mistake. */
    readonly details: readonly string[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** A success: 200 and `status.code` 0. `data` is JSON text; `errors` lists the parts of the request that failed. */
export function ok(data: string, errors: readonly string[] = []): Answer {
  const told = errors.length === 0 ? '' : `,"errors":${JSON.stringify(errorList(400, errors))}`;
  return { status: 200, body: `{"status":{"code":0},"data":${data}${told}}` };
}

/** An error envelope. Its code is the HTTP status, because no public source shows a real code other than 0 and 1. */
export function failed(status: number, message: string, path: string, details: readonly string[] = []): Answer {
  const errors = errorList(status, details.length > 0 ? details : [message]);
  return { status, body: JSON.stringify({ status: { code: status, message }, errors, path }) };
}

const errorList = (code: number, messages: readonly string[]): object[] => messages.map((message) => ({ status: { code, message } }));
