import type { JsonStep } from './json-place.ts';

/** The part of JSON Schema that SurveyJS's own definition uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly (string | number)[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

/** Classes that other types are made of: no element has them as its type. */
const ABSTRACT = new Set(['matrixdropdownbase', 'textbase', 'nonvalue', 'surveyvalidator']);
/** Of triggers and validators, whose types are written without it. */
const SUFFIX = /(?:trigger|validator)$/;

/** What can be written at a place of a survey, by SurveyJS's JSON Schema. */
export class SurveySchema {
  readonly #root: JsonSchema;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  /** The keys that the innermost object may have besides its own. */
  keys(steps: readonly JsonStep[]): readonly string[] {
    const [schema, step] = this.#innermost(steps);
    if (schema === null) return [];
    const present = new Set(step?.keys);
    return Object.keys(this.#properties(schema))
      .concat(this.#types(schema).length > 0 ? ['type'] : [])
      .filter((key, index, all) => !present.has(key) && all.indexOf(key) === index);
  }

  /** The values that a key of the innermost object may have, as JSON; empty where any is possible. */
  values(steps: readonly JsonStep[], key: string): readonly string[] {
    const list = this.#schemaOfList(steps);
    if (key === 'type' && list !== null) return this.#types(list).map((type) => JSON.stringify(type));
    const [schema] = this.#innermost(steps);
    const property = schema && this.#properties(schema)[key];
    if (property?.enum !== undefined) return property.enum.map((value) => JSON.stringify(value));
    return property?.type === 'boolean' ? ['true', 'false'] : [];
  }

  #innermost(steps: readonly JsonStep[]): readonly [JsonSchema | null, JsonStep | undefined] {
    let schema: JsonSchema | null = this.#root;
    for (const step of steps) {
      const inside: JsonSchema | null = this.#inside(schema, step.key);
      schema = inside && this.#ofType(inside, step.texts.type);
      if (schema === null) break;
    }
    return [schema, steps.at(-1)];
  }

  /** Where the innermost object is one of several types: before its own type narrows that down. */
  #schemaOfList(steps: readonly JsonStep[]): JsonSchema | null {
    const last = steps.at(-1);
    if (last === undefined) return null;
    const [outer] = this.#innermost(steps.slice(0, -1));
    return outer && this.#inside(outer, last.key);
  }

  #inside(schema: JsonSchema, key: string | number | null): JsonSchema | null {
    if (key === null) return schema;
    if (typeof key === 'number') return schema.items ?? null;
    return this.#properties(schema)[key] ?? null;
  }

  #ofType(schema: JsonSchema, type: string | undefined): JsonSchema {
    const named = type === undefined ? undefined : this.#alternative(schema, type);
    return named ?? schema;
  }

  #alternative(schema: JsonSchema, type: string): JsonSchema | undefined {
    return (schema.anyOf ?? [])
      .filter(({ $ref }) => $ref !== undefined && typeName($ref) === type)
      .map((each) => this.#resolved(each))[0];
  }

  #types(schema: JsonSchema): string[] {
    return (schema.anyOf ?? []).flatMap(({ $ref }) => {
      if ($ref === undefined) return [];
      const type = typeName($ref);
      return ABSTRACT.has(type) || type.endsWith('item') ? [] : [type];
    });
  }

  #properties(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
    const { properties, allOf = [], anyOf = [] } = this.#resolved(schema);
    const inherited = [...allOf, ...anyOf.filter(({ $ref }) => $ref !== undefined).slice(0, 1)];
    return Object.assign({}, ...inherited.map((each) => this.#properties(each)), properties);
  }

  #resolved(schema: JsonSchema): JsonSchema {
    if (schema.$ref === undefined) return schema;
    return this.#root.definitions?.[idOf(schema.$ref)] ?? {};
  }
}

function idOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

function typeName(reference: string): string {
  return idOf(reference).replace(SUFFIX, '');
}
