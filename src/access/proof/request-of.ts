/** A need as the request that AWS would authorize. */
import { type AuthorizationRequest, type CompiledPolicy, compile } from '../../iam/index.ts'
import {
  entryOf,
  formatArn,
  isAssumption,
  isTokenProvider,
  type Need,
  type PolicyPrincipal,
  parseArn,
  rootArn,
  supposedPolicy,
} from '../../model/index.ts'
import type { Undecided } from '../../template/index.ts'
import type { Landscape } from '../landscape/landscape.ts'
import type { LocatedPolicy } from '../landscape/located-policy.ts'
import type { Origin } from '../landscape/placed-template.ts'
import { type FoundCaller, type MissingRole, missingInWords, missingRole } from './callers.ts'
import { compiledLevels, organizationKeys } from './organization-limits.ts'
import { requestedRegion } from './requested-region.ts'

export interface ResourceSide {
  readonly account: string
  readonly policy?: CompiledPolicy
  /** Where its policy stands, or where the resource itself does when it has none. */
  readonly origin?: Origin
  /** What is not known of it, in words. */
  readonly missing?: string
  /** Why nothing is known of it, where it is a role. */
  readonly missingRole?: MissingRole
  readonly publicAccessBlock?: AuthorizationRequest['publicAccessBlock']
  readonly grants?: AuthorizationRequest['grants']
  readonly context?: AuthorizationRequest['context']
  /** The condition without which the resource is not there, where nobody knows whether it holds. */
  readonly when?: Undecided
}

/** Gives the request for a need without patterns. Where a policy is not known it is taken to allow. */
export function requestOf(
  need: Need,
  { caller, role }: FoundCaller,
  side: ResourceSide,
  landscape: Landscape,
): AuthorizationRequest {
  const resourceAccount = side.account || caller.account
  const resourceControlPolicies = compiledLevels(landscape, resourceAccount, 'resourceControl')
  const tags: Record<string, string> = {}
  for (const key in role?.tags) tags[`aws:PrincipalTag/${key}`] = entryOf(role.tags, key)!
  return {
    caller,
    action: need.action,
    resource: need.resource,
    resourceAccount,
    resourcePolicy: side.policy ?? (side.missing === undefined ? undefined : allowing(need.principal)),
    ...(resourceControlPolicies && { resourceControlPolicies }),
    publicAccessBlock: side.publicAccessBlock,
    grants: side.grants,
    context: {
      'aws:SecureTransport': 'true',
      'aws:ViaAWSService': 'false',
      'aws:RequestedRegion': requestedRegion(need, landscape),
      ...tags,
      ...side.context,
      ...need.context,
      ...organizationKeys(landscape, { caller: caller.account, resource: resourceAccount, need }),
      ...ofService(need),
    },
  }
}

/** The conditions without which caller or resource are not there. */
export const presenceOf = ({ role }: FoundCaller, { when }: ResourceSide): Undecided[] =>
  [role?.when, when].filter((one) => one !== undefined)

/** The condition keys that a service gives by itself. */
function ofService({ action, context = {} }: Need): AuthorizationRequest['context'] {
  if (isAssumption({ action })) return { 'sts:DurationSeconds': '3600', 'sts:RoleSessionName': 'session' }
  if (action.startsWith('s3:')) return { 's3:signatureversion': 'AWS4-HMAC-SHA256' }
  if (!action.startsWith('kms:')) return {}
  const names = Object.keys(context)
    .filter((key) => key.startsWith('kms:EncryptionContext:'))
    .map((key) => key.slice('kms:EncryptionContext:'.length))
  return {
    'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT',
    ...(names.length && { 'kms:EncryptionContextKeys': names }),
    ...(context['kms:ViaService'] && { 'aws:ViaAWSService': 'true', 'aws:CalledVia': ['s3.amazonaws.com'] }),
  }
}

/**
 * Whether what the caller's own policies allow holds whatever the resource's policy is, short of a denial there.
 * AWS: in one account either side suffices, but for keys and trust; a service has no policies of its own.
 */
export const sufficesAlone = (
  { action }: Need,
  { caller }: FoundCaller,
  { account }: ResourceSide,
): boolean => caller.account !== '' && account === caller.account && !/^(kms|sts):/.test(action)

const allowed = new Map<string, CompiledPolicy>()

/** A policy in the place of one that is not known: it leaves the decision to the caller's own policies. */
function allowing(principal: string): CompiledPolicy {
  const key = isTokenProvider(principal) ? principal : (parseArn(principal)?.account ?? principal)
  const known = allowed.get(key)
  if (known) return known
  const Principal = everybodyAs(principal)
  const statement = { Effect: 'Allow' as const, Principal, Action: '*', Resource: '*' }
  const policy = compile(
    { Version: '2012-10-17', Statement: [statement] },
    supposedPolicy('a policy that is not known'),
  )
  allowed.set(key, policy)
  return policy
}

function everybodyAs(principal: string): PolicyPrincipal {
  if (isTokenProvider(principal)) return { Federated: principal }
  const account = parseArn(principal)?.account
  return account === undefined ? { Service: principal } : { AWS: rootArn(account) }
}

