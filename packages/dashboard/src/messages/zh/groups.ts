import type { Messages } from '../en/index.ts';

export const groups: Messages['groups'] = {
  title: '焦点小组',
};
