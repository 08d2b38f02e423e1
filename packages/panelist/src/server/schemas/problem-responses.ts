import { problemDetails } from '../errors/problem-details.ts';

const content = { 'application/problem+json': { schema: problemDetails } };

/** What every route may answer besides its own: `code` says which. */
export const problemResponses = {
  default: { description: 'A problem (RFC 9457): match on `code`.', content },
} as const;
