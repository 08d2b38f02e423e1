import type { Messages } from '../en/index.ts';

export const palette: Messages['palette'] = {
  title: '搜索',
  placeholder: '任务、受访者、问题…',
  pages: '页面',
  tasks: '任务',
  questions: '本任务的问题',
  respondents: '本任务的受访者',
  nothing: '没有找到。',
  keys: '↑ ↓ 选择，Enter 打开，Esc 关闭',
};
