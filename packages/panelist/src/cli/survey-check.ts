import { lineOfJson } from '../files/json-place.ts';
import { readText } from '../files/read-text.ts';
import { PanelistError, type PanelistErrorCode } from '../panelist-error.ts';
import { type Question, type Questionnaire, questionsOf } from '../survey/questionnaire.ts';
import { readSurveyFile } from '../survey/read-survey-file.ts';

interface Finding {
  readonly line: number | null;
  /** As in `pages[0].elements[2].title`; `null` for what is about the whole file. */
  readonly path: string | null;
  readonly text: string;
}

/** A finding whose line is yet to be looked up. */
interface Warning {
  readonly path: string;
  readonly text: string;
}

export interface SurveyCheck {
  readonly file: string;
  readonly isValid: boolean;
  /** Of the first problem; `null` for a valid file. */
  readonly code: PanelistErrorCode | null;
  readonly problems: readonly Finding[];
  readonly warnings: readonly Finding[];
  readonly title: string;
  readonly locale: string;
  readonly pages: number;
  readonly questions: number;
  readonly byKind: Readonly<Record<string, number>>;
}

/** As much as `readSurveyFile` reads. */
const MAX_BYTES = 10_000_000;

const nothing = { title: '', locale: '', pages: 0, questions: 0, byKind: {}, warnings: [] };

/**
 * Reads a survey as `survey deploy` does, and gathers what is wrong with it and what is probably not meant.
 *
 * @throws PanelistError `FILE_NOT_FOUND`, `FILE_NOT_READABLE`
 */
export async function checkSurvey(file: string, locale: string | undefined): Promise<SurveyCheck> {
  try {
    return valid(file, await readSurveyFile(file, { locale }), await textOf(file));
  } catch (error) {
    if (!(error instanceof PanelistError) || !error.code.startsWith('SURVEY_')) throw error;
    const { code } = error;
    return {
      file,
      isValid: false,
      code,
      ...nothing,
      problems: problemsOf(error.message, await textOf(file)),
    };
  }
}

/** For the lines; empty for a file that the importer did not read to its end, in which nothing has a line. */
async function textOf(file: string): Promise<string> {
  let text = '';
  try {
    const options = { what: 'survey', invalidCode: 'SURVEY_INVALID', maxBytes: MAX_BYTES } as const;
    for await (const piece of readText(file, options)) text += piece;
    return text;
  } catch (error) {
    if (error instanceof PanelistError) return '';
    throw error;
  }
}

function valid(file: string, questionnaire: Questionnaire, text: string): SurveyCheck {
  const questions = questionsOf(questionnaire);
  const byKind: Record<string, number> = {};
  for (const { kind } of questions) byKind[kind] = (byKind[kind] ?? 0) + 1;
  const { title, locale, pages } = questionnaire;
  return {
    file,
    isValid: true,
    code: null,
    problems: [],
    warnings: warningsOf(questionnaire).map(({ path, text: warning }) => ({
      line: lineOfJson(text, path),
      path,
      text: warning,
    })),
    title,
    locale,
    pages: pages.length,
    questions: questions.length,
    byKind,
  };
}

/** The importer writes a line for each problem, `  PATH ("NAME"): TEXT`; a syntax error says its line itself. */
function problemsOf(message: string, text: string): Finding[] {
  const [opening = '', ...lines] = message.split('\n');
  const syntax = /\bline (\d+), column/.exec(opening);
  if (syntax !== null) return [{ line: Number(syntax[1]), path: null, text: message }];
  const found = lines.flatMap((line): Finding[] => {
    const path = /^ {2}([^\s:]+)(?: \("|: )/.exec(line)?.[1];
    if (path !== undefined) return [{ line: lineOfJson(text, path), path, text: line.trim() }];
    return line.trim() === '' ? [] : [{ line: null, path: null, text: line.trim() }];
  });
  return found.length > 0 ? found : [{ line: null, path: null, text: message }];
}

function warningsOf(questionnaire: Questionnaire): Warning[] {
  const warnings: Warning[] = [];
  for (const page of questionnaire.pages) {
    const worded = new Map<string, string>();
    for (const question of questionsOf({ ...questionnaire, pages: [page] })) {
      warnings.push(...warningsOn(question));
      const words = `${question.stem}\n${question.title}`.toLowerCase();
      const same = worded.get(words);
      if (same === undefined) worded.set(words, question.name);
      else
        warnings.push(
          warning(
            question,
            `is worded as ${JSON.stringify(same)} on the same page: a respondent cannot tell them apart`,
          ),
        );
    }
  }
  return warnings;
}

function warningsOn(question: Question): Warning[] {
  const warnings: Warning[] = [];
  if (question.stem === '' && (question.title === '' || question.title === question.name))
    warnings.push(warning(question, 'has no title: respondents are asked its name'));
  if ('options' in question && question.options.length < 2)
    warnings.push(
      warning(question, `has ${question.options.length === 1 ? 'only one option' : 'no options'}`),
    );
  if (question.enableIf.includes('false'))
    warnings.push(warning(question, 'is read-only: it is shown and not asked'));
  return warnings;
}

function warning({ path, name }: Question, text: string): Warning {
  return { path, text: `${path} (${JSON.stringify(name)}): ${text}` };
}
