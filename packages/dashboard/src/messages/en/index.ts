import { answers } from './answers.ts';
import { bundle } from './bundle.ts';
import { compare } from './compare.ts';
import { groups } from './groups.ts';
import { newSurvey } from './new-survey.ts';
import { palette } from './palette.ts';
import { parts } from './parts.ts';
import { run } from './run.ts';
import { share } from './share.ts';
import { shell } from './shell.ts';
import { tasks } from './tasks.ts';
import { workers } from './workers.ts';

/** Every text of the page in English, by area. It defines the type of the other languages: a missing key fails `tsc`. */
export const messages = {
  shell,
  parts,
  palette,
  share,
  tasks,
  run,
  newSurvey,
  answers,
  bundle,
  compare,
  groups,
  workers,
};

export type Messages = typeof messages;
