import type { Messages } from '../en/index.ts';

export const workers: Messages['workers'] = {
  title: '工作进程',
  intro:
    '正在处理任务的进程：本服务器、命令行，以及使用 PostgreSQL 时各台机器上的 worker。20 秒没有心跳的进程视为已消失，它手上的工作由其他进程接着做。',
  emptyTitle: '没有进程在工作',
  emptyBody: '本服务器会启动运行任务的进程，几秒内就会显示在这里。',
  states: { working: '工作中', draining: '收尾中', gone: '已消失' },
  roles: { worker: 'Worker', server: '服务器', command: '命令行' },
  process: (pid) => `进程 ${pid}`,
  version: (version, schema) => `版本 ${version}，表结构 ${schema}`,
  inFlight: (count) => `进行中 ${count}`,
  inFlightOf: (count, most) => `进行中 ${count} / ${most}`,
  jobs: (jobs) => `处理 ${jobs}`,
  more: (count) => `另有 ${count} 个`,
  since: (started, seen) => `${started} 启动，最近一次心跳 ${seen}`,
};
