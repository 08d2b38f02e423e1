import { Serializer } from 'survey-core';

/** The parts of a SurveyJS survey that Panelist reads: element types, and the objects inside them. */
export type SurveyClass =
  | 'survey'
  | 'page'
  | 'panel'
  | QuestionClass
  | 'html'
  | 'choiceitem'
  | 'ratingitem'
  | 'numericvalidator'
  | 'textvalidator'
  | 'answercountvalidator';

export type QuestionClass =
  | 'radiogroup'
  | 'dropdown'
  | 'checkbox'
  | 'rating'
  | 'boolean'
  | 'text'
  | 'comment';

const words = (text: string): string[] => text.trim().split(/\s+/);

const element = 'type name visible visibleIf title description';
const question = `${element} valueName isRequired validators useDisplayValuesInDynamicTexts`;
const choices = 'choices';

/** What is carried into the questionnaire. */
const carried: Readonly<Record<SurveyClass, readonly string[]>> = {
  survey: words('locale title description pages elements maxTextLength'),
  page: words(`${element} elements`),
  panel: words(`${element} elements`),
  html: words(`${element} html`),
  radiogroup: words(`${question} ${choices}`),
  dropdown: words(`${question} ${choices}`),
  checkbox: words(`${question} ${choices} minSelectedChoices maxSelectedChoices`),
  rating: words(
    `${question} rateMin rateMax rateStep rateCount rateValues autoGenerate minRateDescription maxRateDescription rateType`,
  ),
  boolean: words(`${question} label labelTrue labelFalse valueTrue valueFalse`),
  text: words(`${question} inputType min max step maxLength`),
  comment: words(`${question} maxLength`),
  choiceitem: words('value text'),
  ratingitem: words('value text'),
  numericvalidator: words('type minValue maxValue'),
  textvalidator: words('type maxLength'),
  answercountvalidator: words('type minCount maxCount'),
};

const elementLooks = `state width minWidth maxWidth colSpan startWithNewLine indent page errorLocation
  requiredErrorText renderAs`;
const questionLooks = `${elementLooks} titleLocation showTitle descriptionLocation showNumber hideNumber correctAnswer
  clearIfInvisible commentText commentPlaceholder randomize randomizeCategory`;
// Order is kept as the file has it, since it is no part of an answer's meaning.
const choiceLooks = `${questionLooks} choicesOrder hideIfChoicesEmpty separateSpecialChoices otherPlaceholder noneText
  refuseText dontKnowText otherText otherErrorText storeOthersAsComment colCount allowClear itemComponent`;
const containerLooks = `${elementLooks} questionTitleWidth questionTitleLocation gridLayoutColumns questionOrder
  questionErrorLocation innerIndent showNumber showQuestionNumbers questionStartIndex allowAdaptiveActions
  showNavigationButtons timeLimit navigationTitle navigationDescription`;
const validatorLooks = 'text';

/**
 * What cannot change what an answer means: looks, placement, navigation, saving, and texts that only an error shows.
 * Whatever SurveyJS knows and neither table names is refused, so that nothing is lost in silence.
 */
const ignored: Readonly<Record<SurveyClass, readonly string[]>> = {
  survey: words(`regionalFormat logo logoWidth logoHeight logoFit logoPosition autoFocusFirstQuestion
    autoFocusFirstError completedHtml completedBeforeHtml completedHtmlOnCondition loadingHtml sjsVersion $schema
    surveyId surveyPostId surveyShowDataSaving cookieName partialSendEnabled showNavigationButtons
    navigationButtonsLocation showPrevButton showTitle showPageTitles showCompletePage navigateToUrl
    navigateToUrlOnCondition questionOrder matrixDragHandleArea showPageNumbers showQuestionNumbers
    questionTitleLocation questionDescriptionLocation questionErrorLocation showProgressBar progressBarLocation
    progressBarType progressBarShowNavigationText progressBarShowPageNumbers progressBarNavigationTextLocation
    progressBarInheritWidthFrom showTOC tocLocation tocItemComponent storeOthersAsComment maxCommentLength
    autoAdvanceEnabled autoAdvanceAllowComplete clearInvisibleValues checkErrorsMode validateVisitedEmptyFields
    textUpdateMode autoGrowComment allowResizeComment commentAreaRows startSurveyText pagePrevText pageNextText
    completeText previewText editText requiredMark questionStartIndex questionTitlePattern questionTitleTemplate
    firstPageIsStartPage isSinglePage questionsOnPageMode showPreviewBeforeComplete previewMode showTimer timeLimit
    timeLimitPerPage timerLocation timerInfoMode showTimerPanel widthMode gridLayoutEnabled width fitToContainer
    headerView backgroundImage backgroundImageFit backgroundImageAttachment backgroundOpacity showBrandInfo`),
  page: words(containerLooks),
  panel: words(containerLooks),
  html: words(questionLooks),
  radiogroup: words(choiceLooks),
  dropdown: words(`${choiceLooks} placeholder autocomplete textWrapEnabled searchEnabled searchMode
    inputFieldComponent`),
  checkbox: words(`${choiceLooks} showSelectAllItem selectAllText`),
  rating: words(`${questionLooks} scaleColorMode rateColorMode displayRateDescriptionsAsExtremeItems
    rateDescriptionLocation displayMode itemComponent`),
  boolean: words(`${questionLooks} swapOrder displayMode useTitleAsLabel`),
  // `valueLabels` is a slider's tick labels in some front ends; SurveyJS itself does not know it.
  text: words(`${questionLooks} inputSize textUpdateMode autocomplete minErrorText maxErrorText stepErrorText
    inputTextAlignment placeholder valueLabels`),
  comment: words(`${questionLooks} cols rows placeholder textUpdateMode autoGrow allowResize
    acceptCarriageReturn`),
  choiceitem: [],
  ratingitem: [],
  numericvalidator: words(validatorLooks),
  textvalidator: words(validatorLooks),
  answercountvalidator: words(validatorLooks),
};

/** SurveyJS's present name for a property that may be written by an older one: `hasOther` → `showOtherItem`. */
export function canonicalProperty(surveyClass: string, key: string): string {
  return Serializer.findProperty(surveyClass, key)?.name ?? key;
}

/** Whether a property is one that changes nothing in what an answer means, of whatever class of SurveyJS's. */
export function isIgnored(surveyClass: string, key: string): boolean {
  const properties: readonly string[] | undefined = ignored[surveyClass as SurveyClass];
  return properties?.includes(canonicalProperty(surveyClass, key)) ?? false;
}

/** Whether SurveyJS would do something with this property that Panelist would not. A default value does nothing. */
export function isLost(surveyClass: SurveyClass, key: string, value: unknown): boolean {
  const property = Serializer.findProperty(surveyClass, key);
  if (!property || value === null) return false;
  if (carried[surveyClass].includes(property.name) || isIgnored(surveyClass, key)) return false;
  return !property.isDefaultValue(value);
}
