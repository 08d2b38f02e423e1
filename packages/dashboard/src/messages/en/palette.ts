export const palette = {
  title: 'Search',
};
