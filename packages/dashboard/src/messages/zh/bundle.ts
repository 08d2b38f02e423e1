import type { Messages } from '../en/index.ts';

export const bundle: Messages['bundle'] = {
  written: (at, version) => `由 Panelist ${version} 写于 ${at}，显示当时的运行情况。`,
};
