import { pathOf } from '../question.ts';
import { beside, type Cell, type Raw } from './cells.ts';
import { JoinedTexts, SurveyJsText } from './localised-text.ts';
import type { AskedType } from './raw-survey.ts';
import { expressionLiteral } from './references.ts';
import { hasSpecialOptions } from './special-options.ts';
import { isObject } from './survey-node.ts';
import { canonical } from './surveyjs-properties.ts';

/** A text that SurveyJS asks for beside a question, as a question of its own. */
export interface CommentQuestion {
  readonly raw: Raw;
  readonly cell: Cell;
}

/** The comments of a question: its comment area, and the text of "Other". */
export function commentsOf(raw: Raw, type: AskedType, cell: Cell): CommentQuestion[] {
  if (type === 'entrycount') return [];
  const { showOtherItem, showCommentArea, otherText, choices } = canonical(raw, type);
  const comments = showCommentArea === true ? [commentArea(raw, cell)] : [];
  const listsOther =
    Array.isArray(choices) &&
    choices.some((item) => item === 'other' || (isObject(item) && item.value === 'other'));
  // SurveyJS ignores them in other lists.
  if (showOtherItem !== true || listsOther || !hasSpecialOptions(type)) return comments;
  const other = {
    type: 'comment',
    title: new JoinedTexts([titleOf(raw, cell), otherText ?? new SurveyJsText('otherItemText')]),
    isRequired: true,
    visibleIf: chosenIf(cell, raw, type, 'other'),
  };
  // Where there is a comment area besides, it has the shorter name.
  const suffix = comments.length > 0 ? '-other-Comment' : '-Comment';
  return [...comments, { raw: other, cell: beside(cell, suffix) }];
}

/** The comment area of a question or a grid. */
export function commentArea(raw: Raw, cell: Cell): CommentQuestion {
  const { visibleIf, enableIf, readOnly, commentText } = canonical(raw, 'question');
  const comment = {
    type: 'comment',
    title: new JoinedTexts([titleOf(raw, cell), commentText ?? new SurveyJsText('commentText')]),
    ...(visibleIf !== undefined && { visibleIf }),
    ...(enableIf !== undefined && { enableIf }),
    ...(readOnly !== undefined && { readOnly }),
  };
  return { raw: comment, cell: beside(cell, '-Comment') };
}

/** The comment that an option asks for once it is chosen; `null` for none. */
export function commentOfOption(item: Raw, raw: Raw, type: AskedType, cell: Cell): CommentQuestion | null {
  if (item.showCommentArea !== true || item.value === 'other') return null;
  const comment = {
    type: 'comment',
    title: new JoinedTexts([titleOf(raw, cell), item.text ?? item.value]),
    visibleIf: chosenIf(cell, raw, type, item.value),
    ...(item.isCommentRequired === true && { isRequired: true }),
  };
  return { raw: comment, cell: beside(cell, `-${String(item.value)}-Comment`) };
}

function titleOf(raw: Raw, cell: Cell): unknown {
  return raw.title ?? raw.name ?? cell.name;
}

/** The condition that an option of the question is chosen. */
export function chosenIf(cell: Cell, raw: Raw, type: AskedType, value: unknown): string {
  const several =
    ['checkbox', 'tagbox', 'ranking'].includes(type) || canonical(raw, type).multiSelect === true;
  return `{${pathOf(cell)}} ${several ? 'contains' : '='} ${expressionLiteral(value as string)}`;
}
