/** The directory of principals that the gateway asks: who owns an access key, and what limits a caller. */
import {
  type Arn,
  inlinePolicy,
  managedPolicyRef,
  type PolicyRef,
  parseArn,
  principalName,
  trustPolicyOf,
} from '../../../../model/index.ts'
import { compiledBoundPolicy } from '../../../kernel/bound-policy.ts'
import { compiledPolicy } from '../../../kernel/compiled-policy.ts'
import type { AssumableRole, Caller, CompiledPolicy, Directory, Identity } from '../../../kernel/identity.ts'
import type { Store } from '../../../kernel/store.ts'
import {
  type AccessKeyRecord,
  accessKeys,
  groups,
  type ManagedPolicyRecord,
  oidcProviders,
  type PrincipalRecord,
  type RoleRecord,
  roles,
  users,
} from '../state.ts'
import { defaultDocument, findManagedPolicy } from './managed-policy.ts'

/** Policies of a user or role, good as long as the records they come from are the ones in the store. */
interface Compiled {
  readonly sources: readonly PrincipalRecord[]
  readonly managed: readonly (readonly [Arn, ManagedPolicyRecord | undefined])[]
  readonly identityPolicies: readonly CompiledPolicy[]
  readonly boundary?: CompiledPolicy
}

/** Gives the directory over the stored users and roles. `accounts` are the ones that exist; absent: all do. */
export function createDirectory(store: Store, { accounts }: { accounts?: readonly string[] }): Directory {
  const policies = compiledPolicies(store)
  const accountExists = (account: string) =>
    /^\d{12}$/.test(account) && (accounts === undefined || accounts.includes(account))
  const principalId = (arn: Arn) => principalRecord(store, arn)?.id
  const directory: Directory = {
    accessKey: (id) => {
      const key = store.of(accessKeys).get(id)
      const identity = key?.active ? identityOfKey(store, key) : undefined
      return key && identity ? { secretAccessKey: key.secret, identity } : undefined
    },
    caller: (identity) => callerOf(store, identity, policies),
    principalId,
    role: (arn) => assumableRole(store, directory, arn),
    tokenClients: (arn) => {
      const { account = '', resource = '' } = parseArn(arn) ?? {}
      return store.of(oidcProviders, account).get(resource.replace(/^oidc-provider\//, ''))?.clientIds
    },
    managedPolicy: (arn) => {
      const policy = findManagedPolicy(store, arn)
      return policy && defaultDocument(policy)
    },
    principalTags: ({ principalArn, session }) => {
      const own = principalRecord(store, principalArn)?.tags
      return own && session?.tags ? { ...own, ...session.tags } : (own ?? session?.tags ?? {})
    },
    principalExists: (principal) => {
      if (accountExists(principal)) return true
      const arn = parseArn(principal)
      if (!arn || !accountExists(arn.account)) return false
      if (arn.service === 'iam') return arn.resource === 'root' || principalId(principal) !== undefined
      if (arn.service !== 'sts') return false
      const [kind, name] = arn.resource.split('/')
      if (kind === 'federated-user') return true
      return kind === 'assumed-role' && store.of(roles, arn.account).has(name?.toLowerCase() ?? '')
    },
  }
  return directory
}

function assumableRole(store: Store, directory: Directory, arn: Arn): AssumableRole | undefined {
  const record = arn.includes(':role/') ? (principalRecord(store, arn) as RoleRecord | undefined) : undefined
  if (!record) return undefined
  const { id, maxSessionSeconds, tags } = record
  return {
    arn,
    id,
    trustPolicy: compiledBoundPolicy(record.trustPolicy, directory, trustPolicyOf(arn)),
    maxSessionSeconds,
    tags,
  }
}

function principalRecord(store: Store, arn: Arn): PrincipalRecord | undefined {
  const parts = parseArn(arn)
  if (parts?.service !== 'iam') return undefined
  const kind = parts.resource.startsWith('role/')
    ? roles
    : parts.resource.startsWith('user/')
      ? users
      : undefined
  if (!kind) return undefined
  const record = store.of<PrincipalRecord>(kind, parts.account).get(principalName(arn).toLowerCase())
  return record?.arn === arn ? record : undefined
}

function identityOfKey(store: Store, key: AccessKeyRecord): Identity | undefined {
  const user = key.user === undefined ? undefined : store.of(users, key.account).get(key.user.toLowerCase())
  if (!user) return undefined
  return {
    kind: 'user',
    account: key.account,
    arn: user.arn,
    principalArn: user.arn,
    userId: user.id,
    accessKeyId: key.id,
  }
}

type PoliciesOf = (record: PrincipalRecord, account: string) => Compiled

function callerOf(store: Store, identity: Identity, policiesOf: PoliciesOf): Caller | undefined {
  const { kind, account, arn, principalArn, service, federated } = identity
  if (kind !== 'user' && kind !== 'role')
    return { kind, account, arn, principalArn, service, federated, identityPolicies: [] }
  const record = principalRecord(store, principalArn)
  if (!record || record.id !== identity.userId.split(':', 1)[0]) return undefined
  const { identityPolicies, boundary } = policiesOf(record, account)
  const sessionPolicies = sessionPoliciesOf(store, identity)
  return { kind, account, arn, principalArn, identityPolicies, boundary, sessionPolicies }
}

function sessionPoliciesOf(store: Store, { arn: owner, session }: Identity): CompiledPolicy[] | undefined {
  if (!session?.policies && !session?.policyArns) return undefined
  const ref: PolicyRef = { kind: 'session', owner }
  const inline = (session.policies ?? []).map((text) => compiledPolicy(text, ref))
  const managed = (session.policyArns ?? []).map((arn) => compiledManaged(store, arn))
  return [...inline, ...managed].filter((policy) => policy !== undefined)
}

function compiledManaged(store: Store, arn: Arn): CompiledPolicy | undefined {
  const policy = findManagedPolicy(store, arn)
  return policy && compiledPolicy(defaultDocument(policy), managedPolicyRef(arn))
}

/** Records are immutable, so compiled policies hold as long as every record they come from is still the stored one. */
function compiledPolicies(store: Store): PoliciesOf {
  const known = new Map<Arn, Compiled>()
  return (record, account) => {
    const sources = withGroups(store, record, account)
    const found = known.get(record.arn)
    if (found && isCurrent(store, found, sources)) return found
    const made = compileFor(store, sources)
    known.set(record.arn, made)
    return made
  }
}

function withGroups(store: Store, record: PrincipalRecord, account: string): readonly PrincipalRecord[] {
  const names = (record as { groups?: readonly string[] }).groups
  if (!names?.length) return [record]
  const table = store.of(groups, account)
  return [
    record,
    ...names.map((name) => table.get(name.toLowerCase())).filter((group) => group !== undefined),
  ]
}

function isCurrent(store: Store, found: Compiled, sources: readonly PrincipalRecord[]): boolean {
  return (
    found.sources.length === sources.length &&
    found.sources.every((source, i) => source === sources[i]) &&
    found.managed.every(([arn, policy]) => findManagedPolicy(store, arn) === policy)
  )
}

function compileFor(store: Store, sources: readonly PrincipalRecord[]): Compiled {
  const inline = sources.flatMap((source) =>
    Object.entries(source.inlinePolicies).map(([name, text]) =>
      compiledPolicy(text, inlinePolicy(source.arn, name)),
    ),
  )
  const attached = [...new Set(sources.flatMap((source) => source.attachedPolicies))]
  const { arn: owner, boundary: boundaryArn } = sources[0]!
  const named = boundaryArn === undefined ? attached : [...attached, boundaryArn]
  const identityPolicies = [...inline, ...attached.map((arn) => compiledManaged(store, arn))]
  return {
    sources,
    managed: named.map((arn) => [arn, findManagedPolicy(store, arn)] as const),
    identityPolicies: identityPolicies.filter((policy) => policy !== undefined),
    boundary:
      boundaryArn === undefined
        ? undefined
        : (compiledManaged(store, boundaryArn) ?? denyAll(owner, boundaryArn)),
  }
}

/** AWS: a boundary that no longer exists allows nothing. */
const denyAll = (owner: Arn, arn: Arn) =>
  compiledPolicy('{"Version":"2012-10-17","Statement":[]}', { kind: 'boundary', owner, arn })
