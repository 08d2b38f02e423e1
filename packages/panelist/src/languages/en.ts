/** Everything that Panelist itself says about a survey's results, in English. Every other language has the same keys. */
export const en = {
  /** What stands in a title for an answer that each respondent gave differently. */
  piping: {
    answerTo: (title: string): string => `[answer to “${title}”]`,
    valueOf: (name: string): string => `[value of “${name}”]`,
  },
};
