export const run = {
  title: 'Survey run',
};
