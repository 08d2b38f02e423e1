import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { api, read } from '../api/client.ts';
import { useMessages } from '../messages/language-provider.tsx';
import { questionAnchor } from '../task/question-anchor.ts';
import { taskQuery, tasksQuery } from '../task/task-queries.ts';

/** Something that can be opened. */
export interface Found {
  readonly id: string;
  readonly title: string;
  readonly hint?: string | undefined;
  /** Where it is, as the router takes it. */
  readonly to: FoundAddress;
}

export type FoundAddress =
  | { readonly to: '/' | '/new' | '/groups' | '/compare' }
  | { readonly to: '/groups/$groupId'; readonly params: { readonly groupId: string } }
  | {
      readonly to: '/tasks/$taskId';
      readonly params: { readonly taskId: string };
      readonly hash?: string;
    }
  | {
      readonly to: '/tasks/$taskId/answers';
      readonly params: { readonly taskId: string };
      readonly search: { readonly find: string };
    };

export interface FoundGroup {
  readonly title: string;
  readonly items: readonly Found[];
}

const MAX_FOUND = 8;

/** What fits a text: pages and tasks, and of the run that is displayed, its questions and respondents. */
export function useFound(text: string): readonly FoundGroup[] {
  const messages = useMessages('palette');
  const pages = usePages(text);
  const tasks = useTasks(text);
  const questions = useQuestions(text);
  const respondents = useRespondents(text);
  return [
    { title: messages.questions, items: questions },
    { title: messages.respondents, items: respondents },
    { title: messages.tasks, items: tasks },
    { title: messages.pages, items: pages },
  ].filter(({ items }) => items.length > 0);
}

function usePages(text: string): readonly Found[] {
  const shell = useMessages('shell');
  return [
    { id: 'tasks', title: shell.tasks, to: { to: '/' } as const },
    { id: 'new', title: shell.newSurvey, to: { to: '/new' } as const },
    { id: 'groups', title: shell.groups, to: { to: '/groups' } as const },
    { id: 'compare', title: shell.compare, to: { to: '/compare' } as const },
  ].filter(({ title }) => contains(title, text));
}

function useTasks(text: string): readonly Found[] {
  const { data } = useQuery(tasksQuery({ search: text, limit: MAX_FOUND }));
  return (data?.tasks ?? []).map(({ taskId, title, model, focusGroupId }) => ({
    id: taskId,
    title,
    hint: model ?? undefined,
    to:
      focusGroupId === null
        ? { to: '/tasks/$taskId', params: { taskId } }
        : { to: '/groups/$groupId', params: { groupId: focusGroupId } },
  }));
}

/** The task of the page that is displayed. */
function useShownTask(): string | undefined {
  return useParams({ strict: false }).taskId;
}

function useQuestions(text: string): readonly Found[] {
  const taskId = useShownTask();
  const { data } = useQuery({ ...taskQuery(taskId ?? ''), enabled: taskId !== undefined });
  if (taskId === undefined || text === '') return [];
  return (data?.survey?.questions ?? [])
    .filter(({ name, title }) => contains(title, text) || contains(name, text))
    .slice(0, MAX_FOUND)
    .map(({ name, title }) => ({
      id: `question ${name}`,
      title: title || name,
      hint: name,
      to: { to: '/tasks/$taskId', params: { taskId }, hash: questionAnchor(name) },
    }));
}

function useRespondents(text: string): readonly Found[] {
  const taskId = useShownTask();
  const filters = JSON.stringify([{ column: 'key', contains: text }]);
  const query = { filters, columns: '[]', limit: String(MAX_FOUND) };
  const { data } = useQuery({
    queryKey: ['task', taskId, 'respondents', text],
    queryFn: ({ signal }) =>
      read(
        api.tasks[':taskId'].answers.$get({ param: { taskId: taskId ?? '' }, query }, { init: { signal } }),
      ),
    enabled: taskId !== undefined && text !== '',
    placeholderData: keepPreviousData,
  });
  if (taskId === undefined || text === '') return [];
  return (data?.rows ?? []).map(({ key }) => ({
    id: `respondent ${key}`,
    title: key,
    to: { to: '/tasks/$taskId/answers', params: { taskId }, search: { find: key } },
  }));
}

function contains(whole: string, part: string): boolean {
  return whole.toLowerCase().includes(part.toLowerCase());
}
