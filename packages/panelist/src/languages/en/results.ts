/** An estimate with its interval and p, at one adjusted level. */
interface OrderFigures {
  readonly estimate: string;
  readonly interval: string;
  readonly p: string;
}

/**
 * What Panelist says of a survey's results and of runs. Names of columns and values of statuses are data and are the
 * same in all languages.
 */
export const results = {
  /** As HTML has it. */
  lang: 'en',

  /** What stands in a title for an answer that each respondent gave differently. */
  piping: {
    answerTo: (title: string): string => `[answer to “${title}”]`,
    valueOf: (name: string): string => `[value of “${name}”]`,
  },

  /** A model that is not served at its vendor's own address. */
  served: (model: string, address: string): string => `${model} at ${address}`,

  synthetic: {
    lead: 'These are synthetic data: a language model played every respondent, and nobody was interviewed.',
    notice:
      'Synthetic respondents are not participants. They can differ from people in ways that no statistic here shows, and their answers must not be reported as answers of people. Whoever publishes them discloses the role that the model had (AAPOR, 2026 draft).',
  },

  /** What became of a question in an interview. */
  statuses: {
    meaning: {
      answered: 'the value fits the question; empty where an optional question was left empty',
      refused: 'the respondent declined to answer',
      'dont-know': 'the respondent said that they do not know',
      withheld: 'the provider withheld the reply, also when asked again',
      skipped: "not asked, by the survey's logic, or hidden by a later answer",
      preset: 'not asked: the survey itself gives the value, as a default or by a trigger',
      invalid: 'asked, asked again, and still no value that fits',
      failed: 'the model gave no reply',
    },
    name: {
      answered: 'answered',
      refused: 'refused',
      'dont-know': 'dont-know',
      withheld: 'withheld',
      skipped: 'skipped',
      preset: 'preset',
      invalid: 'invalid',
      failed: 'failed',
    },
    /** The name with the value that stands for it in the data. */
    legend: (name: string, _value: string): string => name,
    /** With a count. */
    word: {
      refused: 'refused',
      'dont-know': 'don’t know',
      withheld: 'withheld by the provider',
      skipped: 'not asked',
      preset: 'preset by the survey',
      invalid: 'invalid',
      failed: 'failed',
    },
    count: (count: number, word: string): string => `${count} ${word}`,
    separator: '; ',
  },

  /** Words for figures that reports and terminals share. */
  figures: {
    interval: '95 % interval',
    intervalCovers: 'model sampling error only',
    range: (from: string, to: string): string => `${from} to ${to}`,
    effectiveN: (n: string): string => `effective n ${n}`,
    answers: (count: number): string => `${count} ${count === 1 ? 'answer' : 'answers'}`,
    leftEmpty: (count: number): string => `${count} left empty`,
    noneChosen: (count: number): string => `${count} chose nothing`,
    unlisted: (count: number): string => `${count} of no listed option`,
    more: (count: number): string => `(${count} more)`,
    mean: 'mean',
    sd: 'sd',
    scores: (low: string, lowScore: number, high: string, highScore: number): string =>
      `scores: ${lowScore} = “${low}”, ${highScore} = “${high}”`,
    rank: 'rank',
    bounds: (low: string, high: string): string => ` [${low}, ${high}]`,
    topTwo: (points: string): string => `top two (${points})`,
    bottomTwo: (points: string): string => `bottom two (${points})`,
    netPromoterScore: 'net promoter score',
    pUnknown: 'p unknown',
    adjusted: (p: string): string => ` (adjusted ${p})`,
    first: 'first',
    last: 'last',
  },

  /** How a question is measured, in the codebook and the dry run. */
  measurement: {
    levels: { nominal: 'nominal', ordinal: 'ordinal', quantity: 'quantity' },
    bases: {
      said: 'as said',
      rating: 'a rating',
      numbers: 'its options are numbers',
      words: 'its options are words of a scale',
    },
    because: (level: string, basis: string): string => `${level} (${basis})`,
    scored: (level: string, first: number, last: number): string => `${level}, scores ${first} to ${last}`,
    heading:
      'Scales, which get means, and lists. If one is wrong, set "measurementLevel" of the question to "ordinal" or "nominal" in the survey file.',
    question: (name: string, measured: string): string => `  ${name}: ${measured}`,
    more: (count: number): string => `  and ${count} more, see --json`,
  },

  /** The HTML report. */
  report: {
    title: (title: string): string => `${title} (synthetic data)`,
    printed: 'Synthetic data: answers of a language model',
    contents: 'Contents',
    questions: 'Questions',
    question: 'Question',
    respondents: 'Synthetic respondents',
    interviews: 'Interviews',
    of: (part: number, all: number): string => `${part} of ${all}`,
    effectiveN: 'Effective n (Kish)',
    model: 'Model asked for',
    finished: 'Finished',
    notFinished: 'not yet',
    kinds: {
      'single-choice': 'one option',
      'multiple-choice': 'several options: shares add up to more than 100 %',
      ranking: 'ranking: the share that ranked it highest',
      rating: 'rating',
      number: 'number',
      text: 'free text',
    },
    base: (kind: string): string => `${kind}; share of respondents who answered`,
    weightedBase: (kind: string): string => `${kind}; weighted share of respondents who answered`,
    answer: 'Answer',
    scale: '0 to 100 %',
    share: 'Share',
    answers: 'Answers',
    meanRank: 'Mean rank',
    numbers: (mean: string, interval: string, sd: string, min: string, max: string): string =>
      `Mean ${mean}${interval}${sd}; from ${min} to ${max}.`,
    meanInterval: (low: string, high: string, covers: string): string =>
      ` (95 % interval ${low} to ${high}: ${covers})`,
    deviation: (sd: string): string => `; standard deviation ${sd}`,
    by: (by: string): string => `By ${by}`,
    grid: (title: string): string => `All rows of “${title}”`,
    verbatims: (from: number, to: number, all: number): string => `Answers ${from} to ${to} of ${all}`,
    people: 'Beside human answers',
    verbatimsLeft: (count: number): string =>
      `${count} more answers in words are in answers.csv; a page with all of them would be too large.`,
    someAnswers: 'Some answers:',
    intervals: (covers: string): string => `95 % intervals: ${covers}`,
  },

  /** What the displayed order of options did. */
  order: {
    interval: (bounds: string, level: string): string => ` ${bounds} (${level} interval)`,
    adjusted: (p: string): string => `adjusted ${p}`,
    pointsBy: (figures: OrderFigures, n: number): string =>
      `${figures.estimate} points${figures.interval}, ${figures.p}, ${n} answers`,
    deviationsBy: (figures: OrderFigures, n: number): string =>
      `${figures.estimate} standard deviations between the directions${figures.interval}, ${figures.p}, ${n} answers`,
    missedPoints: (points: string): string => `less than ${points} points can be missed`,
    missedDeviations: (deviations: string): string =>
      `less than ${deviations} standard deviations can be missed`,
    cannotTell: (position: string, expected: string, n: number): string =>
      `The ${position}: too few answers to tell (expected in ${expected} of ${n}).`,
    noEffect: (position: string, figures: string, missed: string): string =>
      `The ${position}: no effect found (${figures}; ${missed}).`,
    tooOften: (position: string, figures: string, share: string, missed: string): string =>
      `The ${position}: chosen too often, ${figures}; as if ${share} of the answers depended on the position alone (${missed}).`,
    tooSeldom: (position: string, figures: string, missed: string): string =>
      `The ${position}: chosen too seldom, ${figures} (${missed}).`,
    cannotTellScales: (n: number): string => `Scales: too few answers to tell (${n}).`,
    noEffectOnScales: (figures: string, missed: string): string =>
      `Scales: no effect of the direction found (${figures}; ${missed}).`,
    towardsFirst: (figures: string, missed: string): string =>
      `Scales: answers are drawn towards the end that is displayed first, ${figures} (${missed}).`,
    towardsLast: (figures: string, missed: string): string =>
      `Scales: answers are drawn towards the end that is displayed last, ${figures} (${missed}).`,
    missedInLists: (range: string): string =>
      `In single lists effects of less than ${range} points can be missed.`,
    missedInScales: (range: string): string =>
      `In single scales differences of less than ${range} points of the scale can be missed.`,
    missing: 'Can be missed: found with a probability of less than 80 %.',
    forwards: 'as listed',
    backwards: 'backwards',
    difference: 'difference',
  },

  /** How far the answers can be relied on, in the report. */
  quality: {
    order: 'Order of options',
    orderUnknown:
      'Not known: everybody saw the same order. Options drawn anew for each respondent would show it.',
    orderQuestion:
      'Is what is displayed first, or last, chosen more often than expected, and do the means of scales depend on their direction?',
    orderTable: 'Options by the place in which they were shown',
    allQuestions: 'All questions',
    shown: 'Shown',
    chosen: 'Chosen',
    expected: 'Expected',
    points: 'Points',
    interval: 'Interval',
    p: 'p',
    pAdjusted: 'p adjusted',
    scalesTable: 'Scales by the direction in which they were displayed',
    orderReported: (alpha: number, reported: number, tests: number, level: string, covers: string): string =>
      `Of single questions those are listed whose adjusted p is at most ${alpha}, for all tests together: ${reported} of ${tests} tests. Intervals of single questions: ${level}, so that one without 0 is an effect that is listed; ${covers}.`,
    consistency: 'Consistency',
    consistencyNote: (replicates: number): string =>
      `How alike the answers of one respondent are, in up to ${replicates} interviews each. Same: pairs of answers that are equal. Alpha: Krippendorff’s, ordinal for scales and else nominal. ICC(1): Shrout and Fleiss.`,
    consistencyTable: 'Consistency over replicates',
    same: 'Same',
    alpha: 'Alpha',
    icc: 'ICC(1)',
    sdWithin: 'SD within',
    statuses: 'Answers by status',
    statusTable: 'Interviews by what became of each question',
    statusMeaning: (meaning: string): string => `: ${meaning}. `,
  },

  /** The methods sheet, and the methods in the report. */
  methods: {
    heading: 'Methods',
    separator: ': ',
    synthetic: 'Synthetic data',
    survey: 'Survey',
    title: 'Title',
    surveyFile: 'Survey file',
    audienceFile: 'Audience file',
    language: 'Language',
    questions: 'Questions',
    questionCount: (count: number): string => `${count}, each row of a grid counted`,
    questionnaireHash: 'Questionnaire, SHA-256',
    task: 'Task',
    created: 'Created',
    finished: 'Finished',
    notFinished: 'not finished: these are the results so far',
    interviews: 'Interviews',
    of: (part: number, all: number): string => `${part} of ${all}`,
    statistics: 'Statistical methods, sources and limits',
    statisticsPage: 'docs/methods.md in the repository of Panelist',
    madeWith: 'Made with',
    model: 'Model',
    modelAsked: 'Model asked for',
    servedAt: 'Served at',
    notShown: '(not shown)',
    modelAnswered: 'Model that answered',
    modelCalls: (model: string, calls: number): string =>
      `${model}: ${calls} ${calls === 1 ? 'call' : 'calls'}`,
    modelUnnamed: '(not told)',
    more: (count: number): string => `${count} more`,
    temperature: 'Temperature',
    providers: "the provider's own",
    modelSeed: 'Seed given to the model',
    none: 'none',
    modelSeeds: (seed: number): string => `${seed}, and more for each repeated persona`,
    calls: 'Calls',
    callCount: (calls: number, requests: number): string => `${calls}, in ${requests} requests`,
    tokens: 'Tokens',
    tokenCount: (sent: number, replied: number): string => `${sent} sent, ${replied} replied`,
    prompts: 'Different prompts',
    promptsHash: 'All prompts, SHA-256',
    asking: 'Asking',
    askedAtOnce: 'Asked at once',
    scopes: { question: 'one question', page: 'a page', survey: 'the whole survey' },
    order: 'Order of options',
    randomOrder:
      "every question's options drawn by the seed; scales reversed for half; special options stay last",
    fileOrder: 'as the survey file says',
    orderSeed: 'Seed of every order',
    noSeed: '0 (none was given)',
    replicates: 'Interviews a respondent',
    stored: 'Kept answers',
    storedUsed: 'used where the same prompt had been answered before',
    storedUnused: 'not used: everything was asked anew',
    askedAgain: 'Answers asked a second time',
    repairs: 'Repairs',
    repairCounts: (counts: string): string => `${counts} (answers; none changes what was meant)`,
    respondents: 'Respondents',
    intervals: (covers: string): string =>
      `Every interval is labelled "${covers}": it says how much the same model's answers would vary, and nothing of how far they are from people’s. More synthetic respondents make it narrower and nothing truer.`,
    respondentCount: 'Synthetic respondents',
    weights: 'Weights',
    equalWeights: 'all equal',
    weightRange: (min: string, max: string): string => `${min} to ${max}`,
    effectiveN: 'Effective n (Kish)',
    statuses: 'Answers by status',
    skipped: 'Left out of the survey file',
    skippedAt: (place: string, reason: string): string => `${place}: ${reason}`,
    statusNote: 'Nothing is dropped or filled in: every question of every interview has one of these.',
    statusCount: (count: number, meaning: string): string => `${count} (${meaning})`,
  },

  codebook: {
    headings: {
      column: 'column',
      type: 'type',
      description: 'description',
      question: 'question',
      stem: 'stem',
      title: 'title',
      question_description: 'question_description',
      kind: 'kind',
      required: 'required',
      required_if: 'required_if',
      visible_if: 'visible_if',
      enable_if: 'enable_if',
      min: 'min',
      max: 'max',
      step: 'step',
      min_label: 'min_label',
      max_label: 'max_label',
      values: 'values',
      measurement: 'measurement',
      order: 'order',
      checks: 'checks',
    },
    status: (status: string): string => `(status) ${status}`,
    leftOut: (path: string): string => `(left out) ${path}`,
    yes: 'yes',
    no: 'no',
    wholeNumbers: 'whole numbers',
    numbers: 'numbers',
    text: 'text',
    characters: (count: number): string => `${count} characters`,
    selected: (count: number): string => `${count} selected`,
    offeredIf: (condition: string): string => `offered if ${condition}`,
    random: 'random',
    randomReversed: 'random: reversed for half',
    asListed: 'as-listed',
  },

  /** What each column of an export is, in the codebook. */
  columns: {
    respondentId: 'The synthetic respondent.',
    replicate: "Which of the respondent's interviews it is: 0 for the first.",
    weight: 'Of the respondent, relative to the others; 1 where the audience has none.',
    persona: 'Of the persona, as the audience file has it.',
    statusOf: (question: string, meanings: string): string => `What became of ${question}: ${meanings}.`,
    indicator: (question: string, option: string): string =>
      `1 where “${option}” of ${question} was chosen, 0 where it was not; empty where nothing was chosen or it was not offered.`,
    computed: 'Computed from the answers.',
    computedBy: (expression: string): string => `Computed from the answers: ${expression}`,
    triggeredBy: (conditions: string): string => `Set by the survey's triggers, when: ${conditions}`,
    requestedModel: 'The model that was asked for.',
    returnedModels:
      'The models that the provider says answered the interview, in the order of their first reply.',
    synthetic: 'Always true: a language model played the respondent.',
    question: 'The name of the question.',
    stem: 'The heading of the grid that it is a cell of.',
    title: 'What was asked, as the survey file has it.',
    status: (meanings: string): string => `What became of it: ${meanings}.`,
    value: 'What is recorded; several values are joined by "; ".',
    label: 'What the respondent reads for the value.',
    shownOptions: 'Values of the options in the order in which they were shown.',
    askedPosition: 'Its place among the questions that were asked, from 1.',
    raw: 'What the model said for it, word for word.',
    repairs: 'What was done to make the reply fit; none can change its meaning.',
    problem: 'Why it is invalid or failed.',
    promptHashes: 'SHA-256 of each request that asked it; two when it was asked again.',
    returnedModelsOfAnswer: 'The model that the provider says answered, for each request that asked it.',
    inputTokensOfAnswer:
      'Tokens sent in the requests that asked it; questions that were asked together share them.',
    outputTokensOfAnswer:
      'Tokens replied in the requests that asked it; questions that were asked together share them.',
    call: 'Its place among the requests of the interview, from 0.',
    questionsOfCall: 'What it asked.',
    promptHash: 'SHA-256 of all that determines the reply.',
    returnedModel: 'The model that the provider says answered.',
    temperature: "As it was sent; empty for the provider's own.",
    seed: 'As it was sent; empty for none.',
    attempts: 'Requests that it took, refused and failed ones included.',
    inputTokens: 'Tokens sent.',
    outputTokens: 'Tokens replied.',
    elapsedMs: 'Milliseconds of the successful attempt.',
  },

  /** `results summary`, in a terminal. */
  summary: {
    respondents: (count: number): string => `${count} synthetic respondents`,
    interviews: (count: number, replicates: number): string =>
      `${count} interviews, up to ${replicates} each`,
    weighted: (n: string): string => `weighted, effective n ${n}`,
    unweighted: 'unweighted',
    separator: '; ',
    intervals: (covers: string): string =>
      `All intervals, 95 %: ${covers}. They say how much the same model's answers would vary,\nand nothing about how far they are from people's.`,
    by: (grouping: string): string => `By ${grouping}`,
    chiSquare: (tests: number): string =>
      `F: Pearson's χ² corrected for weights and for several answers of one respondent (Rao & Scott, second order). Adjusted: by Holm's method for the ${tests} tests shown here; below 0.05, the chance of any false finding among them is at most 5 %. Letters: the groups whose figure is lower, at 5 % for all pairs of shares of the table together, and for all pairs of means (Holm). In brackets: interviews. *: fewer than 5 expected, of Kish's effective number of the group's respondents; not compared.`,
    lowExpected: (cells: number): string =>
      `; ${cells} ${cells === 1 ? 'cell' : 'cells'} with fewer than 5 expected: p is rough`,
    meansTest: 'Means: ',
    cramersV: "Cramér's V",
    order:
      'Order of options: is the first or last displayed option chosen more often than expected, and do the means of scales depend on their direction?',
    orderUnknown: '  Unknown: all saw the same order. Run the survey with --randomize-options to find out.',
    shown: 'shown',
    chosen: 'chosen',
    expected: 'expected',
    points: 'points',
    pAdjusted: 'p adjusted',
    noQuestion: (count: number): string => `  No effect in any single question of ${count}.`,
    reported: (alpha: number): string =>
      `  Reported where the adjusted p is at most ${alpha}, for all tests together.`,
    consistency: (replicates: number): string =>
      `Consistency of one respondent's answers, up to ${replicates} interviews each`,
    same: 'same',
    alpha: 'alpha',
    icc: 'ICC(1)',
    sdWithin: 'sd within',
    consistencyNote:
      "  same: pairs of answers that are equal; alpha: Krippendorff's, ordinal for scales and else nominal; ICC(1): Shrout & Fleiss.",
    open: (open: number, all: number): string =>
      `${open} of ${all} interviews have not been held and are not included.`,
  },

  /** `results compare`, in a terminal. */
  comparison: {
    beside: (respondents: number, rows: number, left: string): string =>
      `${respondents} synthetic respondents beside ${rows} rows of human answers${left}.`,
    leftOut: (rows: number): string => `, ${rows} of them left out with a weight of 0`,
    notCompared: (questions: string): string => `Not compared: ${questions}.`,
    notComparedFor: (question: string, reason: string): string => `${question} (${reason})`,
    reasons: { 'no column': 'no column', 'free text': 'free text' },
    separator: ', ',
    intervals: (covers: string): string =>
      `Intervals, 95 %: ${covers}. That of total variation allows for samples being further apart than populations.`,
    intervalCovers: "model sampling error and the human sample's sampling error only",
    weights: (synthetic: boolean, human: boolean): string =>
      `Synthetic figures are ${synthetic ? 'weighted' : 'unweighted'}, human figures ${human ? 'weighted' : 'unweighted'}.`,
    synthetic: 'synthetic',
    human: 'human',
    pageTitle: (title: string): string => `${title}: synthetic and human answers`,
    points: 'points',
    /** Reasons that differ on the human side. */
    missing: { skipped: 'not asked, or an empty cell', invalid: 'invalid, or not matched' } as Partial<
      Record<string, string>
    >,
    unmatched: (rows: number, values: string): string => `Not matched, ${rows} rows: ${values}`,
    unused: (columns: string): string => `Columns that belong to no question: ${columns}.`,
    moreUnused: (count: number): string => ` and ${count} more`,
    unmatchedValue: (value: string, count: number): string => `“${value}” (${count})`,
    moreUnmatched: (count: number): string => ` and ${count} more, see --json`,
    totalVariation: (distance: string, interval: string, chance: string, p: string): string =>
      `total variation ${distance}${interval}; chance alone gives ${chance} on average, ${p}`,
    meanDifference: (difference: string, interval: string, df: string): string =>
      `mean difference ${difference}${interval} (Welch, df = ${df})`,
    conservative: '; with so few values p is conservative: it is too large',
    adjusted: (tests: number): string =>
      `Each p is of one test alone; the adjusted p allows for the ${tests} tests shown here (Holm's method), and where it is below 0.05, the chance of any false finding among them is at most 5 %.`,
    sdRatio: (ratio: string): string => `synthetic sd / human sd ${ratio}`,
    lowExpected: (cells: number): string =>
      `; ${cells} ${cells === 1 ? 'cell' : 'cells'} with fewer than 5 expected`,
  },

  /** How far to trust synthetic answers, beside people's. */
  calibration: {
    title: 'How far to trust the synthetic answers',
    verdicts: {
      'too few people': 'Too few people answered to judge the model: each question needs 20 of them.',
      'no guess': 'Nothing to judge the model by: no question has a guess to compare it with.',
      'worse than a guess':
        "Do not use these answers in place of people's: on half of the questions or more, a guess without a model does as well.",
      'wrong spread':
        'Use at most the direction of means: better than a guess on most questions, but at least half of the scales vary less than half as much as people or more than twice as much, so that shares, groups and intervals mislead.',
      'better than a guess':
        "Better than a guess on most questions, and most scales vary about as much as people. That holds for these questions and people alone; use the answers beside people's, not in place of them.",
    },
    beats: (better: number, of: number): string =>
      `Better than a guess on ${better} of ${of} ${of === 1 ? 'question' : 'questions'}.`,
    linked: (linked: number, people: number, respondents: number): string =>
      `${linked} of ${people} people are played by one of ${respondents} respondents.`,
    notLinked:
      "People are not linked to the respondents who play them, so the model is judged by shares alone and its answers cannot be corrected by people's. With --id COLUMN, the column of respondents' ids, they are.",
    question: 'question',
    people: 'people',
    variance: 'variance',
    covered: 'covered',
    model: 'model',
    guess: 'guess',
    calibrated: 'calibrated',
    retest: 'people again',
    notes:
      "variance: synthetic over people's. covered: people's answers on points that the model uses. model, guess, calibrated: error on people not used for the guess (root mean square; for options the share wrong), or without links the distance from people's shares; the guess is people's mean or most frequent answer, or without links equal shares. people again: how far the model agrees with people, over how far they agree with themselves.",
    corrected: "People's estimates corrected by the synthetic answers (prediction-powered)",
    estimate: 'estimate',
    peopleAlone: 'people alone',
    correctedEstimate: 'corrected',
    worth: 'worth',
    mean: 'mean',
    worthNothing: (others: number): string =>
      `The ${others} synthetic answers to each question are worth next to no human answers.`,
    worthUpTo: (others: number, least: string, most: string): string =>
      `The ${others} synthetic answers to each question are worth ${least === most ? most : `${least} to ${most}`} human answers.`,
    assumption:
      'Holds if the people are a random sample of those whom the respondents stand for. An estimate from few people of how much a correction helps is itself uncertain.',
    groups: 'Errors in groups',
    group: 'group',
    nSynthetic: 'n synthetic',
    nPeople: 'n people',
    error: 'error',
    distance: (distance: string, chance: string): string => `${distance} (chance ${chance})`,
  },

  /** What a run says before its progress. */
  opening: {
    respondents: (count: number): string => `${count} respondents`,
    interviews: (all: number, respondents: number, replicates: number): string =>
      `${all} interviews (${respondents} respondents × ${replicates})`,
    what: (title: string, audience: string, model: string, note: string, taskId: string): string =>
      `"${title}" to ${audience}, played by ${model}${note}. Task ${taskId}.`,
    simulated: ' (a simulator, no model: its answers mean nothing)',
    deploying: (what: string): string => `Deploying ${what}`,
    goingOn: (what: string): string => `Going on with ${what}`,
    joining: (what: string): string => `Joining the run of ${what}`,
    finished: (what: string): string =>
      `Finished before: ${what} These are the stored answers; --fresh asks everything again.`,
    task: (taskId: string): string => `task ${taskId}.`,
    done: (done: number, all: number): string => `${done} of ${all} are done.`,
    interviewsDone: (done: number, all: number): string => `${done} of ${all} interviews are done.`,
    repliesStored: (done: number, all: number, replies: number): string =>
      `${done} of ${all} interviews are done, and ${replies} ${replies === 1 ? 'reply' : 'replies'} of the others ${replies === 1 ? 'is' : 'are'} stored.`,
  },

  /** The line that shows how a run goes. */
  progress: {
    done: (done: number, total: number): string => `${done}/${total} done`,
    failed: (count: number): string => `${count} failed`,
    inFlight: (count: number): string => `${count} in flight`,
    waiting: (count: number): string => `${count} waiting`,
    retries: (count: number): string => `${count} ${count === 1 ? 'retry' : 'retries'}`,
    left: (time: string): string => `${time} left`,
    tokens: (count: string): string => `${count} tokens`,
    pause: (time: string, why: string): string => `waiting ${time}: ${why}`,
    givesUp: (waits: string, time: string): string => `${waits}, gives up in about ${time}`,
    reasons: {
      'provider-asked': 'provider asked',
      refused: 'provider refuses all calls',
      outage: 'provider is out',
    },
    seconds: (seconds: number): string => `${seconds} s`,
    minutes: (minutes: number, seconds: number): string => `${minutes} min ${seconds} s`,
    hours: (hours: number, minutes: number): string => `${hours} h ${minutes} min`,
  },

  /** What the end of a run shows. */
  run: {
    respondents: (held: number, all: number, failed: number, answers: string): string =>
      `${held} of ${all} respondents interviewed, ${failed} failed. Answers: ${answers}.`,
    interviews: (
      held: number,
      all: number,
      respondents: number,
      replicates: number,
      failed: number,
      answers: string,
    ): string =>
      `${held} of ${all} interviews held (${respondents} respondents × ${replicates}), ${failed} failed. Answers: ${answers}.`,
    separator: ', ',
    usage: (parts: {
      readonly requests: number;
      readonly refused: number;
      readonly retries: number;
      readonly replayed: number;
      readonly tokens: string;
      readonly cost: string;
      readonly time: string;
      readonly waiting: number;
    }): string =>
      `${parts.requests} requests, ${parts.refused} refused, ${parts.retries} retries, ${parts.replayed} answers from the store, ${parts.tokens} tokens, ${parts.cost}, ${parts.time}; ${parts.waiting} % of the calls' time was waiting for the provider.`,
    elsewhere: (parts: { readonly tokens: string; readonly cost: string }): string =>
      `Other processes worked on it too: ${parts.tokens} tokens, ${parts.cost}.`,
    costUnknown: 'cost unknown (--prices takes a price)',
    playedBy: (model: string): string => `The respondents are synthetic: ${model} played them.`,
  },

  /** What a run would ask and cost, before it is paid for. */
  dryRun: {
    opening: 'Dry run: no call was made and nothing was stored.',
    survey: (title: string, interviews: number, model: string): string =>
      `"${title}": ${interviews} interviews, played by ${model}.`,
    group: (title: string, participants: number, rounds: number, model: string): string =>
      `"${title}": ${participants} participants, ${rounds} rounds, played by ${model}.`,
    about: (expected: string, min: string, max: string): string => `about ${expected} (${min} to ${max})`,
    calls: (calls: string): string => `Calls: ${calls}.`,
    callsEach: (calls: string, each: string): string => `Calls: ${calls}; ${each} an interview.`,
    tokens: (sent: string, received: string): string => `Tokens: ${sent} sent, ${received} received.`,
    costUnknown: 'Cost: unknown (no price for this model; add one with --prices).',
    cost: (cost: string, input: string, output: string, source: string): string =>
      `Cost: ${cost}, at ${input} and ${output} a million (${source}).`,
    ownPrices: 'prices of your file',
    listPrices: (asOf: string): string =>
      `list prices of ${asOf}: check the vendor's page, --prices takes others`,
    enough: (limit: string): string => `${limit} is enough.`,
    probablyEnough: (limit: string): string => `${limit} is probably enough.`,
    partly: (limit: string, percent: number): string => `${limit} is enough for about ${percent} % of it.`,
    surveyBasis: (sampled: number): string =>
      `Estimated from ${sampled} interviews in which the simulator answers. Not included: replies that do not fit, which are requested once more; reasoning before an answer; and what is stored already, which costs nothing.`,
    groupBasis:
      'Estimated with replies of the length asked for, from a moderator that always moves on to one that does everything it may do. Not included: unusable replies, which are requested once more; reasoning before an answer; and what is stored already.',
    call: (number: number, respondent: string): string => `Call ${number} of respondent ${respondent}`,
    firstTalk: 'The first call of the talk',
    firstPoll: 'The first call of a poll',
    exact: 'exactly as it would be sent',
    simulated: 'with earlier answers by the simulator',
    prompt: (what: string, how: string): string => `=== ${what}: ${how}`,
  },

  /** What to do where a run did not end well. */
  advice: {
    cancelled: (taskId: string): string => `Task ${taskId} was cancelled; what was recorded stays.`,
    exhausted: (done: number, all: number, command: string, limit: string): string =>
      `${done} of ${all} are done and stored, and so are the replies of interviews under way. To go on: ${command} with a higher ${limit}.`,
    isPaused: 'The task is paused.',
    paused: (done: number, all: number, command: string): string =>
      `${done} of ${all} are done and stored. When the problem is fixed, go on with ${command}.`,
    stopped: (done: number, all: number, command: string): string =>
      `Stopped: ${done} of ${all} are done and stored. To go on, run the same command again, or ${command}.`,
    invalid: (count: number): string =>
      `${count} answers are invalid: the model's replies did not fit the questions, even when asked again. answers.jsonl has the raw replies; --fresh asks everything again.`,
    failed: (count: number): string => `${count} failed:`,
    otherReasons: (count: number): string => `  and ${count} other reasons`,
    askAgain: (command: string): string => `Ask them again: ${command}.`,
  },

  /** What a focus group shows in a terminal besides the talk. */
  group: {
    summingUp: '(summing up what was said)',
    moderating: '(the moderator is deciding what to do next)',
    findingThemes: '(finding themes in the transcript)',
    polling: (count: number, taskId: string): string => `(a private poll of ${count}: task ${taskId})`,
    counts: (participants: number, rounds: number, replies: number, asked: number): string =>
      `${participants} ${participants === 1 ? 'participant' : 'participants'}, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}: ${replies} of ${asked} replies`,
    lengths: (median: string, human: number): string =>
      `, median ${median} words (people in focus groups: ${human}).`,
    playedBy: (model: string): string => `The participants are synthetic: ${model} played them.`,
    moved: 'How opinions changed, by the private polls before and after',
    changed: (changed: number, pairs: number): string => `${changed} of ${pairs} changed their answer`,
    means: (before: string, after: string, difference: string): string =>
      `mean ${before} → ${after} (${difference})`,
    spread: (before: string, after: string): string => ` · sd ${before} → ${after}`,
    nearer: (nearer: number, farther: number): string =>
      `${nearer} came nearer to the others' mean, ${farther} went farther from it`,
    commonest: (option: string, before: string, after: string): string => `“${option}”: ${before} → ${after}`,
  },
};
