import type { Messages } from '../en/index.ts';

export const share: Messages['share'] = {
  share: '分享',
  title: '分享这个任务',
  hint: '持有链接的人可以在本服务器的地址查看这个任务，但不能修改。除非管理员设置了 PANELIST_SHARE_KEY，链接会随服务器停止而失效。',
  validFor: '有效期',
  days: (count) => `${count} 天`,
  make: '生成链接',
  link: '链接',
  expires: (at) => `有效至 ${at}。`,
  opening: '正在打开分享的任务…',
  invalid: '这个链接已失效，请索取新的链接。',
};
