import type { Messages } from '../en/index.ts';

export const answers: Messages['answers'] = {
  title: '回答',
};
