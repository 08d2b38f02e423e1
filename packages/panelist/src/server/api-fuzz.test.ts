import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleSurvey, type TestServer, testServer } from './testing/test-server.ts';

/** Requests for each operation. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 15);

let server: TestServer;
let taskId: string;

beforeAll(async () => {
  server = await testServer();
  ({ taskId } = await server.json('/api/surveys', { json: exampleSurvey() }));
  await server.until(taskId, ({ task }) => task.finishedAt !== null);
});

afterAll(() => server[Symbol.asyncDispose]());

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Described {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

async function operations(): Promise<{ readonly all: readonly Described[]; readonly schemas: Schemas }> {
  const { paths, components } = await server.json('/api/openapi.json');
  const all = Object.entries(paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  return { all, schemas: components.schemas };
}

type Schemas = Readonly<Record<string, Schema>>;

const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.constantFrom(
    ...[
      '',
      ' ',
      '0',
      '-1',
      'null',
      'NaN',
      '1e999',
      '__proto__',
      'constructor',
      '../../../etc/passwd',
      '%00',
      '\u0000',
    ],
    ...[
      "' or 1=1 --",
      '<img src=x onerror=alert(1)>',
      '{"$gt":""}',
      '\u202e\u2066',
      'a'.repeat(5_000),
      '=cmd|calc',
    ],
  ),
);

/** What fits a schema, and now and then what doesn't. */
function anyValue(schema: Schema, schemas: Schemas, depth = 0): fc.Arbitrary<unknown> {
  const fitting = fittingValue(schema, schemas, depth);
  return fc.oneof(
    { weight: 6, arbitrary: fitting },
    { weight: 1, arbitrary: fc.oneof(hostileText, fc.jsonValue()) },
  );
}

function fittingValue(schema: Schema, schemas: Schemas, depth: number): fc.Arbitrary<unknown> {
  if (depth > 6) return fc.constant(null);
  if (schema.$ref !== undefined)
    return fittingValue(schemas[schema.$ref.split('/').at(-1)!] ?? {}, schemas, depth + 1);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined)
    return fc.oneof(...options.map((each) => fittingValue(each, schemas, depth + 1)));
  const [type] = [schema.type ?? 'string'].flat();
  switch (type) {
    case 'integer':
    case 'number':
      return fc.oneof(
        fc.integer({ min: Math.max(schema.minimum ?? 0, -1e9), max: Math.min(schema.maximum ?? 1_000, 1e9) }),
        fc.double(),
      );
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(anyValue(schema.items ?? {}, schemas, depth + 1), { maxLength: 4 });
    case 'object': {
      const required = new Set(schema.required);
      const members = Object.entries(schema.properties ?? {}).map(
        ([name, each]) => [name, anyValue(each, schemas, depth + 1)] as const,
      );
      return fc.record(Object.fromEntries(members), {
        requiredKeys: members.map(([name]) => name).filter((name) => required.has(name)),
      });
    }
    default:
      return fc.oneof(hostileText, fc.constantFrom('simulator', 'survey.json', taskId, '1', 'visits'));
  }
}

function requestOf(
  { path, operation }: Described,
  schemas: Schemas,
): fc.Arbitrary<{ url: string; body: unknown }> {
  const parameters = operation.parameters ?? [];
  const body = operation.requestBody?.content['application/json']?.schema;
  return fc
    .record({
      path: fc.tuple(
        ...parameters
          .filter((each) => each.in === 'path')
          .map(({ name, schema }) =>
            fc
              .oneof(
                { weight: 3, arbitrary: name === 'taskId' ? fc.constant(taskId) : fc.constant('1') },
                { weight: 1, arbitrary: anyValue(schema, schemas) },
              )
              .map((value) => [name, value] as const),
          ),
      ),
      query: fc.tuple(
        ...parameters
          .filter((each) => each.in === 'query')
          .map(({ name, schema }) =>
            fc.option(anyValue(schema, schemas)).map((value) => [name, value] as const),
          ),
      ),
      body: body === undefined ? fc.constant(undefined) : anyValue(body, schemas),
    })
    .map(({ path: inPath, query, body }) => {
      let url = path;
      for (const [name, value] of inPath) url = url.replace(`{${name}}`, encoded(value));
      const search = query
        .filter(([, value]) => value !== null)
        .map(([name, value]) => `${name}=${encoded(value)}`);
      return { url: search.length === 0 ? url : `${url}?${search.join('&')}`, body };
    });
}

function encoded(value: unknown): string {
  const text = typeof value === 'string' ? value : String(JSON.stringify(value));
  return encodeURIComponent(text.toWellFormed()) || '%20';
}

describe('the API, by its own description', () => {
  it('answers anything without a fault of its own, and bad input with a problem that has a code', async () => {
    const { all, schemas } = await operations();
    expect(all.length).toBeGreaterThan(30);
    for (const described of all) {
      const { method, operation } = described;
      await fc.assert(
        fc.asyncProperty(requestOf(described, schemas), async ({ url, body }) => {
          const isStream = operation.operationId === 'events';
          const response = await server.request(url, {
            method: method.toUpperCase(),
            ...(body !== undefined && { json: body }),
            ...(isStream && { signal: AbortSignal.timeout(100) }),
          });
          const what = `${method} ${url} → ${response.status}`;
          expect(response.status === 503 || response.status < 500, what).toBe(true);
          if (isStream && response.ok) return void (await response.body?.cancel());
          const text = await response.text();
          if (response.ok) return;
          expect(response.headers.get('Content-Type'), what).toContain('application/problem+json');
          expect(JSON.parse(text), what).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/) });
          expect(text, what).not.toMatch(/node_modules|\.ts:\d/);
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
    }
    expect(server.log).toEqual([]);
  });
});
