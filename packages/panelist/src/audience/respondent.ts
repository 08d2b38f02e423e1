/** One AI respondent: an id that is unique in its audience, and who they are, as the file has it. */
export interface Respondent {
  readonly id: string;
  /** Column or field → text, in the file's order; empty ones are left out. */
  readonly persona: Readonly<Record<string, string>>;
  /** How many people of the population they stand for, relative to the others; above 0. @default 1 */
  readonly weight?: number | undefined;
}
