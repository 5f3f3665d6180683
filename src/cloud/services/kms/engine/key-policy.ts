/** Whether KMS takes a key policy, and the policies it gives to keys itself. */
import { compile, evaluate, PolicySyntaxError } from '../../../../iam/index.ts'
import {
  type Arn,
  AwsError,
  type PolicyDocument,
  type PolicyStatement,
  readJson,
  resourcePolicyOf,
  rootArn,
  supposedPolicy,
} from '../../../../model/index.ts'
import {
  type BoundPolicy,
  bindPolicy,
  compiledBoundPolicy,
  unknownPrincipal,
} from '../../../kernel/bound-policy.ts'
import { compiledPolicy } from '../../../kernel/compiled-policy.ts'
import type { Context } from '../../../kernel/context.ts'

const SIZE_LIMIT = 32_768

const malformed = (message: string) => new AwsError('MalformedPolicyDocumentException', message)

/**
 * Gives a key policy bound to its principals.
 * AWS: each principal must exist, and the caller must stay able to change the policy unless it bypasses the check.
 * Errors: MalformedPolicyDocumentException, LimitExceededException.
 */
export function keyPolicy(
  ctx: Context,
  text: string,
  options: { keyArn: Arn; bypassLockout?: boolean },
): BoundPolicy {
  const document = parse(text)
  for (const statement of [document.Statement].flat() as PolicyStatement[]) checkStatement(statement)
  if (unknownPrincipal(document, ctx.cloud.directory) !== undefined)
    throw malformed('Policy contains a statement with one or more invalid principals.')
  const policy = bindPolicy(text, ctx.cloud.directory)
  if (!options.bypassLockout && !canChangePolicy(ctx, policy, options.keyArn))
    throw malformed('The new key policy will not allow you to update the key policy in the future.')
  return policy
}

function parse(text: string): PolicyDocument {
  if (Buffer.byteLength(text) > SIZE_LIMIT)
    throw new AwsError('LimitExceededException', `Policy exceeds the maximum size of ${SIZE_LIMIT} bytes.`)
  try {
    const document = readJson(text) as PolicyDocument
    compile(document, supposedPolicy('key policy'))
    return document
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed('Policy document contains invalid JSON.')
    if (error instanceof PolicySyntaxError) throw malformed(`Policy document is not valid. ${error.message}`)
    throw error
  }
}

function checkStatement(statement: PolicyStatement): void {
  if (statement.Principal === undefined && statement.NotPrincipal === undefined)
    throw malformed('Policy contains a statement with no principal.')
  if (statement.Resource === undefined && statement.NotResource === undefined)
    throw malformed('Policy contains a statement with no resource.')
}

/** AWS: only the key policy counts here, so the caller's identity policies are taken to allow everything. */
function canChangePolicy(ctx: Context, policy: BoundPolicy, keyArn: Arn): boolean {
  const caller = ctx.cloud.directory.caller(ctx.identity)
  if (!caller) return false
  const everything = compiledPolicy(
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    supposedPolicy('everything'),
  )
  const unlimited = {
    ...caller,
    identityPolicies: [everything],
    boundary: undefined,
    sessionPolicies: undefined,
  }
  const resourcePolicy = compiledBoundPolicy(policy, ctx.cloud.directory, resourcePolicyOf(keyArn))
  const action = 'kms:PutKeyPolicy'
  const decision = evaluate({ caller: unlimited, action, resource: keyArn, resourcePolicy, context: {} })
  return decision.effect === 'allowed'
}

/** Gives the policy of a key that is made without one: the account decides by its identity policies. */
export function defaultKeyPolicy(account: string): string {
  const statement = {
    Sid: 'Enable IAM User Permissions',
    Effect: 'Allow',
    Principal: { AWS: rootArn(account) },
    Action: 'kms:*',
    Resource: '*',
  }
  return JSON.stringify({ Version: '2012-10-17', Id: 'key-default-1', Statement: [statement] }, undefined, 2)
}

/**
 * Gives the policy of an AWS managed key.
 * AWS: everyone in the account may use the key, but through its service only; nobody may change it.
 */
export function awsManagedKeyPolicy(service: string, account: string, region: string): string {
  const through = {
    Sid: `Allow access through ${service} for all principals in the account that are authorized to use ${service}`,
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: [
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncrypt*',
      'kms:GenerateDataKey*',
      'kms:CreateGrant',
      'kms:DescribeKey',
    ],
    Resource: '*',
    Condition: {
      StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `${service}.${region}.amazonaws.com` },
    },
  }
  const metadata = {
    Sid: 'Allow direct access to key metadata to the account',
    Effect: 'Allow',
    Principal: { AWS: rootArn(account) },
    Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
    Resource: '*',
  }
  const document = { Version: '2012-10-17', Id: `auto-${service}-1`, Statement: [through, metadata] }
  return JSON.stringify(document, undefined, 2)
}
