/** Why a list of options is taken for a scale: its texts are numbers or ranges, or words of a known scale. */
export type ScaleBasis = 'numbers' | 'words';

/** Fewer points are not recognised as a scale. */
const fewestPoints = 3;
/** Of an option's text that is looked at: patterns on a longer one could take long. */
const MAX_CHARS = 200;

/**
 * Why texts, in their order, are points of a scale; `null` if they are not known to be. Numbers that codes have are not
 * looked at: brands are coded 1, 2, 3 too. In doubt it is a list, since a mean of brands is worse than no mean.
 *
 * Numbers must only rise or only fall, with at most a comparison or currency before them (`under 18`, `$20k or more`).
 * Words must be poles of one scale at both ends, and points of the same scale between them.
 */
export function scaleBasis(texts: readonly string[]): ScaleBasis | null {
  if (texts.length < fewestPoints) return null;
  const plain = texts.map((text) =>
    text.slice(0, MAX_CHARS).replace(/\s+/g, ' ').toLowerCase().replaceAll('’', "'").trim(),
  );
  const words = plain.map((text) => text.replace(enumeration, ''));
  const isNumbered = words.every((text, place) => text !== plain[place]);
  if (!isNumbered && isMonotonic(plain.map(leadingNumber))) return 'numbers';
  return scales.some((scale) => isScale(words, scale)) ? 'words' : null;
}

/** Whether a text declines to answer, or is beside the scale: it has no score where it is last in a list. */
export function isBesideScale(text: string): boolean {
  return besideScale.test(text.slice(0, MAX_CHARS).toLowerCase().replaceAll('’', "'"));
}

