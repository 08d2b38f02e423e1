/** The search that Ctrl-K opens. */
export const palette = {
  title: 'Search',
  placeholder: 'Tasks, respondents, questions…',
  pages: 'Pages',
  tasks: 'Tasks',
  questions: 'Questions of this run',
  respondents: 'Respondents of this run',
  nothing: 'Nothing found.',
  keys: '↑ ↓ to choose, Enter to open, Esc to close',
};
