/** Failed edges put together where one cause and one change stand behind several. */
import type { OneOrMany, PolicyStatement } from '../../model/index.ts'
import { type Edge, type Failure, isFailed, type Remedy, type Use } from '../proof/proof.ts'

/** Several calls that fail for the same reason. */
export interface FailureGroup {
  readonly principal: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly because: readonly string[]
  readonly uses: readonly Use[]
  readonly failure: Failure
}

/** Gives the failures of a proof, those with the same principal, cause and place of the change as one. */
export function groupFailures(edges: readonly Edge[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>()
  for (const edge of edges.filter(isFailed)) {
    const key = keyOf(edge)
    const found = groups.get(key)
    groups.set(key, found ? joined(found, edge) : groupOf(edge))
  }
  return [...groups.values()]
}

function keyOf({ need, failure }: Edge): string {
  const { by, saidNo, remedies, close } = failure!
  // What no statement can mend, a role that is not there for example, has one cause whatever is called.
  const service = remedies.some(({ statement }) => statement) ? need.action.split(':')[0] : close
  return JSON.stringify([
    need.principal,
    service,
    by ?? saidNo,
    remedies.map((one) => [one.at ?? one.belongsIn, !one.statement]),
  ])
}

const groupOf = ({ need, uses, failure }: Edge): FailureGroup => ({
  principal: need.principal,
  actions: [need.action],
  resources: [need.resource],
  because: [need.because],
  uses,
  failure: failure!,
})

/** Both lists as one, each item once. */
export const union = <T>(one: readonly T[], other: readonly T[]): T[] => {
  const seen = new Set<string>()
  return [...one, ...other].filter((item) => {
    const key = JSON.stringify(item)
    return seen.has(key) ? false : seen.add(key)
  })
}

const joined = (group: FailureGroup, { need, uses, failure }: Edge): FailureGroup => ({
  principal: group.principal,
  actions: union(group.actions, [need.action]),
  resources: union(group.resources, [need.resource]),
  because: union(group.because, [need.because]),
  uses: union(group.uses, uses),
  failure: {
    ...group.failure,
    close: union(group.failure.close, failure!.close),
    remedies: group.failure.remedies.flatMap((remedy, index) =>
      joinRemedies(remedy, failure!.remedies[index]),
    ),
  },
})

/** Gives one remedy where the statements differ in actions or in resources only, else both. */
function joinRemedies(one: Remedy, other: Remedy | undefined): Remedy[] {
  if (!one.statement || !other?.statement) return [one]
  const [a, b] = [one.statement, other.statement]
  if (JSON.stringify(rest(a)) !== JSON.stringify(rest(b))) return [one, other]
  const resources = union(list(a.Resource), list(b.Resource))
  return [
    {
      ...one,
      statement: {
        ...a,
        Action: single(union(list(a.Action), list(b.Action))),
        ...(a.Resource !== undefined && { Resource: single(resources) }),
      },
    },
  ]
}

const rest = ({ Action: _, Resource: __, ...others }: PolicyStatement) => others

const list = <T>(value: OneOrMany<T> | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? [...value] : [value as T]

const single = <T>(values: readonly T[]): OneOrMany<T> => (values.length === 1 ? values[0]! : values)
