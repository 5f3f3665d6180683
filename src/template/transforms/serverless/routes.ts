/** The routes of APIs: every event of a function or a state machine that asks for one. */
import { setEntry } from '../../../model/index.ts'
import { unsupportedInTemplate } from '../../read/template-fault.ts'
import type { Expansion, Serverless } from './expansion.ts'
import { functionName, isMap, type Properties } from './properties.ts'
import { PythonDict, type PythonKey, UserText } from './python-dict.ts'
import { invalid, Refusals } from './refusals.ts'

export type ApiKind = 'Api' | 'HttpApi'

export interface Route {
  readonly path: string
  /** In lower case; `x-amazon-apigateway-any-method` for all. */
  readonly method: string
  readonly source: Serverless
  readonly event: string
  readonly properties: Properties
}

export const ANY_METHOD = 'x-amazon-apigateway-any-method'
export const DEFAULT_PATH = '$default'

/** By the id of the API. */
export type Routes = ReadonlyMap<string, readonly Route[]>

const IMPLICIT: Readonly<Record<ApiKind, string>> = { Api: 'ServerlessRestApi', HttpApi: 'ServerlessHttpApi' }
const REFERENCE: Readonly<Record<ApiKind, string>> = { Api: 'RestApiId', HttpApi: 'ApiId' }

export const isImplicit = (id: string): boolean => Object.values(IMPLICIT).includes(id)

/** Gives the id of the API that an event means. Errors: InvalidResource for a reference to none of the template's. */
export function apiOf(
  kind: ApiKind,
  event: string,
  properties: Properties,
  into: Expansion,
): string | undefined {
  const given = properties[REFERENCE[kind]]
  if (given === undefined) return IMPLICIT[kind]
  const id = isMap(given) ? given.Ref : undefined
  if (typeof id === 'string' && into.given.get(id)?.Type === `AWS::Serverless::${kind}`) return id
  // AWS: an API that does not come from the template, or no serverless one, gets no route.
  if (typeof id === 'string' && (into.values.has(id) || into.given.has(id))) return undefined
  if (typeof id !== 'string' && (typeof given === 'string' || functionName(given))) return undefined
  throw invalid(
    `Event with id [${event}] is invalid. ${REFERENCE[kind]} must be a valid reference to an 'AWS::Serverless::${kind}' resource in same template.`,
  )
}

/** Gives the routes of all APIs. Errors: TemplateFault naming every event that is wrong. */
export function collectRoutes(sources: readonly Serverless[], into: Expansion): Routes {
  const routes = new Map<string, Route[]>()
  const refusals = new Refusals()
  for (const source of sources)
    for (const [event, type, properties] of eventsOf(source))
      if (type === 'Api' || type === 'HttpApi')
        refusals.collect(source.id, () => {
          const id = apiOf(type, event, properties, into)
          if (id === undefined) return
          const route = { ...place(type, event, properties), source, event, properties }
          const known = routes.get(id) ?? []
          if (known.some(({ path, method }) => path === route.path && method === route.method))
            throw invalid(
              `Event with id [${event}] is invalid. API method "${route.method}" defined multiple times for path "${route.path}".`,
            )
          routes.set(id, [...known, route])
        })
  refusals.throwAll()
  return routes
}

function eventsOf({ properties: { Events } }: Serverless): [string, unknown, Properties][] {
  const given = isMap(Events) ? Events : {}
  return inPythonOrder(given).map(([name, event]) => {
    const { Type, Properties = {} } = (event ?? {}) as { Type?: unknown; Properties?: Properties }
    return [name, Type, Properties]
  })
}

/** AWS: where functions have APIs, their maps are in the order of Python 2.7. */
export function inPythonOrder(map: Properties): [string, unknown][] {
  const ordered: Record<string, unknown> = {}
  for (const name of new PythonDict(Object.keys(map).map((key) => [key, null])).keys())
    setEntry(ordered, name, map[name])
  return Object.entries(ordered)
}

function place(kind: ApiKind, event: string, { Path, Method }: Properties): { path: string; method: string } {
  if (kind === 'HttpApi' && Path === undefined && Method === undefined)
    return { path: DEFAULT_PATH, method: ANY_METHOD }
  for (const [name, value] of [
    ['Path', Path],
    ['Method', Method],
  ])
    if (typeof value !== 'string')
      throw invalid(
        `Event with id [${event}] is invalid. ${value === undefined ? `Property '${name}' is required.` : `Api Event must have a String specified for '${name}'.`}`,
      )
  const method = (Method as string).toLowerCase()
  return { path: Path as string, method: method === 'any' ? ANY_METHOD : method }
}

/** Gives the condition under which a path has any method; undefined where one of them has none. */
export function pathCondition(
  id: string,
  path: string,
  routes: readonly Route[],
  into: Expansion,
): PythonKey | undefined {
  const name = `${id}${path.replaceAll('/', 'SLASH').replaceAll('{', 'OB').replaceAll('}', 'CB')}PathCondition`
  return combinedCondition(
    name,
    routes.map(({ source }) => source),
    into,
  )
}

/** Gives one condition for several resources, made where they have different ones; undefined where one has none. */
export function combinedCondition(
  name: string,
  sources: readonly Serverless[],
  into: Expansion,
): PythonKey | undefined {
  const conditions = sources.map(({ attributes }) => attributes.Condition)
  if (conditions.length === 0 || conditions.some((one) => typeof one !== 'string')) return undefined
  const all = [...new Set(conditions as string[])].sort()
  if (all.length === 1) return new UserText(all[0]!)
  if (all.length > MOST_IN_OR)
    throw unsupportedInTemplate(`an API whose functions have more than ${MOST_IN_OR} conditions`)
  setEntry<unknown>(into.conditions, name, { 'Fn::Or': all.map((Condition) => ({ Condition })) })
  return name
}

/** AWS: Fn::Or takes ten. */
const MOST_IN_OR = 10
