/** SurveyJS's JSON Schema, of the version that the preview uses: what `Serializer.generateSchema()` gives. */
declare module 'virtual:surveyjs-definition' {
  const definition: unknown;
  export default definition;
}
