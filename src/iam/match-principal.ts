/** Principal and NotPrincipal: whether a statement speaks of a caller, and how directly. */
import type { PolicyPrincipal } from '../model/index.ts'
import { principalLists } from './read-document.ts'
import type { Caller } from './request.ts'

/**
 * How directly a statement of a resource policy names the caller.
 *
 * AWS, inside one account: an account (its root ARN) only lets identity policies decide; a role's ARN is still
 * limited by boundary and session policies; a user's or session's ARN, a service, or `*` is final.
 */
export const NAMED = { not: 0, byAccount: 1, byRole: 2, directly: 3 } as const
export type Named = (typeof NAMED)[keyof typeof NAMED]

export type PrincipalMatcher = (caller: Caller) => Named

interface PrincipalSet {
  readonly anyone: boolean
  readonly accounts: ReadonlySet<string>
  readonly arns: ReadonlySet<string>
  readonly services: ReadonlySet<string>
  readonly federated: ReadonlySet<string>
  readonly canonicalUsers: ReadonlySet<string>
}

const ACCOUNT = /^(?:(\d{12})|arn:[\w-]+:iam::(\d{12}):root)$/

/** Gives the account a principal stands for (`111111111111` or its root ARN), else undefined. */
export function principalAccount(principal: string): string | undefined {
  const [, id, ofRoot] = ACCOUNT.exec(principal) ?? []
  return id ?? ofRoot
}

function principalSet(principal: PolicyPrincipal): PrincipalSet {
  const lists = principalLists(principal)
  const accounts = lists.AWS.map(principalAccount)
  return {
    anyone: lists.AWS.includes('*'),
    accounts: new Set(accounts.filter((account) => account !== undefined)),
    arns: new Set(lists.AWS.filter((name, i) => name.startsWith('arn:') && accounts[i] === undefined)),
    services: new Set(lists.Service),
    federated: new Set(lists.Federated),
    canonicalUsers: new Set(lists.CanonicalUser),
  }
}

/**
 * Gives the matcher of a Principal element.
 *
 * AWS: `"*"` and `{"AWS": "*"}` are the same; no other wildcard counts; unique ids (AROA…, AIDA…) stand for
 * deleted principals and match nobody.
 */
export function compilePrincipal(principal: PolicyPrincipal): PrincipalMatcher {
  const set = principalSet(principal)
  if (set.anyone) return () => NAMED.directly
  return (caller) => {
    switch (caller.kind) {
      case 'service':
        return caller.service !== undefined && set.services.has(caller.service) ? NAMED.directly : NAMED.not
      case 'anonymous':
        return caller.federated !== undefined && set.federated.has(caller.federated)
          ? NAMED.directly
          : NAMED.not
      default:
        return nameOfSigned(set, caller)
    }
  }
}

function nameOfSigned(set: PrincipalSet, caller: Caller): Named {
  const isSession = caller.arn !== caller.principalArn
  if (set.arns.has(caller.arn) && (isSession || caller.kind !== 'role')) return NAMED.directly
  if (set.arns.has(caller.principalArn)) return NAMED.byRole
  const ofAccount =
    set.accounts.has(caller.account) ||
    (caller.canonicalUser !== undefined && set.canonicalUsers.has(caller.canonicalUser))
  if (!ofAccount) return NAMED.not
  return caller.kind === 'root' ? NAMED.directly : NAMED.byAccount
}

/**
 * Gives the matcher of a NotPrincipal element of a Deny: everyone but the principals named.
 *
 * AWS: to be excepted, a user or role must be named and its account as well; whoever has a permissions boundary
 * is denied in any case. With Allow, which AWS no longer accepts, everyone who is not named at all is meant.
 */
export function compileNotPrincipal(principal: PolicyPrincipal, effect: 'Allow' | 'Deny'): PrincipalMatcher {
  const set = principalSet(principal)
  const named = compilePrincipal(principal)
  if (effect === 'Allow') return (caller) => (named(caller) ? NAMED.not : NAMED.directly)
  return (caller) => (isExcepted(set, named(caller), caller) ? NAMED.not : NAMED.directly)
}

function isExcepted(set: PrincipalSet, named: Named, caller: Caller): boolean {
  if (set.anyone) return true
  if (caller.boundary || named < NAMED.byRole) return false
  return caller.account === '' || set.accounts.has(caller.account)
}
