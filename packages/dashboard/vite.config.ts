import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/',
  plugins: [react()],
  build: {
    outDir: '../panelist/dist/page',
    emptyOutDir: true,
    // For scripts/check-page-size.ts.
    manifest: true,
    license: { fileName: 'THIRD-PARTY-LICENSES.md' },
    // The server allows no data: address (default-src 'self').
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2_000,
  },
  server: {
    // `npm run dev` beside a `panelist serve`.
    proxy: { '/api': process.env.PANELIST_SERVER ?? 'http://127.0.0.1:4700' },
  },
});
