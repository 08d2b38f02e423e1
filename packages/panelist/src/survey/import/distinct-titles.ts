import { oneLine } from '../../text/one-line.ts';
import type { Page, PageElement, Question } from '../questionnaire.ts';
import type { ReadContext } from './survey-node.ts';

/**
 * Makes sure that no two questions of a page read alike: where titles are the same, those of the panels that they are in
 * go before them; where these are the same too, the second has "(2)" behind it, and its author is warned.
 */
export function withDistinctTitles(pages: readonly Page[], context: ReadContext): Page[] {
  return pages.map((page) => {
    const counts = new Map<string, number>();
    for (const { question } of placed(page.elements, '')) count(counts, fullTitle(question));
    const withStems = mapQuestions(page.elements, '', (question, panel) => {
      const isShared = (counts.get(fullTitle(question)) ?? 0) > 1;
      return isShared && question.stem === '' && panel !== '' ? { ...question, stem: panel } : question;
    });
    const seen = new Map<string, number>();
    const elements = mapQuestions(withStems, '', (question) => {
      const before = count(seen, fullTitle(question));
      if (before === 0) return question;
      const title = `${question.title} (${before + 1})`;
      context.warn(
        { path: question.path, element: question.name },
        `another question on its page has the same title; respondents read ${JSON.stringify(oneLine(title))}`,
      );
      count(seen, fullTitle({ ...question, title }));
      return { ...question, title };
    });
    return { ...page, elements };
  });
}

/** Adds one; returns how many there were before. */
function count(counts: Map<string, number>, key: string): number {
  const before = counts.get(key) ?? 0;
  counts.set(key, before + 1);
  return before;
}

function fullTitle({ stem, title }: Pick<Question, 'stem' | 'title'>): string {
  return oneLine(`${stem}\n${title}`).toLowerCase();
}

function* placed(
  elements: readonly PageElement[],
  panel: string,
): Generator<{ readonly question: Question; readonly panel: string }> {
  for (const element of elements) {
    if (element.kind === 'note') continue;
    if (element.kind === 'block') yield* placed(element.elements, element.title || panel);
    else yield { question: element, panel };
  }
}

function mapQuestions(
  elements: readonly PageElement[],
  panel: string,
  map: (question: Question, panel: string) => Question,
): PageElement[] {
  return elements.map((element): PageElement => {
    if (element.kind === 'note') return element;
    if (element.kind === 'block')
      return { ...element, elements: mapQuestions(element.elements, element.title || panel, map) };
    return map(element, panel);
  });
}
