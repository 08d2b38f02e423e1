export const groups = {
  title: 'Focus groups',
};
