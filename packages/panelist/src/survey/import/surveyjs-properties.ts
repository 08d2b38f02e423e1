import { Serializer } from 'survey-core';

/** The parts of a SurveyJS survey that Panelist reads: element types, and the objects inside them. */
export type SurveyClass =
  | 'survey'
  | 'page'
  | 'panel'
  | QuestionClass
  | GridClass
  | 'html'
  | 'image'
  | 'expression'
  | 'choiceitem'
  | 'checkboxitem'
  | 'ratingitem'
  | 'itemvalue'
  | 'matrixdropdowncolumn'
  | 'multipletextitem'
  | 'calculatedvalue'
  | 'numericvalidator'
  | 'textvalidator'
  | 'answercountvalidator'
  | 'regexvalidator'
  | 'emailvalidator'
  | 'expressionvalidator';

/** What is asked as one question. */
export type QuestionClass =
  | 'radiogroup'
  | 'dropdown'
  | 'buttongroup'
  | 'imagepicker'
  | 'checkbox'
  | 'tagbox'
  | 'ranking'
  | 'rating'
  | 'boolean'
  | 'text'
  | 'comment'
  | 'slider';

/** What is asked as one question per cell. */
export type GridClass = 'matrix' | 'matrixdropdown' | 'matrixdynamic' | 'multipletext' | 'paneldynamic';

const words = (text: string): string[] => text.trim().split(/\s+/);

const element = 'type name visible visibleIf title description';
const question = `${element} valueName isRequired requiredIf enableIf readOnly validators defaultValue
  showCommentArea commentText useDisplayValuesInDynamicTexts defaultValueExpression setValueIf setValueExpression
  resetValueIf`;
const choices = `choices choicesByUrl choicesOrder choicesVisibleIf choicesEnableIf choicesFromQuestion choicesFromQuestionMode showOtherItem
  otherText showNoneItem noneText showRefuseItem refuseText showDontKnowItem dontKnowText`;
const several = `${question} ${choices} minSelectedChoices maxSelectedChoices`;
const texts = `valueLabels inputType min max step maxLength minValueExpression maxValueExpression maskType maskSettings`;
const grid = `${question} rows columns rowOrder rowsVisibleIf columnsVisibleIf eachRowRequired`;
const dropdownGrid = `${question} columns choices cellType rowsVisibleIf columnsVisibleIf detailElements detailPanelMode`;

/** What is carried into the questionnaire. */
const carried: Readonly<Record<SurveyClass, readonly string[]>> = {
  survey:
    words(`locale title description pages elements maxTextLength maxCommentLength questionOrder calculatedValues triggers
    readOnly mode clearInvisibleValues`),
  page: words(`${element} elements questionOrder readOnly enableIf`),
  panel: words(`${element} elements questionOrder readOnly enableIf isRequired requiredIf`),
  html: words(`${element} html`),
  image: words(`${element} altText imageLink`),
  expression:
    words(`${element} valueName expression format displayStyle currency maximumFractionDigits minimumFractionDigits
    useGrouping precision`),
  radiogroup: words(`${question} ${choices}`),
  dropdown: words(`${question} ${choices} choicesMin choicesMax choicesStep`),
  buttongroup: words(`${question} ${choices}`),
  imagepicker: words(`${question} ${choices} multiSelect`),
  checkbox: words(several),
  tagbox: words(several),
  ranking: words(`${several} selectToRankEnabled`),
  rating: words(
    `${question} rateMin rateMax rateStep rateCount rateValues autoGenerate minRateDescription maxRateDescription rateType`,
  ),
  boolean: words(`${question} label labelTrue labelFalse valueTrue valueFalse`),
  text: words(`${question} ${texts}`),
  comment: words(`${question} maxLength`),
  slider: words(`${question} sliderType min max step minValueExpression maxValueExpression customLabels`),
  matrix: words(`${grid} cellType eachRowUnique`),
  matrixdropdown: words(`${dropdownGrid} rows rowOrder`),
  matrixdynamic: words(`${dropdownGrid} rowCount minRowCount maxRowCount allowAddRows allowRemoveRows
    defaultRowValue copyDefaultValueFromLastEntry keyName`),
  multipletext: words(`${question} items`),
  paneldynamic:
    words(`${question} templateElements templateTitle templateDescription panelCount minPanelCount maxPanelCount
    allowAddPanel allowRemovePanel templateVisibleIf defaultPanelValue copyDefaultValueFromLastEntry keyName`),
  choiceitem: words('value text visibleIf enableIf randomize elements showCommentArea isCommentRequired'),
  checkboxitem: words(
    'value text visibleIf enableIf isExclusive randomize elements showCommentArea isCommentRequired',
  ),
  ratingitem: words('value text'),
  itemvalue: words('value text visibleIf enableIf requiredIf'),
  matrixdropdowncolumn: words(
    `name title cellType isRequired requiredIf visible visibleIf enableIf readOnly validators choices choicesOrder
    showOtherItem otherText showNoneItem noneText ${texts} rateMin rateMax rateStep rateValues rateCount minRateDescription maxRateDescription
    labelTrue labelFalse valueTrue valueFalse defaultValue minSelectedChoices maxSelectedChoices isUnique totalType
    totalExpression`,
  ),
  multipletextitem: words(`name title isRequired validators ${texts}`),
  calculatedvalue: words('name expression includeIntoResult'),
  numericvalidator: words('type minValue maxValue'),
  textvalidator: words('type minLength maxLength allowDigits'),
  answercountvalidator: words('type minCount maxCount'),
  regexvalidator: words('type regex caseInsensitive text'),
  emailvalidator: words('type'),
  expressionvalidator: words('type expression text'),
};

