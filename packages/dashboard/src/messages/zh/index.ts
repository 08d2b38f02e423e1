import type { Messages } from '../en/index.ts';
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

export const messages: Messages = {
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
