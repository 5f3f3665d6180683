/** Principals of needs as callers that the evaluator takes. */
import type { Caller } from '../../iam/index.ts'
import { type Arn, formatArn, isTokenProvider, parseArn, principalName } from '../../model/index.ts'
import type { KnownRole, Landscape } from '../landscape/landscape.ts'
import { compiledLevels } from './organization-limits.ts'

export interface FoundCaller {
  readonly caller: Caller
  /** The role, or the user. */
  readonly role?: KnownRole
  /** Why nothing is known of the caller. */
  readonly missing?: MissingRole
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
    const found = this.#find(principal)
    this.#found.set(principal, found)
    return found
  }

  #find(principal: string): FoundCaller {
    if (isTokenProvider(principal)) return token(principal)
    const isArn = principal.startsWith('arn:') || this.#landscape.standIns.mayBeArn(principal)
    return isArn ? this.#role(principal) : service(principal)
  }

  #role(arn: string): FoundCaller {
    const user = this.#landscape.users?.get(arn)
    const role = this.#landscape.roles.get(arn) ?? user
    const account = parseArn(arn)?.account ?? ''
    const attached = role ? undefined : this.#landscape.attached?.get(`${account} ${principalName(arn)}`)
    const serviceControlPolicies = compiledLevels(this.#landscape, account, 'serviceControl')
    const caller: Caller = {
      kind: user ? 'user' : 'role',
      account,
      arn: user ? arn : formatArn('sts', '', account, `assumed-role/${principalName(arn)}/session`),
      principalArn: arn,
      identityPolicies: (role?.policies ?? attached?.flatMap(({ on }) => on(arn) ?? []) ?? []).map(
        ({ policy }) => policy,
      ),
      ...(role?.boundary && { boundary: role.boundary.policy }),
      ...(serviceControlPolicies && { serviceControlPolicies }),
    }
    if (role) return { caller, role }
    // Of a role that stands elsewhere what is attached to it here must do.
    return attached ? { caller } : { caller, missing: missingRole(arn, this.#landscape) }
  }
}

/** Why nothing is known of a role: another one is meant, or it is not there, or was not read. */
export type MissingRole = { readonly arn: Arn } & (
  | { readonly kind: 'meant'; readonly other: Arn }
  | { readonly kind: 'absent' | 'existing' | 'in no template' }
  | { readonly kind: 'unread'; readonly why: string }
)

export function missingRole(arn: Arn, { roles, existingRoles, absent, unread }: Landscape): MissingRole {
  if (existingRoles?.has(arn)) return { arn, kind: 'existing' }
  const { account } = parseArn(arn) ?? {}
  const meant = [...roles.values()].find((one) => one.account === account && one.name === principalName(arn))
  if (meant) return { arn, kind: 'meant', other: meant.arn }
  if (absent?.has(arn)) return { arn, kind: 'absent' }
  const why = unread?.get(arn)
  return why ? { arn, kind: 'unread', why } : { arn, kind: 'in no template' }
}

/** Says it in words. */
export function missingInWords(role: MissingRole): string {
  switch (role.kind) {
    case 'meant':
      return `there is no role ${role.arn}, but ${role.other}`
    case 'absent':
      return `the role ${role.arn} does not exist`
    case 'existing':
      return `the policies of the role ${role.arn}, which stands already`
    case 'unread':
      return `the role ${role.arn} could not be read: ${role.why}`
    default:
      return `the ${parseArn(role.arn)?.resource.startsWith('user/') ? 'user' : 'role'} ${role.arn} is in no template`
  }
}

/** Whether a role that is not known is known to be there. */
export const isExisting = ({ kind }: MissingRole): boolean => kind === 'existing'

/** Whether a role that is not known is known not to be there. */
export const isAbsent = ({ kind }: MissingRole): boolean => kind === 'meant' || kind === 'absent'

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

/** AWS: who comes with a token of a provider is nobody's principal until a role is assumed, and signs nothing. */
const token = (provider: Arn): FoundCaller => ({
  caller: {
    kind: 'anonymous',
    account: '',
    arn: provider,
    principalArn: provider,
    federated: provider,
    identityPolicies: [],
  },
})
