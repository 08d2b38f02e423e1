import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * The page of `panelist results bundle`: one classic script and one style sheet, since a browser loads no modules from
 * `file://`.
 */
export default defineConfig({
  base: './',
  publicDir: 'bundle',
  plugins: [react()],
  build: {
    outDir: '../panelist/dist/bundle',
    emptyOutDir: true,
    license: { fileName: 'THIRD-PARTY-LICENSES.md' },
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: {
      input: 'src/bundle/main.tsx',
      // Only what preloads parts of a page that is one script reads it.
      transform: { define: { 'import.meta': '{}' } },
      output: {
        format: 'iife',
        codeSplitting: false,
        entryFileNames: 'page.js',
        assetFileNames: 'page[extname]',
      },
    },
  },
});
