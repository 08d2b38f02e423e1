import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isTextDeeperThan } from '../files/json-depth.ts';
import { answerProbe, type ProbeSources } from '../operation/probes.ts';
import { VERSION } from '../version.ts';
import type { Access, AccessEnv } from './access/access.ts';
import { checkOrigin } from './access/request-origin.ts';
import type { ServerContext } from './context.ts';
import { problemOf, problemResponses } from './errors/problem-details.ts';
import { ServerError } from './errors/server-error.ts';
import { PageFiles } from './page/page-files.ts';
import { analysisRoutes } from './routes/analysis.ts';
import { answerRoutes } from './routes/answers.ts';
import { comparisonRoutes } from './routes/comparisons.ts';
import { downloadRoutes } from './routes/downloads.ts';
import { eventRoutes } from './routes/events.ts';
import { groupResultRoutes } from './routes/focus-group-results.ts';
import { groupRoutes } from './routes/focus-groups.ts';
import { modelRoutes } from './routes/models.ts';
import { sessionRoutes } from './routes/session.ts';
import { shareRoutes } from './routes/shares.ts';
import { surveyRoutes } from './routes/surveys.ts';
import { taskRoutes } from './routes/tasks.ts';
import { uploadRoutes } from './routes/uploads.ts';
import { workerRoutes } from './routes/workers.ts';
import { taskLive } from './schemas/tasks.ts';

/** Bytes of a login. */
const MAX_LOGIN_BYTES = 4_000;
/** Bytes of a request that holds a file: a survey of 10 MB and its quotes. Larger files are uploads. */
const MAX_FILE_BYTES = 25_000_000;
/** Bytes of any other. */
const MAX_BODY_BYTES = 100_000;
const WITH_FILES =
  /^\/api\/(?:surveys|surveys\/check|comparisons|focus-groups|focus-groups\/check|focus-groups\/[^/]+\/polls)$/;
/** Levels of objects and lists: no request needs more, and a survey is a text in it. */
const MAX_DEPTH = 20;

export interface AppOptions {
  readonly access: Access;
  /** The names that the server answers under. */
  readonly hosts: readonly string[];
  readonly log: (error: unknown) => void;
  readonly probes: ProbeSources;
}

/** The API, chained so that `hc` knows the types of all routes. */
function apiRoutes(context: ServerContext, access: Access) {
  return new OpenAPIHono<AccessEnv>()
    .route('/', sessionRoutes(context, access))
    .route('/', modelRoutes(context))
    .route('/', uploadRoutes(context))
    .route('/', surveyRoutes(context, access))
    .route('/', taskRoutes(context, access))
    .route('/', workerRoutes(context))
    .route('/', groupRoutes(context, access))
    .route('/', groupResultRoutes(context))
    .route('/', answerRoutes(context))
    .route('/', analysisRoutes(context))
    .route('/', comparisonRoutes(context))
    .route('/', downloadRoutes(context))
    .route('/', shareRoutes(context, access))
    .route('/', eventRoutes(context));
}

function wholeApp(context: ServerContext, access: Access) {
  return new OpenAPIHono<AccessEnv>().route('/api', apiRoutes(context, access));
}

/** The types of the API, for `hc<AppType>(address)`. */
export type AppType = ReturnType<typeof wholeApp>;

function limitedTo(maxSize: number): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new ServerError(
        'TOO_LARGE',
        `The request is longer than ${maxSize} bytes, the most that is read here: send files by /api/uploads.`,
      );
    },
  });
}

/** The server without its socket: its API under `/api`, and the page under every other path. */
export function createApp(
  context: ServerContext,
  { access, hosts, log, probes }: AppOptions,
): OpenAPIHono<AccessEnv> {
  const app = new OpenAPIHono<AccessEnv>();
  app.onError(problemResponses(log));
  const probe = async (c: Context): Promise<Response> => {
    const answer = await answerProbe(c.req.path, probes);
    if (answer === undefined) return c.notFound();
    return c.body(answer.body, answer.status, { 'Content-Type': answer.type, 'Cache-Control': 'no-store' });
  };
  // The caller knows an address and no name; they say nothing but whether the server works.
  app.get('/livez', probe).get('/readyz', probe);
  app.use(checkOrigin({ hosts }));
  app.get('/metrics', access.check, probe);
  app.use('/api/*', async (c, next) => {
    // Hono would answer it as a GET whose body nobody reads: a stream of events would stay open for ever.
    if (c.req.method === 'HEAD')
      throw new ServerError('METHOD_NOT_ALLOWED', 'The API answers GET, and not HEAD.');
    await next();
  });
  // Before anything of a body is read.
  app.use('/api/*', access.check);
  const [login, small, large] = [MAX_LOGIN_BYTES, MAX_BODY_BYTES, MAX_FILE_BYTES].map(limitedTo) as [
    MiddlewareHandler,
    MiddlewareHandler,
    MiddlewareHandler,
  ];
  app.use('/api/*', (c, next) => {
    const { method, path } = c.req;
    if (method === 'GET' || path === '/api/uploads') return next();
    if (path === '/api/session') return login(c, next);
    return WITH_FILES.test(path) ? large(c, next) : small(c, next);
  });
  app.use('/api/*', async (c, next) => {
    const isJson = c.req.method !== 'GET' && c.req.header('Content-Type')?.startsWith('application/json');
    // Hono keeps the text for its own parser, which a few megabytes of brackets would keep busy for many seconds.
    if (isJson && isTextDeeperThan(await c.req.text(), MAX_DEPTH))
      throw new ServerError(
        'REQUEST_INVALID',
        `The request has more than ${MAX_DEPTH} levels of lists and objects.`,
      );
    await next();
  });
  app.route('/api', apiRoutes(context, access));
  app.openAPIRegistry.register('TaskLive', taskLive);
  app.doc31('/api/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Panelist',
      version: VERSION,
      description:
        'Surveys with AI respondents and AI focus groups. Changes need the header `Panelist-Request: 1`. Errors are problem details (RFC 9457) with the codes of the command line.',
    },
    servers: [{ url: '/' }],
  });
  app.all('/api/*', () => {
    throw new ServerError('NOT_FOUND', 'There is no such path. /api/openapi.json describes the API.');
  });
  const page = new PageFiles();
  app.get('*', (c) => page.respond(c));
  app.notFound((c) => {
    const problem = problemOf(new ServerError('NOT_FOUND', 'There is no such path.'));
    return c.json(problem, 404, { 'Content-Type': 'application/problem+json' });
  });
  return app;
}
