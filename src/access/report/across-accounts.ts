/** Failures of one template that stands in several accounts, told once: one change of the file mends them all. */
import type { PolicyStatement } from '../../model/index.ts'
import type { Remedy } from '../proof/proof.ts'
import { type FailureGroup, union } from './group-failures.ts'

/** A failure, and who else meets it because the same template was deployed elsewhere too. */
export interface TemplateFailure extends FailureGroup {
  /** Principals of the other accounts; none for a failure of its own. */
  readonly alike: readonly string[]
}

/** Puts together what differs by account only. Statements that do are suggested with `Fn::Sub`. */
export function acrossAccounts(groups: readonly FailureGroup[]): TemplateFailure[] {
  const merged = new Map<string, TemplateFailure>()
  for (const [index, group] of groups.entries()) {
    const key = keyOf(group) ?? String(index)
    const found = merged.get(key)
    merged.set(key, found ? joined(found, group) : { ...group, alike: [] })
  }
  return [...merged.values()]
}

/** Undefined where the change does not belong in a file that was given. */
function keyOf({ principal, actions, because, failure }: FailureGroup): string | undefined {
  const account = failure.remedies[0]?.origin?.account
  if (account === undefined || !failure.remedies.every(({ origin }) => origin?.file !== undefined))
    return undefined
  const remedies = failure.remedies.map(({ belongsIn, origin, statement, advice }) => [
    belongsIn,
    origin!.file,
    origin!.logicalId,
    statement,
    advice,
  ])
  return JSON.stringify([principal, actions, because, remedies]).replaceAll(account, ACCOUNT)
}

const ACCOUNT = '$' + '{AWS::AccountId}'

function joined(found: TemplateFailure, group: FailureGroup): TemplateFailure {
  return {
    ...found,
    alike: union(found.alike, [group.principal]),
    resources: union(found.resources, group.resources),
    uses: union(found.uses, group.uses),
    failure: { ...found.failure, remedies: found.failure.remedies.map(forEveryAccount) },
  }
}

const forEveryAccount = ({ statement, ...remedy }: Remedy): Remedy => {
  const account = remedy.origin?.account
  if (!statement || account === undefined) return { ...remedy, ...(statement && { statement }) }
  return { ...remedy, statement: withAccount(statement, account) as PolicyStatement }
}

/** AWS: a pseudo parameter stands for the account that the stack is in. */
function withAccount(value: unknown, account: string): unknown {
  if (typeof value === 'string')
    return value.includes(account) ? { 'Fn::Sub': value.replaceAll(account, ACCOUNT) } : value
  if (Array.isArray(value)) return value.map((item) => withAccount(item, account))
  if (typeof value !== 'object' || value === null || 'Fn::Sub' in value) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withAccount(item, account)]))
}
