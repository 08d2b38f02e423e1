import type { Messages } from '../en/index.ts';

export const run: Messages['run'] = {
  title: '问卷任务',
};
