import type { Messages } from '../en/index.ts';

export const tasks: Messages['tasks'] = {
  title: '任务',
};
