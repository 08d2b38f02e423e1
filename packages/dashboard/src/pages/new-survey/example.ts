/** What `panelist init` writes: a newcomer's first survey. */
export { default as audience } from '../../../../panelist/templates/audience.csv?raw';
export { default as survey } from '../../../../panelist/templates/survey.json?raw';
