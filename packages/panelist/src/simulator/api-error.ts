/** A refusal in OpenAI's shape: `{ error: { message, type, param, code } }`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly #type: string;
  readonly #code: string | null;
  readonly #param: string | null;

  constructor(
    status: number,
    details: {
      readonly message: string;
      readonly type: string;
      readonly code: string | null;
      readonly param?: string | null | undefined;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    },
  ) {
    super(details.message);
    this.status = status;
    this.headers = details.headers ?? {};
    this.#type = details.type;
    this.#code = details.code;
    this.#param = details.param ?? null;
  }

  static badRequest(message: string, param: string | null): ApiError {
    return new ApiError(400, { message, type: 'invalid_request_error', code: null, param });
  }

  body(): string {
    const { message } = this;
    return JSON.stringify({ error: { message, type: this.#type, param: this.#param, code: this.#code } });
  }
}
