import type { English } from '../en/index.ts';

export const focusGroup: English['focusGroup'] = {
  lang: 'zh-CN',
  synthetic:
    '合成数据：所有参与者都由语言模型扮演。这里没有一句话出自真人；它只说明模型认为这样的人会说什么，不能代表他们。',
  host: '主持人',
  moderator: '主持人（模型）',
  speakingTo: (speaker, names, more, all) => `${speaker}对${names}${more > 0 ? `等 ${all} 人` : ''}`,
  listSeparator: '、',
  participants: '参与者',
  name: '称呼',
  persona: '人物设定',
  round: (round) => `第 ${round} 轮`,
  shown: '展示材料',
  noReply: '没有回复',
  pending: '尚未询问',
  order: '依次发言，后说的人听到先说的，顺序如下',
  model: '模型',
  seed: '随机种子',
  temperature: '温度',
  providers: '服务商默认',
  separator: '：',

  title: (title) => `${title}（合成焦点小组）`,
  printed: '合成数据：所有参与者都由语言模型扮演',
  contents: '目录',
  rounds: '轮次',
  replies: '回复',
  failed: '失败',
  medianWords: '长度中位数',
  people: (words) => `真人：${words}`,
  words: (count) => `${count} 词`,
  transcript: '讨论记录',
  participation: '谁说了多少',
  participationNote: (gini, largest) =>
    `每位参与者所说的词数。基尼系数 ${gini}：0 表示大家说得一样多，${largest} 表示由一人包办。`,
  speaker: '参与者',
  share: '占总词数',
  wordCount: '词数',
  median: '中位数',
  lengths: '回复有多长',
  length: '长度',
  shareOfReplies: '占回复数',
  lengthsNote: (median, ratio, human) =>
    `回复的中位数是 ${median} 词，是真人在焦点小组中每次发言（${human} 词，arXiv 2512.00047）的 ${ratio} 倍。中文按词典分词计数。`,
  upTo: (words) => `不超过 ${words} 词`,
  over: (words) => `超过 ${words} 词`,
  shifts: '两次投票之间的变化',
  shiftsNote:
    '每位参与者在讨论前后各自单独作答；只统计两次都有答案的人。离散程度变小、向他人均值靠拢的人变多，可能意味着从众。',
  question: '问题',
  changed: '改变答案',
  ofPairs: (changed, pairs) => `${pairs} 人中 ${changed} 人`,
  before: '讨论前',
  after: '讨论后',
  difference: '差值',
  spread: '离散程度（标准差）',
  nearer: '靠拢 / 远离',
  likeness: '说话有多像',
  convergenceNote:
    '同一轮回复之间的相似度：词语 TF-IDF 向量两两余弦的平均值。它只看用词，不看观点；而且每一轮问的内容不同。',
  slope: (slope) => `每过一轮的变化：${slope}。`,
  distinctivenessNote: (recognised, chance, p) =>
    `把每条回复归给在其他轮次中用词最相近的人，${recognised} 能归对；如果所有人是同一个声音，应为 ${chance}（${p}，在各轮内置换）。落在这个范围内，就无法从用词区分他们。`,
  similarity: '相似度',
  recognised: '归对比例',
  themes: '主题',
  themesBy: {
    keywords:
      '用关键词计数法得出，没有使用模型：参与者中最多人用到、而主持人没有说过的词。它找到的是词，不是含义。',
    model: (model) => `由 ${model} 得出；没有人说过的引文已经剔除。`,
  },
  themeCount: (speakers, replies) => `${speakers} 位参与者，${replies} 条回复`,
  none: '没有找到。',
  intervals: '所有 95 % 区间只包含模型抽样误差。',

  stopWords: `的 了 是 我 你 您 他 她 它 我们 你们 他们 她们 这 那 这个 那个 这些 那些 这样 那样 这里 那里 就 都 也 还 很 太 更 最 不 没 没有
在 有 和 跟 与 或 或者 但 但是 不过 而 而且 因为 所以 如果 要是 虽然 可是 吧 呢 啊 吗 嘛 呀 哦 嗯 把 被 给 让 对 对于 从 到 向 往 为 为了
上 下 里 中 外 前 后 会 能 可以 可能 应该 要 想 说 讲 觉得 认为 知道 看 来 去 做 用 得 地 着 过 一 一个 一些 一点 一下 一样 几 多 少 什么 怎么
怎么样 为什么 哪 哪里 谁 多少 时候 现在 以后 以前 今天 自己 大家 别人 人 人家 事 事情 东西 其实 真 真的 比较 挺 特别 非常 已经 又 再 才 只 只是
反正 也许 大概 好 好像 行 点 些 个 种 件 次 每 各 该 并 且 则 之 其 此 老实 实话 要我说
我的 你的 您的 他的 她的 我们的 大家的 别人的 就是 这么 那么 只能 之前 之后 里面 有点 来说 来讲 只有 还有 还是 不是 都是 也是`,
};
