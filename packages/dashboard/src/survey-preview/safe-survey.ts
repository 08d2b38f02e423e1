type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Elements that are shown as a person sees them. Others hold HTML, load something or run code of their own. */
const shown = new Set([
  'panel',
  'paneldynamic',
  'text',
  'comment',
  'radiogroup',
  'checkbox',
  'dropdown',
  'tagbox',
  'buttongroup',
  'ranking',
  'rating',
  'boolean',
  'slider',
  'matrix',
  'matrixdropdown',
  'matrixdynamic',
  'multipletext',
  'expression',
  'imagepicker',
]);

/** Members that hold HTML or an address, send answers somewhere, or name code. */
const hidden =
  /html|url|^(?:logo|logo.*|background.*|image.*|image|css|cssClasses|cssVariables|.*Component|component|renderAs|theme.*|surveyId|surveyPostId|surveyShowDataSaving|cookieName|clientId|sendResultOnPageNext|contentMode|videoLink|iframe|acceptedTypes|timeLimit.*|timer.*|showTimer.*|maxTimeToFinish.*)$/i;

/** Where elements are. */
const lists = new Set(['elements', 'questions', 'templateElements', 'detailElements']);

/** Deeper is nothing that the server would take. */
const MAX_DEPTH = 60;

/**
 * A stranger's survey as it may be rendered: its texts, options and logic, and nothing that the page would execute, load or
 * send. Without this a survey could hold HTML, which SurveyJS displays as it is.
 */
export function safeSurvey(survey: unknown): { readonly [key: string]: Json } {
  const safe = copy(survey, 0);
  return typeof safe === 'object' && safe !== null && !Array.isArray(safe)
    ? (safe as { readonly [key: string]: Json })
    : {};
}

function copy(value: unknown, depth: number): Json {
  if (depth > MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((each) => copy(each, depth + 1));
  if (typeof value !== 'object' || value === null)
    return ['string', 'number', 'boolean'].includes(typeof value) ? (value as Json) : null;
  const entries = Object.entries(value).flatMap(([key, member]): [string, Json][] => {
    if (hidden.test(key) || key === '__proto__') return [];
    if (lists.has(key) && Array.isArray(member))
      return [[key, member.filter(isShown).map((each) => copy(each, depth + 1))]];
    // A pattern of a stranger may take the page minutes.
    if (key === 'validators' && Array.isArray(member))
      return [[key, member.filter((each) => typeOf(each) !== 'regex').map((each) => copy(each, depth + 1))]];
    return [[key, copy(member, depth + 1)]];
  });
  return Object.fromEntries(entries);
}

function isShown(element: unknown): boolean {
  const type = typeOf(element);
  // A panel may leave its type out.
  return type === undefined || shown.has(type);
}

function typeOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  return String(value.type);
}
