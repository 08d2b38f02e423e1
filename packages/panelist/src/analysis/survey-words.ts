import { type Messages, messagesFor } from '../languages/messages.ts';
import { fillPiping } from '../survey/interview/piping.ts';
import { namesOf } from '../survey/interview/question-references.ts';
import { type Question, type Questionnaire, questionsOf, type Template } from '../survey/questionnaire.ts';
import { shortened } from '../text/shortened.ts';
import { terminalSafe } from '../text/terminal-safe.ts';

/** Maximum length of a title that is quoted in another, in characters. */
const maxQuoted = 80;
/** The content of braces that pipe a value. Other braces, such as those of a set {1, 2}, are plain text. */
const pipedName = /^[\p{L}_#$][\p{L}\p{N}_.$[\]# -]*$/u;

/** The language of a survey's results, and how its own texts are rendered. */
export interface SurveyWords {
  readonly messages: Messages;
  /**
   * Renders a text of the survey for readers of results. A piped answer differs between respondents, so the question is
   * named instead: `How satisfied are you with [answer to “Which machine?”]?`
   */
  readonly readable: (template: Template) => string;
}

export function surveyWords(questionnaire: Pick<Questionnaire, 'locale' | 'pages'>): SurveyWords {
  const messages = messagesFor(questionnaire.locale);
  const questions = new Map(
    questionsOf(questionnaire).flatMap((question) =>
      namesOf(question).map((name) => [name, question] as const),
    ),
  );
  const nameOf = (piped: string): string | undefined => {
    const question = questionPiped(piped, questions);
    if (question !== undefined) return messages.piping.answerTo(quoted(question));
    return pipedName.test(piped) ? messages.piping.valueOf(piped) : undefined;
  };
  return { messages, readable: (template) => fillPiping(template, nameOf) };
}

/** Finds the piped question: `rank[0]` and `rank.length` pipe a part of the answer to `rank`. */
function questionPiped(piped: string, questions: ReadonlyMap<string, Question>): Question | undefined {
  for (let name = piped; name !== ''; name = name.replace(/(^|\.|\[)[^.[]*$/, '')) {
    const question = questions.get(name.toLowerCase());
    if (question !== undefined) return question;
  }
  return undefined;
}

/** Pipes inside a quoted title are not resolved further. */
function quoted({ title, name }: Question): string {
  const text = terminalSafe(fillPiping(title, () => '…')) || name;
  return shortened(text, maxQuoted);
}

/** A question's title, after the title of the grid that it belongs to. */
export function fullTitle(
  { stem, title, name }: Question,
  { readable }: Pick<SurveyWords, 'readable'>,
): string {
  const parts = [stem, title].map((part) => terminalSafe(readable(part))).filter((part) => part !== '');
  return parts.join(' – ') || terminalSafe(name);
}
