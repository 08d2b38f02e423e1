/** Words that say how something is said and not what: left out where texts are compared by their words. */
const english = `a about actually after again all also always am an and any anyway are as ask at away be because been before
being both but by can cannot could did do does doing done down each else even ever every few for from get gets go goes
going good got had has have having he her here hers him his how i if in into is it its itself just kind know less let like
little look lot made make makes many may maybe me mean might mine more most much must my myself need never no nobody none
nor not nothing now of off often oh ok okay on once one ones only or other others our ours out over own people perhaps
put quite rather really right said same say says see seem seems she should simply since so some somebody someone something
sometimes still such suppose sure take tell than that the their them then there these they thing things think this those
though through to today too try up upon us use used very want wants was way we well were what when where whether which
while who whole whom whose why will with without would yes yet you your yours yourself
don't doesn't didn't isn't aren't wasn't weren't can't couldn't won't wouldn't shouldn't i'm i've i'd i'll it's that's
there's we're we've you're you've they're they've he's she's let's
don’t doesn’t didn’t isn’t aren’t wasn’t weren’t can’t couldn’t won’t wouldn’t shouldn’t i’m i’ve i’d i’ll it’s that’s
there’s we’re we’ve you’re you’ve they’re they’ve he’s she’s let’s`;

const chinese = `的 了 是 我 你 您 他 她 它 我们 你们 他们 她们 这 那 这个 那个 这些 那些 这样 那样 这里 那里 就 都 也 还 很 太 更 最 不 没 没有
在 有 和 跟 与 或 或者 但 但是 不过 而 而且 因为 所以 如果 要是 虽然 可是 吧 呢 啊 吗 嘛 呀 哦 嗯 把 被 给 让 对 对于 从 到 向 往 为 为了
上 下 里 中 外 前 后 会 能 可以 可能 应该 要 想 说 讲 觉得 认为 知道 看 来 去 做 用 得 地 着 过 一 一个 一些 一点 一下 一样 几 多 少 什么 怎么
怎么样 为什么 哪 哪里 谁 多少 时候 现在 以后 以前 今天 自己 大家 别人 人 人家 事 事情 东西 其实 真 真的 比较 挺 特别 非常 已经 又 再 才 只 只是
反正 也许 大概 好 好像 行 点 些 个 种 件 次 每 各 该 并 且 则 之 其 此 老实 实话 要我说
我的 你的 您的 他的 她的 我们的 大家的 别人的 就是 这么 那么 只能 之前 之后 里面 有点 来说 来讲 只有 还有 还是 不是 都是 也是`;

const stopWords: ReadonlySet<string> = new Set([english, chinese].flatMap((words) => words.split(/\s+/)));

/** Whether a word (lower case) tells what is spoken about; numbers and single letters do not. */
export function isContentWord(word: string): boolean {
  if (stopWords.has(word) || !/\p{L}/u.test(word)) return false;
  return word.length > 1 || /\p{Script=Han}/u.test(word);
}