/** AWS: no key's policy is asked where a call is on no key, nor for the alias' part of a call on an alias and its key. */
const ON_NO_KEY: ReadonlySet<string> = new Set([
  'kms:CreateKey',
  'kms:GenerateRandom',
  'kms:ListAliases',
  'kms:ListKeys',
])
const ON_ALIAS: ReadonlySet<string> = new Set(['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias'])

/** Gives what the landscape knows of the resource of a need; `complete` as for the proof. */
export function resourceSide(
  { action, resource }: Need,
  caller: FoundCaller,
  landscape: Landscape,
  complete = false,
): ResourceSide {
  const arn = parseArn(resource)
  const account = arn?.account ?? ''
  if (action === 'iam:PassRole') return { account }
  if (isAssumption({ action })) return roleSide(resource, account, landscape)
  if (arn?.service === 's3')
    return bucketSide(arn.resource.split('/')[0]!, landscape, complete ? caller : undefined)
  if (ON_NO_KEY.has(action) || (ON_ALIAS.has(action) && arn?.resource.startsWith('alias/')))
    return { account: caller.caller.account }
  if (arn?.service === 'kms' || action.startsWith('kms:')) return keySide(resource, account, landscape)
  const policy = landscape.resourcePolicies.get(resource)
  if (policy) return { account, ...ofPolicy(policy) }
  // AWS: without one of its own a topic has a policy that lets in its account.
  if (landscape.topics?.has(resource)) return { account }
  const bare = landscape.withoutPolicy?.get(resource)
  if (bare) return { account, origin: bare }
  const unread = landscape.unread?.get(resource)
  if (unread) return { account, missing: `the policy of ${resource}: ${unread}` }
  const isForeign = /^\d{12}$/.test(account) && account !== caller.caller.account
  return isForeign ? { account, missing: `the policy of ${resource}` } : { account }
}

const ofPolicy = ({ policy, origin }: LocatedPolicy) => ({ policy, origin })

function roleSide(arn: string, account: string, landscape: Landscape): ResourceSide {
  const role = landscape.roles.get(arn)
  if (!role) {
    const missing = missingRole(arn, landscape)
    return { account, missing: missingInWords(missing), missingRole: missing }
  }
  const context: Record<string, string> = {}
  for (const key in role.tags)
    for (const name of ['aws:ResourceTag', 'iam:ResourceTag'])
      context[`${name}/${key}`] = entryOf(role.tags, key)!
  return {
    account,
    origin: role.origin,
    when: role.when,
    ...(role.trust && ofPolicy(role.trust)),
    context,
  }
}

/** A bucket that is in no template may be anybody's; a fleet file names those of its own accounts (`among`). */
function bucketSide(name: string, landscape: Landscape, among?: FoundCaller): ResourceSide {
  const bucket = landscape.buckets.get(name)
  if (!bucket)
    return {
      account: storeOwner(name, landscape) ?? among?.caller.account ?? '',
      missing: `the owner and the policy of the bucket ${name}`,
    }
  const { account, origin, policy, publicAccessBlock, when } = bucket
  const unread = policy ? undefined : landscape.unread?.get(formatArn('s3', '', '', name))
  const missing = unread && `the policy of the bucket ${name}: ${unread}`
  return {
    account,
    origin,
    ...(policy && ofPolicy(policy)),
    ...(missing && { missing }),
    publicAccessBlock,
    when,
  }
}

/** Accounts by artifact bucket, for the pipelines of each landscape that was asked about. */
const storeOwners = new WeakMap<Landscape['pipelines'], ReadonlyMap<string, string>>()

/** AWS: an artifact bucket belongs to the pipeline's account. */
function storeOwner(bucket: string, { pipelines }: Landscape): string | undefined {
  let owners = storeOwners.get(pipelines)
  if (!owners) {
    owners = ownersOf(pipelines)
    storeOwners.set(pipelines, owners)
  }
  return owners.get(bucket)
}

function ownersOf(pipelines: Landscape['pipelines']): ReadonlyMap<string, string> {
  const owners = new Map<string, string>()
  for (const { account, declaration } of pipelines) {
    const { artifactStore, artifactStores = {} } = declaration
    for (const store of [artifactStore, ...Object.values(artifactStores)])
      if (store && !owners.has(store.location)) owners.set(store.location, account)
  }
  return owners
}

function keySide(arn: string, account: string, landscape: Landscape): ResourceSide {
  const key = landscape.keys.get(arn)
  if (!key)
    return {
      account,
      missing: landscape.standIns.in(arn).length ? `the key ${arn}` : `the policy of the key ${arn}`,
    }
  const unread = key.policy ? undefined : landscape.unread?.get(arn)
  return {
    account,
    origin: key.origin,
    when: key.when,
    ...(key.policy ? ofPolicy(key.policy) : unread && { missing: `the policy of the key ${arn}: ${unread}` }),
    grants: key.grants,
    context: {
      'kms:KeySpec': 'SYMMETRIC_DEFAULT',
      'kms:KeyUsage': 'ENCRYPT_DECRYPT',
      'kms:KeyOrigin': 'AWS_KMS',
      'kms:MultiRegion': 'false',
      ...(key.aliases.length && { 'kms:ResourceAliases': key.aliases }),
      ...Object.fromEntries(
        Object.entries(key.tags).map(([name, value]) => [`aws:ResourceTag/${name}`, value]),
      ),
    },
  }
}
