import type { Messages } from '../en/index.ts';

export const parts: Messages['parts'] = {
  loading: '正在加载…',
  failed: '无法加载。',
  outOfDate: '内容可能不是最新的：无法重新读取。',
  unreachable: '无法连接服务器。它可能已停止：重新启动后，本页会继续。',
  retry: '重试',
  close: '关闭',
  cancel: '取消',
  more: '更多',
  notifications: '通知',
  copy: '复制',
  copied: '已复制',
  synthetic: '合成数据',
  syntheticHint: '这些回答由模型生成，并非真人作答。',
  statuses: {
    pending: '等待开始',
    running: '运行中',
    paused: '已暂停',
    interrupted: '已中断',
    completed: '已完成',
    failed: '失败',
    cancelled: '已取消',
  },
};
