import { type LiveCall, REPLY_TOKENS } from './cases.ts';

export interface ChatBody {
  readonly model: string;
  readonly messages: { readonly role: 'user'; readonly content: string }[];
  readonly max_completion_tokens: number;
}

/** The request body of a call, the same for all contenders. */
export function chatBody({ prompt }: Pick<LiveCall, 'prompt'>): ChatBody {
  return {
    model: 'simulator',
    messages: [{ role: 'user', content: prompt }],
    max_completion_tokens: REPLY_TOKENS,
  };
}
