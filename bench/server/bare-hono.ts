/** A Hono route that answers one text, on a free port that it prints: what reads are compared with. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const body = JSON.parse(process.argv[2]!);
const app = new Hono().get('*', (c) => c.json(body));
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
  console.log(`http://127.0.0.1:${port}`),
);
