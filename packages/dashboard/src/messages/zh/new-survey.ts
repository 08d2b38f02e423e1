import type { Messages } from '../en/index.ts';

export const newSurvey: Messages['newSurvey'] = {
  title: '新建问卷',
};