const elementLooks = `state width minWidth maxWidth colSpan startWithNewLine indent page errorLocation
  requiredErrorText renderAs`;
const questionLooks = `${elementLooks} titleLocation showTitle descriptionLocation showNumber hideNumber correctAnswer
  clearIfInvisible commentPlaceholder randomize randomizeCategory`;
const choiceLooks = `${questionLooks} hideIfChoicesEmpty separateSpecialChoices otherPlaceholder otherErrorText
  storeOthersAsComment colCount allowClear itemComponent`;
const containerLooks = `${elementLooks} questionTitleWidth questionTitleLocation gridLayoutColumns
  questionErrorLocation innerIndent showNumber showQuestionNumbers questionStartIndex allowAdaptiveActions
  showNavigationButtons timeLimit navigationTitle navigationDescription`;
const gridLooks = `${questionLooks} columnMinWidth showHeader verticalAlign alternateRows displayMode rowTitleWidth`;
const dropdownGridLooks = `columnLayout transposeData horizontalScroll placeholder columnColCount allowAdaptiveActions
  cellErrorLocation detailErrorLocation keyDuplicationError singleInputTitleTemplate`;
const validatorLooks = 'text notificationType';

/**
 * What cannot change what an answer means: looks, placement, navigation, saving, and texts that only an error shows.
 * Whatever SurveyJS knows and neither table names is refused, so that nothing is lost in silence.
 */
