export const newSurvey = {
  title: 'New survey',
};
