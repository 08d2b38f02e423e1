import { readAudience } from '../../audience/read-audience.ts';
import type { Respondent } from '../../audience/respondent.ts';
import type { InputFile } from '../../files/input-file.ts';
import { importPoll } from '../../focus-group/guide/group-of-guide.ts';
import type { FocusGroupGuide } from '../../focus-group/guide/guide.ts';
import { GuideError } from '../../focus-group/guide/guide-problems.ts';
import { readGuideFile } from '../../focus-group/guide/read-guide-file.ts';
import type { Participant } from '../../focus-group/participant.ts';
import { PanelistError } from '../../panelist-error.ts';
import { SurveyError } from '../../survey/import/import-problems.ts';
import type { DraftProblem } from '../surveys/survey-draft.ts';
import { type NewGroupFiles, readNewGroup } from './create-group.ts';
import { type GroupPreview, previewGroup } from './preview.ts';

export interface GuideFinding {
  /** From 1; `null` where it isn't known. */
  readonly line: number | null;
  readonly column: number | null;
  /** As in `rounds[1].message`; `null` for what is about the whole file. */
  readonly path: string | null;
  readonly text: string;
}

export interface GuideCheck {
  readonly problems: readonly GuideFinding[];
  /** What is probably not meant in its poll. */
  readonly warnings: readonly GuideFinding[];
  readonly title: string;
  readonly language: string;
  /** The model that the guide names. */
  readonly model: string | null;
  /** Follow-ups included. */
  readonly rounds: number;
  readonly hasPoll: boolean;
  readonly hasModerator: boolean;
}

/** A group that is not opened yet: its files as far as there are any. */
export interface GroupDraft extends Pick<NewGroupFiles, 'guide' | 'seed' | 'temperature'> {
  readonly audience: InputFile | null;
  readonly model: NewGroupFiles['model'] | null;
}

export interface GroupCheck {
  readonly guide: GuideCheck;
  /** `null` where no audience is given yet. */
  readonly audience: { readonly respondents: number; readonly problem: DraftProblem | null } | null;
  /** Whom the guide chooses of the audience; `null` while one of them is not right. */
  readonly participants: readonly Participant[] | null;
  /** What it would ask and cost; `null` without a model, too. */
  readonly preview: GroupPreview | null;
  /** Why there is no preview although both are right: who takes part, the model, its price. */
  readonly problem: DraftProblem | null;
}

/** Any name will do: nothing is stored under it. */
const DRAFT = 'draft';

/** Checks a guide and its audience as `focus-group run --dry-run` does. What is wrong is data, with its line. */
export async function checkGroup(
  { guide: file, audience: audienceFile, model, ...changes }: GroupDraft,
  { prices }: { readonly prices?: string | undefined } = {},
): Promise<GroupCheck> {
  const { check, guide } = await checkGuide(file);
  const audience = audienceFile === null ? null : await checkAudience(audienceFile);
  const known = audience && { respondents: audience.respondents.length, problem: audience.problem };
  const none = { guide: check, audience: known, participants: null, preview: null, problem: null };
  if (guide === null || audienceFile === null || audience?.problem != null) return none;
  try {
    // A guide that names no model can still choose its participants.
    const asked = model ?? { model: guide.model ?? 'simulator', baseUrl: null };
    const files = { focusGroupId: DRAFT, guide: file, audience: audienceFile, model: asked, ...changes };
    const read = await readNewGroup(files);
    const { participants } = read.group;
    if (model === null) return { ...none, participants };
    const { guide: changed, audience: people, pollOptions } = read;
    const group = { focusGroupId: DRAFT, audience: people, pollOptions };
    return { ...none, participants, preview: await previewGroup(changed, group, { prices }) };
  } catch (error) {
    if (!(error instanceof PanelistError)) throw error;
    return { ...none, problem: { code: error.code, message: error.message } };
  }
}

async function checkGuide(
  file: InputFile,
): Promise<{ readonly check: GuideCheck; readonly guide: FocusGroupGuide | null }> {
  const nothing = {
    ...{ warnings: [], title: '', language: 'en', model: null, rounds: 0 },
    ...{ hasPoll: false, hasModerator: false },
  };
  try {
    const guide = await readGuideFile(file);
    const poll = importPoll(guide);
    const { title, language = 'en', model = null, rounds = [], moderator } = guide;
    const warnings = (poll?.warnings ?? []).map(({ path, text }) => inPoll(path, text));
    return {
      guide,
      check: {
        ...{ problems: [], warnings, title, language, model },
        rounds: rounds.reduce((sum, { followUps = [] }) => sum + 1 + followUps.length, 0),
        hasPoll: poll !== null,
        hasModerator: moderator !== undefined,
      },
    };
  } catch (error) {
    return { guide: null, check: { ...nothing, problems: problemsOf(error) } };
  }
}

/** @throws the error itself where it isn't about the guide */
function problemsOf(error: unknown): readonly GuideFinding[] {
  if (error instanceof SurveyError && error.problems.length > 0)
    return error.problems.map(({ path, text }) => inPoll(path, text));
  if (error instanceof GuideError && error.problems.length > 0)
    return error.problems.map(({ path, text, position }) => ({
      line: position?.line ?? null,
      column: position?.column ?? null,
      path,
      text,
    }));
  if (!(error instanceof PanelistError)) throw error;
  // A syntax error says where it is.
  const [, line, column] = /\bline (\d+)(?:, column (\d+))?/.exec(error.message) ?? [];
  return [
    {
      line: line === undefined ? null : Number(line),
      column: column === undefined ? null : Number(column),
      path: null,
      text: error.message,
    },
  ];
}

function inPoll(path: string, text: string): GuideFinding {
  return { line: null, column: null, path: path === '' ? 'poll.survey' : `poll.survey.${path}`, text };
}

async function checkAudience(
  file: InputFile,
): Promise<{ readonly respondents: readonly Respondent[]; readonly problem: DraftProblem | null }> {
  try {
    return { respondents: await readAudience(file), problem: null };
  } catch (error) {
    if (!(error instanceof PanelistError)) throw error;
    return { respondents: [], problem: { code: error.code, message: error.message } };
  }
}