const besideScale =
  /don'?t know|do not know|not sure|^unsure|n\/a\b|not applicable|does not apply|doesn't apply|prefer not|rather not|no answer|(?:can't|cannot) (?:say|choose)|^refuse|no opinion|^other\b|^none of|不知道|不清楚|说不清|不好说|不适用|拒绝|不愿|不想回答|没有意见|^其他|^以上/u;

/** `1. `, `2) `, `(3) `, `4 = ` before a word. */
const enumeration = /^\(?(?:\d{1,3}|[a-z])\s*(?:[).:=、．]|\s[–—-])\s*(?=\p{L})/u;

function isMonotonic(numbers: readonly (number | null)[]): boolean {
  let rises = 0;
  let falls = 0;
  for (let index = 1; index < numbers.length; index += 1) {
    const [before, now] = [numbers[index - 1], numbers[index]];
    if (before === null || now === null || before === undefined || now === undefined) return false;
    if (now > before) rises += 1;
    else if (now < before) falls += 1;
    // "Under 20" and "20 to 30" begin at the same number.
    else if (index > 1 && index < numbers.length - 1) return false;
  }
  return rises === 0 || falls === 0;
}

const beforeNumber =
  /^(?:(?:about|around|up to|under|below|over|above|less|fewer|more|older|younger|longer|shorter|at|than|least|most|from|between|before|after|since|in|the|age|aged|born|grade|level|year|stage|class|不到|不足|少于|小于|低于|大于|多于|高于|超过|至少|最多|约|大约|第|[<>≤≥=~±+\p{Sc}()-])\s*)*/u;
const noneAtAll = /^(?:none|never|no\b|not\b|zero|没有|从不|从未|无|零)/u;
/** In months, or thousands. */
const units: readonly (readonly [RegExp, number])[] = [
  [/^\s*(?:min|分钟)/u, 1 / 43_200],
  [/^\s*(?:hours?\b|hrs?\b|小时)/u, 1 / 720],
  [/^\s*(?:days?\b|天|日)/u, 1 / 30],
  [/^\s*(?:weeks?\b|周|星期)/u, 7 / 30],
  [/^\s*(?:months?\b|个月)/u, 1],
  [/^\s*(?:years?\b|yrs?\b|年)/u, 12],
  [/^\s*(?:k\b|thousand|千)/u, 1_000],
  [/^\s*(?:m\b|million|百万)/u, 1_000_000],
  [/^\s*万/u, 10_000],
];

/** The first number of a text, in its own unit; that of a range, whose unit comes at its end. */
function leadingNumber(text: string): number | null {
  const rest = text.replace(beforeNumber, '').replace(/^an? (?=\p{L})/u, '1 ');
  const found = /^(\d[\d,. ]*)(?:(?:[–—~～-]|to|and|至|到)+\s*\p{Sc}?\s*\d[\d,. ]*)?/u.exec(rest);
  if (!found?.[1]) return noneAtAll.test(text) ? 0 : null;
  const number = Number(found[1].replace(/[, ]/g, '').replace(/\.$/, ''));
  const factor = units.find(([unit]) => unit.test(rest.slice(found[0].trimEnd().length)))?.[1] ?? 1;
  return Number.isFinite(number) ? number * factor : null;
}

interface Scale {
  /** One pole, as it begins or ends a list. */
  readonly low: RegExp;
  readonly high: RegExp;
  /** Other points of it. */
  readonly middle?: RegExp;
}

/** Points that any scale may have between its poles. */
const between =
  /\b(?:neither|neutral|undecided|unsure|not sure|average|ordinary|normal|medium|middle|moderate|moderately|somewhat|slightly|fairly|rather|quite|a (?:little|bit)|some|mixed|same|no (?:change|difference|opinion|preference)|fair|so-so|okay|ok|maybe|partly|in between|depends|both|half)\b|一般|普通|中立|中等|中间|还可以|还行|比较|有点|有些|不太|不确定|说不清|说不好|差不多|不好不坏|居中|既不|视情况|适中|部分|不变|一样|相同|持平/u;

const scales: readonly Scale[] = [
  {
    low: /\bdisagree|not agree|不同意|不赞[成同]|反对/u,
    high: /(?<!dis|not )\bagree|(?<!不)同意|(?<!不)赞[成同]/u,
  },
  { low: /disapprove/u, high: /(?<!dis)approve/u },
  {
    low: /\bunlikely|not (?:at all |very |so |too )?likely|不可能|不会/u,
    high: /\blikely|certain|(?<!不)(?:可能|会)/u,
    middle: /not very likely|chance/u,
  },
  {
    low: /dissatisf|unsatisf|not (?:at all )?satisf|不满/u,
    high: /(?<!dis|un|not |at all )satisf|delighted|(?<!不)满意/u,
  },
  {
    low: /\bnever|\brarely|seldom|not at all|hardly|less|none of the time|从不|从未|从来不|很少|没有|偶尔/u,
    high: /\balways|very (?:often|frequently)|constantly|daily|every|all (?:of )?the time|\boften|frequently|usually|more|(?:once|times) a day|总是|经常|每天|一直|非常频繁|几乎每|天天/u,
    middle:
      /\brarely|seldom|sometimes|occasionally|now and then|\boften|regularly|usually|frequently|mostly|most of|some of|half|a few|once|twice|times|several|weekly|monthly|yearly|annually|week|month|year|day|hardly|almost|很少|偶尔|有时|经常|通常|大多|次|每[周月年]/u,
  },
  {
    low: /\bpoor|terrible|awful|\bbad|worst|差|糟|坏/u,
    high: /excellent|outstanding|superb|\bgood|best|great|优秀|好|优/u,
    middle: /good|fair|poor|bad|acceptable|adequate|satisfactory|better|worse|较好|较差|好|差|良|及格|可以/u,
  },
  {
    low: /unimportant|not (?:at all |very )?important|of no importance|不重要/u,
    high: /(?<!un|not |at all )important|essential|critical|crucial|(?<!不)重要/u,
    middle: /important/u,
  },
  {
    low: /^not\b|^none\b|^no\b|^nothing\b|^hardly|^barely|^never|\bnot\b.*\bat all\b/u,
    high: /\b(?:very|extremely|completely|totally|fully|absolutely|entirely|exactly|highly|great deal|a lot|lots|much|great extent|definitely|always)\b/u,
    middle:
      /\b(?:mostly|partially|little|pretty|not (?:too|very|so|much|really)|extent|very|much|quite a|considerabl[ey]|moderately|probably|only)\b/u,
  },
  {
    low: /\b(?:less|worse|lower|fewer|smaller|decreased?s?|declined?|weaker|slower)\b|更少|更差|更低|减少|下降|变差|变少|低于|少于/u,
    high: /\b(?:more|better|higher|larger|bigger|greater|increased?s?|improved?|stronger|faster)\b|更多|更好|更高|增加|上升|变好|变多|高于|多于/u,
    middle: /\b(?:about|stay|equal|unchanged|remain)|没有变化|没变|平均/u,
  },
  {
    low: /\btoo (?:little|few|small|low|slow|short|weak|soft)|not enough|far too little|太少|太小|太低|太短|太慢|不够/u,
    high: /\btoo (?:much|many|big|high|fast|long|strong|large|hard)|太多|太大|太高|太长|太快/u,
    middle: /\bright\b|enough|正好|刚好|合适/u,
  },
  {
    low: /\bliberal|\bleft(?! hand)|democrat|progressive|左|自由派/u,
    high: /conservative|\bright(?! hand)|republican|右|保守/u,
    middle: /liberal|conservative|cent(?:re|er)|independent|lean|democrat|republican|左|右|中/u,
  },
  {
    low: /\b(?:in|not (?:at all )?)accurate|untrue|not (?:at all )?true|\bfalse\b/u,
    high: /(?<!in|not |at all )accurate|(?<!un|not |at all )true\b/u,
    middle: /true|false|accurate/u,
  },
  {
    low: /(?:not|un)[\w ]*like me|不符合|不像/u,
    high: /(?<!not |at all |un)like me|(?<!不)符合|(?<!不)像/u,
    middle: /like me/u,
  },
  {
    low: /(?:un|dis)(?:comfortable|favou?rable|fair|pleasant|interested|happy|safe|healthy|acceptable|familiar|willing|helpful|reasonable|popular|important|certain|concerned)|\boppose|\bagainst|negative|\bhate|dislike|\bsad\b|dangerous|反对|不支持|消极|负面|讨厌|不喜欢/u,
    high: /(?<!un|dis)(?:comfortable|favou?rable|\bfair|pleasant|interested|happy|\bsafe|healthy|acceptable|familiar|willing|helpful|reasonable|popular|certain|concerned)|\bsupport|in favou?r|\bfavou?r|positive|\blove|(?<!dis)like\b|(?<!不)支持|积极|正面|(?<!不)喜欢/u,
    middle:
      /comfortable|favou?r|unfair|pleasant|interested|happy|safe|healthy|acceptable|familiar|willing|helpful|reasonable|oppose|support|against|negative|positive|like/u,
  },
  {
    low: /less than (?:a )?(?:high|secondary)|no (?:formal )?(?:schooling|education|qualification)|primary|elementary|(?:some|below|did not finish|middle) (?:high )?school|high school|文盲|未上学|没上过|小学|初中/u,
    high: /doctora|ph\.?d|graduate|professional|master|bachelor|university|degree|博士|研究生|硕士|本科|大学/u,
    middle:
      /school|college|university|degree|diploma|vocational|bachelor|master|secondary|certificate|\bged\b|training|associate|apprentice|小学|初中|高中|中专|中学|技校|职高|大专|专科|本科|大学|硕士/u,
  },
  {
    low: /^(?:(?:very|extremely|quite|rather|too) )?(?:small|low|little|minimal|weak|short|slow|cheap|young|cold|light|simple)$|^(?:非常|很|最|极|较|偏)?[小低少弱短慢轻]$|^lower\b|^working\b|下层/u,
    high: /^(?:(?:very|extremely|quite|rather|too) )?(?:large|big|high|great|maximal|strong|long|fast|expensive|old|hot|heavy|complex)$|^(?:非常|很|最|极|较|偏)?[大高多强长快重]$|^upper\b|上层/u,
    middle:
      /\b(?:small|low|large|big|high|weak|strong|slow|fast|upper|lower|working|mild|warm|severe|serious)\b|^.{0,2}[小低少大高多中]$|中层/u,
  },
  {
    low: /\b(?:difficult|hard)\b|困难|难$/u,
    high: /\b(?:easy|simple)\b|容易|简单/u,
    middle: /difficult|hard|easy|难|容易|简单/u,
  },
  {
    low: /(?:definitely|certainly|probably|absolutely) (?:not|won't|would not)|^no\b|^否|^不(?:是|会)?$|肯定不|一定不/u,
    high: /(?<!not )\b(?:definitely|certainly|absolutely|probably)(?! not| won't| would not)|^yes\b|^是|^会$|(?:肯定|一定)会/u,
    middle: /probably|possibly|might|perhaps|sometimes|partially|^yes\b|^no\b|也许|可能|有时|大概/u,
  },
  {
    low: /\brural|village|农村|乡/u,
    high: /\burban|\bcity|metropol|城市|都市/u,
    middle: /town|suburb|village|city|rural|urban|镇|县|郊/u,
  },
  // 完全不信任 … 非常信任: any property, denied at one end and stressed at the other.
  { low: /[不没无]/u, high: /^(?:非常|很|极其|极|十分|完全|特别|相当|最|绝对)(?!不|没|无)/u },
];

function isScale(texts: readonly string[], { low, high, middle }: Scale): boolean {
  const [first = '', last = ''] = [texts[0], texts.at(-1)];
  const isRising = isPole(first, low) && isPole(last, high);
  const isFalling = isPole(first, high) && isPole(last, low);
  if (!isRising && !isFalling) return false;
  const stem = (isRising ? last : first).replace(/^(?:非常|很|极其|极|十分|完全|特别|相当|最|绝对)/u, '');
  const isChinese = /\p{Script=Han}/u.test(stem);
  return texts
    .slice(1, -1)
    .every(
      (text) =>
        low.test(text) ||
        high.test(text) ||
        between.test(text) ||
        middle?.test(text) === true ||
        (isChinese && text.includes(stem)),
    );
}

/** "Neither agree nor disagree" names both poles and is neither. */
function isPole(text: string, pole: RegExp): boolean {
  return pole.test(text) && !/\bneither\b|\bnor\b|既不/u.test(text);
}
