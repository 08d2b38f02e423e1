#!/usr/bin/env -S node --heap-growing-percent=75 --max-semi-space-size=8
// The flags above make V8 collect sooner: a run holds little, but its heap would grow to several times that.
//
// Everything else is newer than an old Node can read. So this file looks at Node first: in syntax that Node 12 knows,
// and without importing anything before. What `#cli` is stands in package.json.

/** As in `engines` of package.json. */
const OLDEST = [22, 19];

const version = process.versions.node.split('.').map(Number);
const isTooOld = version[0] < OLDEST[0] || (version[0] === OLDEST[0] && version[1] < OLDEST[1]);

if (isTooOld) {
  console.error(`Panelist needs Node ${OLDEST.join('.')} or newer; this is ${process.versions.node}`);
  process.exitCode = 2;
} else {
  ignoreExperimentalWarnings();
  import('#cli');
}

/** Node 22 warns of `node:sqlite` and of TypeScript. Which of Node's features are used is not the user's concern. */
function ignoreExperimentalWarnings() {
  const { emitWarning } = process;
  process.emitWarning = (warning, options, ...rest) => {
    if (typeOf(warning, options) !== 'ExperimentalWarning')
      emitWarning.call(process, warning, options, ...rest);
  };
}

function typeOf(warning, options) {
  if (warning instanceof Error) return warning.name;
  return typeof options === 'object' && options !== null ? options.type : options;
}
