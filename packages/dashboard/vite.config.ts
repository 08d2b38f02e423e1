import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

export default defineConfig({
  base: '/',
  plugins: [react(), surveyDefinition()],
  build: {
    outDir: '../panelist/dist/page',
    emptyOutDir: true,
    // For check-page-size.ts.
    manifest: true,
    license: { fileName: 'THIRD-PARTY-LICENSES.md' },
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2_000,
  },
  server: {
    // `npm run dev` beside a `panelist serve`.
    proxy: { '/api': process.env.PANELIST_SERVER ?? 'http://127.0.0.1:4500' },
  },
});

/** The JSON Schema that survey-core brings along without exporting it: the editor needs it before it needs survey-core. */
function surveyDefinition(): Plugin {
  const name = 'virtual:surveyjs-definition';
  return {
    name: 'surveyjs-definition',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => {
      if (id !== `\0${name}`) return undefined;
      const file = new URL('../surveyjs_definition.json', import.meta.resolve('survey-core'));
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))))});`;
    },
  };
}
