/** One AI respondent: an id that is unique in the audience, and a persona from the file. */
export interface Respondent {
  readonly id: string;
  /** Column or field → text, in the file's order, without empty ones. */
  readonly persona: Readonly<Record<string, string>>;
  /** Survey weight: how many people they represent, relative to other respondents; above 0. @default 1 */
  readonly weight?: number | undefined;
}
