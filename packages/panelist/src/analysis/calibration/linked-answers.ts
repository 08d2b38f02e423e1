import type { AnswerColumn } from '../answer-column.ts';
import type { AnswerTable } from '../answer-table.ts';

/** One respondent's answers to a question, averaged over their interviews. */
export interface RespondentAnswer {
  readonly weight: number;
  /** For numbers and scales; `null` for others. */
  readonly number: number | null;
  /** The variance of the numbers between the interviews; 0 for one. */
  readonly numberVariance: number;
  /** For each option, how often it was chosen: 0 to 1. `null` for questions without options. */
  readonly shares: readonly number[] | null;
}

/** The respondents who answered, by id. */
export function respondentAnswers(
  table: AnswerTable,
  column: AnswerColumn,
): ReadonlyMap<string, RespondentAnswer> {
  const options = column.options?.length ?? 0;
  const sums = new Map<number, { answers: number; numbers: number[]; chosen: number[] }>();
  for (let interview = 0; interview < table.interviews; interview += 1) {
    if (!column.hasValue(interview)) continue;
    const respondent = table.respondentOf.at(interview);
    const known = sums.get(respondent) ?? {
      answers: 0,
      numbers: [],
      chosen: new Array<number>(options).fill(0),
    };
    sums.set(respondent, known);
    known.answers += 1;
    const number = column.number(interview);
    if (!Number.isNaN(number)) known.numbers.push(number);
    for (let option = 0; option < options; option += 1)
      if (column.isChosen(interview, option)) known.chosen[option] = (known.chosen[option] as number) + 1;
  }
  return new Map(
    [...sums].map(([respondent, { answers, numbers, chosen }]) => {
      const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
      const squares = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0);
      return [
        table.respondentIds[respondent] as string,
        {
          weight: table.weights.at(respondent),
          number: numbers.length > 0 ? mean : null,
          numberVariance: numbers.length > 0 ? squares / numbers.length : 0,
          shares: options > 0 ? chosen.map((count) => count / answers) : null,
        },
      ];
    }),
  );
}

/** A person's answer beside that of the respondent who plays them. */
export interface LinkedPair {
  readonly human: RespondentAnswer;
  readonly synthetic: RespondentAnswer;
}

export interface LinkedAnswers {
  readonly pairs: readonly LinkedPair[];
  /** Answers of respondents who play nobody in the file. */
  readonly others: readonly RespondentAnswer[];
}

/** Links the answers to one question by the ids of people and respondents. */
export function linkedAnswers(
  synthetic: ReadonlyMap<string, RespondentAnswer>,
  humans: ReadonlyMap<string, RespondentAnswer>,
  isHuman: (id: string) => boolean,
): LinkedAnswers {
  const pairs: LinkedPair[] = [];
  const others: RespondentAnswer[] = [];
  for (const [id, answer] of synthetic) {
    const human = humans.get(id);
    if (human !== undefined) pairs.push({ human, synthetic: answer });
    else if (!isHuman(id)) others.push(answer);
  }
  return { pairs, others };
}
