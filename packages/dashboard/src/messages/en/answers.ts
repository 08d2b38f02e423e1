export const answers = {
  title: 'Answers',
};
