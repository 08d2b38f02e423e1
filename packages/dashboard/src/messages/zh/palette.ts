import type { Messages } from '../en/index.ts';

export const palette: Messages['palette'] = {
  title: '搜索',
};