const ignored: Readonly<Record<SurveyClass, readonly string[]>> = {
  survey: words(`regionalFormat logo logoWidth logoHeight logoFit logoPosition autoFocusFirstQuestion
    autoFocusFirstError completedHtml completedBeforeHtml completedHtmlOnCondition loadingHtml sjsVersion $schema
    surveyId surveyPostId surveyShowDataSaving cookieName partialSendEnabled showNavigationButtons
    navigationButtonsLocation showPrevButton showTitle showPageTitles showCompletePage navigateToUrl
    navigateToUrlOnCondition matrixDragHandleArea showPageNumbers showQuestionNumbers
    questionTitleLocation questionDescriptionLocation questionErrorLocation showProgressBar progressBarLocation
    progressBarType progressBarShowNavigationText progressBarShowPageNumbers progressBarNavigationTextLocation
    progressBarInheritWidthFrom showTOC tocLocation tocItemComponent storeOthersAsComment
    autoAdvanceEnabled autoAdvanceAllowComplete checkErrorsMode validateVisitedEmptyFields
    textUpdateMode autoGrowComment allowResizeComment commentAreaRows startSurveyText pagePrevText pageNextText
    completeText previewText editText requiredMark questionStartIndex questionTitlePattern questionTitleTemplate
    firstPageIsStartPage isSinglePage questionsOnPageMode showPreviewBeforeComplete previewMode showTimer timeLimit
    timeLimitPerPage timerLocation timerInfoMode showTimerPanel widthMode gridLayoutEnabled width fitToContainer
    headerView backgroundImage backgroundImageFit backgroundImageAttachment backgroundOpacity showBrandInfo`),
  page: words(containerLooks),
  panel: words(containerLooks),
  html: words(`${questionLooks} isRequired requiredIf`),
  image: words(`${questionLooks} isRequired requiredIf contentMode imageFit imageHeight imageWidth`),
  expression: words(`${questionLooks} isRequired requiredIf`),
  radiogroup: words(`${choiceLooks} showClearButton`),
  dropdown: words(`${choiceLooks} placeholder autocomplete textWrapEnabled searchEnabled searchMode
    inputFieldComponent`),
  buttongroup: words(choiceLooks),
  imagepicker:
    words(`${choiceLooks} contentMode imageFit imageHeight imageWidth minImageWidth minImageHeight maxImageWidth
    maxImageHeight showLabel`),
  checkbox: words(`${choiceLooks} showSelectAllItem selectAllText`),
  tagbox:
    words(`${choiceLooks} showSelectAllItem selectAllText placeholder searchEnabled textWrapEnabled hideSelectedItems
    closeOnSelect searchMode`),
  ranking:
    words(`${choiceLooks} showSelectAllItem selectAllText longTap selectToRankSwapAreas selectToRankAreasLayout
    selectToRankEmptyRankedAreaText selectToRankEmptyUnrankedAreaText`),
  rating: words(`${questionLooks} scaleColorMode rateColorMode displayRateDescriptionsAsExtremeItems
    rateDescriptionLocation displayMode itemComponent`),
  boolean: words(`${questionLooks} swapOrder displayMode useTitleAsLabel`),
  text: words(`${questionLooks} inputSize textUpdateMode autocomplete minErrorText maxErrorText stepErrorText
    inputTextAlignment placeholder dataList`),
  comment: words(`${questionLooks} cols rows placeholder textUpdateMode autoGrow allowResize
    acceptCarriageReturn`),
  slider:
    words(`${questionLooks} showLabels tooltipVisibility labelFormat tooltipFormat allowDragRange allowSwap labelCount
    autoGenerate allowClear`),
  matrix: words(`${gridLooks} hideIfRowsEmpty cellComponent`),
  matrixdropdown: words(`${gridLooks} ${dropdownGridLooks} totalText hideIfRowsEmpty`),
  matrixdynamic:
    words(`${gridLooks} ${dropdownGridLooks} confirmDelete confirmDeleteText addRowButtonLocation addRowText
    removeRowText hideColumnsIfEmpty noRowsText allowRowReorder`),
  multipletext: words(`${questionLooks} inputSize colCount itemErrorLocation itemTitleWidth`),
  paneldynamic: words(`${questionLooks} templateTabTitle tabTitlePlaceholder noEntriesText newPanelPosition
    panelsState keyDuplicationError confirmDelete confirmDeleteText addPanelText
    removePanelText prevPanelText nextPanelText showQuestionNumbers questionStartIndex renderMode displayMode
    showProgressBar progressBarLocation tabAlign templateQuestionTitleLocation templateQuestionTitleWidth
    templateErrorLocation removePanelButtonLocation`),
  choiceitem: words('imageLink randomizeCategory commentPlaceholder'),
  checkboxitem: words('imageLink randomizeCategory commentPlaceholder'),
  ratingitem: [],
  itemvalue: words('randomize randomizeCategory'),
  matrixdropdowncolumn: words(`${questionLooks} cellHint colCount showInMultipleColumns totalFormat
    totalDisplayStyle totalAlignment totalCurrency totalMaximumFractionDigits totalMinimumFractionDigits placeholder
    storeOthersAsComment rateType displayMode`),
  multipletextitem: words('placeholder inputTextAlignment inputSize requiredErrorText'),
  calculatedvalue: [],
  numericvalidator: words(validatorLooks),
  textvalidator: words(validatorLooks),
  answercountvalidator: words(validatorLooks),
  regexvalidator: words(validatorLooks),
  emailvalidator: words(validatorLooks),
  expressionvalidator: words(validatorLooks),
};

/** SurveyJS's present name for a property that may be written by an older one: `hasOther` → `showOtherItem`. */
export function canonicalProperty(surveyClass: string, key: string): string {
  return Serializer.findProperty(surveyClass, key)?.name ?? key;
}

/** Whether a property of any SurveyJS class leaves the meaning of answers unchanged. */
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

/** Whether an unknown property may be ignored because another front end wrote it. */
export function isCarried(surveyClass: string, key: string): boolean {
  return carried[surveyClass as SurveyClass]?.includes(key) ?? false;
}

/** An object's properties under SurveyJS's present names. */
export function canonical(raw: object, surveyClass: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [canonicalProperty(surveyClass, key), value]),
  );
}

/** The key under which a question's answer is recorded; `null` when the file gives it no usable name. */
export function answerKey(raw: object): string | null {
  const { valueName, name } = raw as Readonly<Record<string, unknown>>;
  const key = typeof valueName === 'string' && valueName !== '' ? valueName : name;
  return typeof key === 'string' && key !== '' ? key : null;
}
