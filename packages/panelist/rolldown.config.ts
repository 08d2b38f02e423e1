import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'rolldown';

/** Loaded by every command, so they are inlined; what only some commands need is loaded from its own package. */
const INLINED = /^(?:@panelist\/toolkit|@commander-js\/extra-typings|commander|kysely|leven)(?:\/|$)/;

const shared = {
  platform: 'node',
  external: (id: string) => !/^[./]/.test(id) && !INLINED.test(id),
} as const;

const commandLine = defineConfig({
  ...shared,
  input: { main: 'src/cli/main.ts' },
  plugins: [licenses()],
  output: {
    dir: 'dist/cli',
    chunkFileNames: '[name].js',
    comments: { legal: true, annotation: false, jsdoc: false },
    codeSplitting: {
      groups: [
        // Without main.ts, which awaits: a chunk that imports from its chunk would wait for its end.
        { name: 'start', tags: ['$initial'], test: /(?<!\/cli\/main\.ts)$/, priority: 3 },
        { name: 'tasks', test: /\/cli\/commands\/tasks\/tasks\.ts$/, priority: 2 },
        {
          name: 'sqlite',
          test: /\/stores\/(?:sql\/sql-task-store|sqlite\/sqlite-database)\.ts$/,
          priority: 1,
        },
      ],
    },
  },
});

/** What `panelist serve` starts besides itself: the process that runs tasks, and its worker threads. */
const processes = defineConfig({
  ...shared,
  input: {
    'run-process': 'src/server/processes/run-process-main.ts',
    'server-thread': 'src/server/threads/thread-main.ts',
  },
  output: {
    dir: 'dist/cli',
    chunkFileNames: 'process-[name].js',
    comments: { legal: true, annotation: false, jsdoc: false },
  },
});

export default [commandLine, processes];

/** Writes the licenses of the inlined packages beside the bundle, as those licenses demand. */
function licenses(): Plugin {
  return {
    name: 'licenses',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((chunk) =>
        chunk.type === 'chunk' ? chunk.moduleIds : [],
      );
      const folders = modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? []);
      const texts = [...new Set(folders)].sort().map((folder) => {
        const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
        const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
        if (file === undefined) throw new Error(`${name} is inlined and has no license file`);
        return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
      });
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES.txt', source: texts.join('\n---\n\n') });
    },
  };
}
