/** Principals of needs as callers that the evaluator takes. */
import type { Caller } from '../../iam/index.ts'
import { formatArn, parseArn, principalName } from '../../model/index.ts'
import type { KnownRole, Landscape } from '../landscape/landscape.ts'
import { compiledLevels } from './organization-limits.ts'

export interface FoundCaller {
  readonly caller: Caller
  readonly role?: KnownRole
  /** Why nothing is known of the caller, in words. */
  readonly missing?: string
}

/** Finds callers, each once. */
export class Callers {
  readonly #landscape: Landscape
  readonly #found = new Map<string, FoundCaller>()

  constructor(landscape: Landscape) {
    this.#landscape = landscape
  }

  of(principal: string): FoundCaller {
    const known = this.#found.get(principal)
    if (known) return known
    const found =
      principal.startsWith('arn:') || this.#landscape.standIns.mayBeArn(principal)
        ? this.#role(principal)
        : service(principal)
    this.#found.set(principal, found)
    return found
  }

  #role(arn: string): FoundCaller {
    const role = this.#landscape.roles.get(arn)
    const account = parseArn(arn)?.account ?? ''
    const serviceControlPolicies = compiledLevels(this.#landscape, account, 'serviceControl')
    const caller: Caller = {
      kind: 'role',
      account,
      arn: formatArn('sts', '', account, `assumed-role/${principalName(arn)}/session`),
      principalArn: arn,
      identityPolicies: role?.policies.map(({ policy }) => policy) ?? [],
      ...(role?.boundary && { boundary: role.boundary.policy }),
      ...(serviceControlPolicies && { serviceControlPolicies }),
    }
    return role ? { caller, role } : { caller, missing: missingRole(arn, this.#landscape) }
  }
}

/** Says that a role is not there, and which one may be meant. */
export function missingRole(arn: string, { roles, absent, unread }: Landscape): string {
  const { account } = parseArn(arn) ?? {}
  const meant = [...roles.values()].find((one) => one.account === account && one.name === principalName(arn))
  if (meant) return `there is no role ${arn}, but ${meant.arn}`
  if (absent?.has(arn)) return `the role ${arn} does not exist`
  const why = unread?.get(arn)
  return why ? `the role ${arn} could not be read: ${why}` : `the role ${arn} is in no template`
}

/** Whether a role that is not known is known not to be there. */
export const isAbsent = (missing: string, arn: string, { absent }: Landscape): boolean =>
  missing.includes(', but ') || Boolean(absent?.has(arn))

const service = (name: string): FoundCaller => ({
  caller: {
    kind: 'service',
    account: '',
    arn: name,
    principalArn: name,
    service: name,
    identityPolicies: [],
  },
})
