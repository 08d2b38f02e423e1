/** A response's JSON, with the fields that tests of the simulator look at; each is there where it should be. */
export interface SimulatorReply {
  readonly id: string;
  readonly choices: readonly [
    {
      readonly message: { readonly content: string; readonly refusal: string | null };
      readonly finish_reason: string;
    },
  ];
  readonly usage: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly total_tokens: number;
  };
  readonly error: { readonly message: string; readonly type: string; readonly code: string | null };
  readonly data: readonly [{ readonly description: string }];
}

export async function readReply(response: Response): Promise<SimulatorReply> {
  return (await response.json()) as SimulatorReply;
}
