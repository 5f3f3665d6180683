/** Which operation of a REST service a method, a path, a query and the headers mean. */

import type { WireRequest } from '../kernel/wire.ts'
import type { OperationModel, ServiceModel } from './model.ts'
import { queryPairs } from './uri.ts'

interface RouteTable {
  readonly routes: readonly Route[]
  /** Query parameters that make a request mean something else, for services that have such. */
  readonly subresources: ReadonlySet<string>
}

interface Route {
  readonly operation: OperationModel
  readonly method: string
  /** Fixed segments as text, labels as undefined; empty segments are dropped. */
  readonly segments: readonly (string | undefined)[]
  /** The last label takes the rest of the path. */
  readonly greedy: boolean
  /** Query parameters that must be there, with the value where it is fixed. */
  readonly query: readonly (readonly [string, string | undefined])[]
  /** The fixed query parameters without a value. */
  readonly subresources: readonly string[]
  readonly headers: readonly string[]
  readonly weight: number
}

const tables = new WeakMap<ServiceModel, RouteTable>()

/**
 * Gives the operation with the most demands among those whose demands the request meets.
 * A subresource that this operation is not about makes the request unknown: `DELETE /bucket?acl` deletes no bucket.
 */
export function routeRest(model: ServiceModel, wire: WireRequest): OperationModel | undefined {
  let table = tables.get(model)
  if (!table) {
    table = compileTable(model)
    tables.set(model, table)
  }
  const segments = model.wire?.address?.(wire).segments ?? wire.path.split('/').filter((part) => part !== '')
  const query = new Map(queryPairs(wire.query))
  const found = table.routes.find((route) => matches(route, wire, segments, query))
  if (!found) return undefined
  for (const name of query.keys()) {
    if (table.subresources.has(name) && !found.query.some(([known]) => known === name)) return undefined
  }
  return found.operation
}

function compileTable(model: ServiceModel): RouteTable {
  const routes = [...model.operations.values()].map(compileRoute).sort((a, b) => b.weight - a.weight)
  const names = model.wire?.subresources ? routes.flatMap((route) => route.subresources) : []
  return { routes, subresources: new Set(names) }
}

function matches(
  route: Route,
  wire: WireRequest,
  segments: readonly string[],
  query: Map<string, string>,
): boolean {
  if (route.method !== wire.method) return false
  if (route.greedy ? segments.length < route.segments.length : segments.length !== route.segments.length)
    return false
  return (
    route.segments.every((segment, index) => segment === undefined || segment === segments[index]) &&
    route.query.every(
      ([name, value]) => query.has(name) && (value === undefined || query.get(name) === value),
    ) &&
    route.headers.every((name) => wire.headers[name] !== undefined)
  )
}

function compileRoute(operation: OperationModel): Route {
  const [path, fixed] = operation.uri.split('?') as [string, string | undefined]
  const required = new Set(operation.input?.data.required ?? [])
  const members = (operation.input?.members ?? []).filter((member) => required.has(member.name))
  const named = (location: string) => members.filter((member) => member.location === location)
  const pairs = queryPairs(fixed ?? '').filter(([name]) => name !== 'x-id')
  const subresources = pairs.filter(([, value]) => value === '').map(([name]) => name)
  const query = [
    ...pairs.map(([name, value]) => [name, value === '' ? undefined : value] as const),
    ...named('querystring').map((member) => [member.wireName, undefined] as const),
  ]
  const headers = named('header').map((member) => member.wireName.toLowerCase())
  const parts = path.split('/').filter((part) => part !== '')
  const segments = parts.map((part) => (part.startsWith('{') ? undefined : part))
  const literals = segments.filter((part) => part !== undefined).length
  const weight = literals * 100 + query.length * 10 + headers.length
  return {
    operation,
    method: operation.method,
    segments,
    greedy: path.endsWith('+}'),
    query,
    subresources,
    headers,
    weight,
  }
}
