/** What a focus group's transcript and report say. */
export const focusGroup = {
  lang: 'en',
  synthetic:
    'Synthetic data: all participants were played by a language model. Nothing here was said by a person; it says what the model takes such people to say, and cannot stand for them.',
  host: 'Host',
  moderator: 'Moderator (model)',
  /** Who speaks, and to whom where it is not to everybody: names, how many more, and all. */
  speakingTo: (speaker: string, names: string, more: number, _all: number): string =>
    `${speaker} to ${names}${more > 0 ? ` and ${more} ${more === 1 ? 'other' : 'others'}` : ''}`,
  listSeparator: ', ',
  participants: 'Participants',
  name: 'Name',
  persona: 'Persona',
  round: (round: number): string => `Round ${round}`,
  shown: 'Shown',
  noReply: 'no reply',
  pending: 'not yet asked',
  order: 'One after the other, each hearing those before, in this order',
  model: 'Model',
  seed: 'Seed',
  temperature: 'Temperature',
  /** Where nothing was set. */
  providers: 'the provider’s',
  separator: ': ',

  /** The report. */
  title: (title: string): string => `${title} (synthetic focus group)`,
  /** At the foot of printed pages. */
  printed: 'Synthetic data: a language model played all participants',
  contents: 'Contents',
  rounds: 'Rounds',
  replies: 'Replies',
  failed: 'Failed',
  medianWords: 'Median length',
  people: (words: number): string => `people: ${words}`,
  words: (count: number): string => `${count} ${count === 1 ? 'word' : 'words'}`,
  transcript: 'What was said',
  participation: 'Who spoke how much',
  participationNote: (gini: string, largest: string): string =>
    `Words of each participant. Gini coefficient ${gini}: 0 if all say equally much, ${largest} if one says everything.`,
  speaker: 'Participant',
  share: 'Share of the words',
  wordCount: 'Words',
  median: 'Median',
  lengths: 'How long replies are',
  length: 'Length',
  shareOfReplies: 'Share of the replies',
  lengthsNote: (median: string, ratio: string, human: number): string =>
    `The median reply has ${median} words, ${ratio} × what people say at a time in focus groups (${human}; arXiv 2512.00047).`,
  upTo: (words: number): string => `up to ${words} words`,
  over: (words: number): string => `over ${words} words`,
  shifts: 'What changed between the polls',
  shiftsNote:
    'Answers that each participant gave alone, before the talk and after it; only those with an answer both times. A smaller spread, and more who came nearer to the others’ mean, can mean that they conformed.',
  question: 'Question',
  changed: 'Changed',
  ofPairs: (changed: number, pairs: number): string => `${changed} of ${pairs}`,
  before: 'Before',
  after: 'After',
  difference: 'Difference',
  spread: 'Spread (sd)',
  nearer: 'Nearer / farther',
  likeness: 'How alike they sound',
  convergenceNote:
    'Likeness of the replies of one round: the mean cosine of their words’ TF-IDF vectors, over all pairs. It sees words and not opinions, and each round asks something else.',
  slope: (slope: string): string => `Change from one round to the next: ${slope}.`,
  distinctivenessNote: (recognised: string, chance: string, p: string): string =>
    `Given to the participant whose replies in other rounds it is most like, a reply goes to the right one in ${recognised} of all cases. If one voice spoke for all, it would in ${chance} (${p}, by permutation within rounds). Within that range, they cannot be told apart by their words.`,
  similarity: 'Likeness',
  recognised: 'Recognised',
  themes: 'Themes',
  themesBy: {
    keywords:
      'Found by counting keywords, without a model: the words that the most participants used and that the host did not. It finds words, not meanings.',
    model: (model: string): string => `Found by ${model}. Quotations that nobody said were left out.`,
  },
  themeCount: (speakers: number, replies: number): string => `${speakers} participants, ${replies} replies`,
  none: 'None were found.',
  intervals: 'All intervals, 95 %: model sampling error only.',

  /** Words that say how something is said and not what, in lower case: left out where texts are compared by their words. */
  stopWords: `a about actually after again all also always am an and any anyway are as ask at away be because been before
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
there’s we’re we’ve you’re you’ve they’re they’ve he’s she’s let’s`,
};
