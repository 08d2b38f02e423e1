import { surveyLocalization } from 'survey-core';
import 'survey-core/survey.i18n';
import type { Option } from '../questionnaire.ts';
import type { ReadContext, SurveyNode } from './survey-node.ts';

interface Special {
  readonly show: string;
  readonly text: string;
  readonly value: string;
  readonly role: Option['role'];
  /** SurveyJS's name for the text that it shows where the file has none. */
  readonly localisation: string;
}

/** As SurveyJS has them, in the order in which it puts them at the end. */
const specials: readonly Special[] = [
  { show: 'showNoneItem', text: 'noneText', value: 'none', role: 'none', localisation: 'noneItemText' },
  {
    show: 'showRefuseItem',
    text: 'refuseText',
    value: 'refused',
    role: 'refused',
    localisation: 'refuseItemText',
  },
  {
    show: 'showDontKnowItem',
    text: 'dontKnowText',
    value: 'dontknow',
    role: 'dont-know',
    localisation: 'dontKnowItemText',
  },
  { show: 'showOtherItem', text: 'otherText', value: 'other', role: 'other', localisation: 'otherItemText' },
];

/** SurveyJS ignores them in other lists. */
export function hasSpecialOptions(surveyClass: string): boolean {
  return ['radiogroup', 'dropdown', 'checkbox', 'tagbox'].includes(surveyClass);
}

/** The options that SurveyJS adds to a question's own: "Other", "None", "Refuse to answer", "Don't know". */
export function specialOptions(
  node: SurveyNode,
  own: readonly Option[],
  { language }: ReadContext,
): Option[] {
  if (!hasSpecialOptions(node.surveyClass)) return [];
  return specials
    .filter(({ show, value }) => node.boolean(show, false) && !own.some((option) => option.value === value))
    .map(({ text, value, role, localisation }) => ({
      value,
      text: node.text(text) || surveyLocalization.getString(localisation, language.locale),
      visibleIf: [],
      role,
      isExclusive: role !== 'other',
      isSpecial: true,
    }));
}

/** What an option that the file itself lists means, by the words that questionnaires use for it. */
export function roleOf(value: unknown, text: string): Option['role'] {
  const said = text
    .trim()
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[.!。]+$/u, '');
  if (
    /^(?:don'?t know|do not know|(?:i )?(?:don'?t|do not) know|not sure|unsure|不知道|不清楚|不确定)(?: \/.*)?$/u.test(
      said,
    )
  )
    return 'dont-know';
  if (
    /^(?:(?:i )?(?:prefer|rather|would prefer|would rather) not (?:to )?(?:say|answer|disclose|respond)|refused?(?: to answer)?|decline(?: to (?:answer|say|state))?|不愿(?:意)?(?:透露|回答|说)|拒绝回答|不便透露)$/u.test(
      said,
    )
  )
    return 'refused';
  if (/^(?:none|none of (?:the above|these)|以上(?:都|皆)不是|以上皆非|没有)$/u.test(said)) return 'none';
  if (value === 'other' || /^(?:other|others|something else|其他|其它)(?:[ ,(:（，：—–-].*)?$/u.test(said))
    return 'other';
  return 'plain';
}
