/** Who is calling the cloud: root users, IAM users, role sessions, AWS services, or nobody. */
import type { Caller, CompiledPolicy, ConditionContext } from '../../iam/index.ts'
import { type Arn, formatArn, rootArn } from '../../model/index.ts'
import type { ServiceId } from './api.ts'

/** What a role session carries besides its role. */
export interface SessionDetails {
  readonly name: string
  /** Milliseconds since 1970. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** Session policy documents as JSON; they limit the session. */
  readonly policies?: readonly string[]
  readonly policyArns?: readonly Arn[]
  readonly tags?: Readonly<Record<string, string>>
  readonly transitiveTagKeys?: readonly string[]
  readonly sourceIdentity?: string
  /** In the course of what the role was assumed: the id of a pipeline's action execution. AWS knows no such thing. */
  readonly cause?: string
}

/** A caller as it travels through the cloud; plain data, so it can be sealed into a token or stored. */
export interface Identity {
  readonly kind: 'root' | 'user' | 'role' | 'service' | 'anonymous'
  /** Empty for services and anonymous callers. */
  readonly account: string
  /** As error messages name it: `arn:aws:sts::…:assumed-role/Role/session` for a session. */
  readonly arn: Arn
  /** The role's ARN with its path for a session (aws:PrincipalArn), else the same as `arn`. */
  readonly principalArn: Arn
  /** `AIDA…`, `AROA…:session`, or the account id for root. */
  readonly userId: string
  readonly accessKeyId?: string
  /** `codepipeline.amazonaws.com`, for kind `service`. */
  readonly service?: string
  /** The identity provider of who comes with a token, for kind `anonymous`. */
  readonly federated?: Arn
  readonly session?: SessionDetails
  /** Condition keys that come with the caller: aws:SourceArn and aws:SourceAccount of a service's call. */
  readonly context?: ConditionContext
}

/** Gives the root user of an account. */
export const rootIdentity = (account: string): Identity => ({
  kind: 'root',
  account,
  arn: rootArn(account),
  principalArn: rootArn(account),
  userId: account,
  accessKeyId: account,
})

export const anonymousIdentity: Identity = {
  kind: 'anonymous',
  account: '',
  arn: 'anonymous',
  principalArn: 'anonymous',
  userId: 'anonymous',
}

/** Gives a service as policies name it. AWS: no service of the cloud has another principal than this. */
export const servicePrincipal = (service: ServiceId): string => `${service}.amazonaws.com`

/**
 * Gives an AWS service acting by itself, on behalf of a resource of some account.
 * AWS: aws:SourceArn and aws:SourceAccount are present only on calls that a service makes as its own principal.
 */
export const serviceIdentity = (service: string, source?: { arn: Arn; account: string }): Identity => ({
  kind: 'service',
  account: '',
  arn: service,
  principalArn: service,
  userId: service,
  service,
  context: source ? { 'aws:SourceArn': source.arn, 'aws:SourceAccount': source.account } : {},
})

/** Gives the session ARN for a role's ARN. AWS: the path is dropped. */
export function sessionArn(roleArn: Arn, sessionName: string): Arn {
  const account = roleArn.split(':')[4] ?? ''
  return formatArn(
    'sts',
    '',
    account,
    `assumed-role/${roleArn.slice(roleArn.lastIndexOf('/') + 1)}/${sessionName}`,
  )
}

export interface AssumableRole {
  readonly arn: Arn
  /** `AROA…` */
  readonly id: string
  readonly trustPolicy: CompiledPolicy
  readonly maxSessionSeconds: number
  readonly tags: Readonly<Record<string, string>>
}

/** Keys of IAM users and policies of principals; the IAM service gives it, the gateway asks it. */
export interface Directory {
  /** The secret and the identity behind a user's access key, active keys only. */
  accessKey(id: string): { secretAccessKey: string; identity: Identity } | undefined
  /**
   * The caller with every policy that limits it, compiled.
   * Gives undefined when the user or role is gone (or was re-created under the same name).
   */
  caller(identity: Identity): Caller | undefined
  /** Whether a principal of a resource or trust policy exists: account id, root, role, user or session ARN. */
  principalExists(principal: string): boolean
  /** The unique id (`AROA…`, `AIDA…`) of an existing role or user; undefined for any other principal. */
  principalId(arn: Arn): string | undefined
  /** What STS needs to know of a role; undefined when there is none under this ARN. */
  role(arn: Arn): AssumableRole | undefined
  /** The audiences of an identity provider's tokens; undefined where there is none under this ARN. */
  tokenClients(arn: Arn): readonly string[] | undefined
  /** The JSON text of a managed policy's default version, AWS's or a customer's. */
  managedPolicy(arn: Arn): string | undefined
  /** The values of aws:PrincipalTag keys: the tags of the user or role, and over them the session's. */
  principalTags(identity: Identity): Readonly<Record<string, string>>
}

export type { Caller, CompiledPolicy }
