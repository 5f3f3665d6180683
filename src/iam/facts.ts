/** What is known of one request while it is decided, and how condition keys are read from it. */
import { entryOf, principalName } from '../model/index.ts'
import type { AuthorizationRequest, Caller, ConditionContext } from './request.ts'

/** A request made ready for the closures of compiled policies. */
export interface Facts {
  readonly request: AuthorizationRequest
  readonly caller: Caller
  /** The action in lower case: actions compare without regard to case. */
  readonly action: string
  readonly resource: string
  /** The account that owns the resource. */
  readonly resourceAccount: string
  readonly context: ConditionContext
  /** Context by lower-case key, made when a key is not found as it is written. */
  folded: ReadonlyMap<string, string | readonly string[]> | undefined
  /** True while a KMS key policy is read, where some keys do not exist. */
  inKeyPolicy: boolean
}

export type KeyValue = string | readonly string[] | undefined
export type KeyReader = (facts: Facts) => KeyValue

export function factsOf(request: AuthorizationRequest): Facts {
  return {
    request,
    caller: request.caller,
    action: request.action.toLowerCase(),
    resource: request.resource,
    resourceAccount: request.resourceAccount ?? request.caller.account,
    context: request.context,
    folded: undefined,
    inKeyPolicy: false,
  }
}

const PRINCIPAL_TYPES: Record<Caller['kind'], string | undefined> = {
  root: 'Account',
  user: 'User',
  role: 'AssumedRole',
  service: undefined,
  anonymous: 'Anonymous',
}

const isSigned = (facts: Facts) => facts.caller.account !== ''
const ownerAccount = (facts: Facts) => facts.resourceAccount || undefined

/**
 * Keys that follow from the caller and the resource; whatever the context says of them is not used.
 *
 * AWS: aws:PrincipalArn is the role's ARN with its path, never the session's; aws:username exists for IAM users
 * only; service principals and anonymous callers have no account.
 */
const DERIVED: Readonly<Record<string, KeyReader>> = {
  'aws:principalarn': (facts) => (isSigned(facts) ? facts.caller.principalArn : undefined),
  'aws:principalaccount': (facts) => facts.caller.account || undefined,
  'aws:principaltype': (facts) => PRINCIPAL_TYPES[facts.caller.kind],
  'aws:principalisawsservice': (facts) => (facts.caller.kind === 'service' ? 'true' : 'false'),
  'aws:principalservicename': (facts) => facts.caller.service,
  'aws:username': (facts) =>
    facts.caller.kind === 'user' ? principalName(facts.caller.principalArn) : undefined,
  'aws:resourceaccount': ownerAccount,
  's3:resourceaccount': (facts) => (facts.action.startsWith('s3:') ? ownerAccount(facts) : undefined),
  'kms:calleraccount': (facts) =>
    facts.action.startsWith('kms:') && isSigned(facts) ? facts.caller.account : undefined,
}

/**
 * Gives the reader of one condition key; names compare without regard to case, and what has no vendor before a colon
 * is no key and has no value.
 */
export function contextValue(name: string): KeyReader {
  const key = name.toLowerCase()
  if (!key.includes(':')) return () => undefined
  if (Object.hasOwn(DERIVED, key)) return entryOf(DERIVED, key)!
  const read: KeyReader = (facts) => entryOf(facts.context, name) ?? folded(facts).get(key)
  if (key === 'aws:userid') return (facts) => read(facts) ?? defaultUserId(facts)
  if (key !== 'kms:resourcealiases') return read
  return (facts) => (facts.inKeyPolicy ? undefined : read(facts))
}

function defaultUserId({ caller }: Facts): string | undefined {
  if (caller.kind === 'anonymous') return 'anonymous'
  return caller.kind === 'root' ? caller.account : undefined
}

function folded(facts: Facts): ReadonlyMap<string, string | readonly string[]> {
  facts.folded ??= new Map(
    Object.entries(facts.context).map(([name, value]) => [name.toLowerCase(), value] as const),
  )
  return facts.folded
}
