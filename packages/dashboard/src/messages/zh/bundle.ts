import type { Messages } from '../en/index.ts';

export const bundle: Messages['bundle'] = {
  written: (at, version) => `由 Panelist ${version} 写于 ${at}，显示当时的运行情况。`,
  missingPrompts: {
    'left-out': '此文件包写出时未包含提示词。',
    'not-stored': '写出此文件包时，数据库中已没有对此提示词的回复。',
  },
};
