/** What deploying the stacks takes of the policies that their own resources carry. */

import {
  entryOf,
  formatArn,
  type Need,
  type NeedPhase,
  parseArn,
  rootArn,
  type TemplateResource,
} from '../../model/index.ts'
import { reason } from '../../pipeline/index.ts'
import type { KnownKey, Landscape } from '../landscape/landscape.ts'
import type { LocatedPolicy } from '../landscape/located-policy.ts'
import type { Origin } from '../landscape/placed-template.ts'

/** What stands in the place of a pipeline's name; no pipeline can be called so. */
export const DEPLOYMENT = 'deployment of the stacks'

export interface DeploymentNeeds {
  /** `crossdock-hello-hub in 111111111111 us-east-1` */
  readonly stack: string
  readonly needs: readonly Need[]
}

type Call = readonly [action: string, phase: NeedPhase, purpose: string]

/**
 * Gives what CloudFormation calls to create, read, change and delete the resources that carry a policy, as an
 * administrator of their account would deploy them; nothing for live accounts, whose stacks are not known.
 * `complete` tells that the stacks are a fleet's own.
 * AWS: the handlers of the types' registry schemas, as far as the template sets what they write. A policy that a
 * resource carries can refuse them: a key's by not naming its account, any by a Deny.
 */
export function deploymentNeeds(
  { templates, keys, buckets, resourcePolicies }: Landscape,
  complete: boolean,
): readonly DeploymentNeeds[] {
  const byStack = new Map<string, Need[]>()
  const declared = new Map(
    templates.map(({ stack, target, template }) => [titleOf({ stack, ...target }), template.Resources]),
  )
  const add = (origin: Origin, resource: string, callsOf: (declaration: TemplateResource) => Call[]) => {
    const stack = titleOf(origin)
    const declaration = entryOf(declared.get(stack), origin.logicalId ?? '')
    if (!declaration) return
    const principal = rootArn(origin.account)
    const needs = callsOf(declaration).map(([action, phase, purpose]): Need => {
      const why = reason({ kind: 'stack', stack: origin.stack, purpose })
      return { principal, action, resource, phase, ...why }
    })
    const known = byStack.get(stack)
    if (known) known.push(...needs)
    else byStack.set(stack, needs)
  }
  for (const key of keys.values())
    add(key.origin, key.arn, (declaration) => keyCalls(key, declaration, complete))
  for (const { name, policy } of buckets.values())
    if (policy) add(policy.origin, formatArn('s3', '', '', name), policyCalls('s3'))
  for (const [arn, policy] of resourcePolicies) addPolicy(arn, policy, add)
  return [...byStack].map(([stack, needs]) => ({ stack, needs }))
}

const titleOf = ({ stack, account, region }: Pick<Origin, 'stack' | 'account' | 'region'>): string =>
  `${stack} in ${account} ${region}`

/** AWS: DeletionPolicy keeps a resource that leaves its stack, or whose stack is deleted. */
const isKept = ({ DeletionPolicy = 'Delete' }: TemplateResource): boolean =>
  !DeletionPolicy.startsWith('Delete')

/**
 * AWS: KMS refuses a policy under which whoever makes the key could not change it again. A key whose deletion is pending
 * takes no new policy, so that who may take the deletion back must be told before; the key comes back disabled.
 */
function keyCalls({ aliases, rotates }: KnownKey, declaration: TemplateResource, complete: boolean): Call[] {
  const { Properties = {} } = declaration
  const look = 'to read the key before changing or deleting it'
  const undo = 'to take the deletion of the key back while it is pending'
  const isDisabled = Properties.Enabled !== undefined && String(Properties.Enabled) !== 'true'
  return [
    ['kms:PutKeyPolicy', 'update', 'to stay able to change the key policy'],
    ['kms:DescribeKey', 'read', look],
    ['kms:GetKeyPolicy', 'read', look],
    ['kms:GetKeyRotationStatus', 'read', look],
    ['kms:ListResourceTags', 'read', look],
    // A fleet's own keys are looked at by `crossdock doctor` too.
    ...when(complete, ['kms:ListGrants', 'read', 'to see which grants let others use the key']),
    ['kms:TagResource', 'tag', 'to put the stack’s tags on the key'],
    ['kms:UntagResource', 'tag', 'to take tags that the stack no longer has off the key'],
    ...when(Properties.Description !== undefined, [
      'kms:UpdateKeyDescription',
      'update',
      'to describe the key',
    ]),
    ...when(rotates ?? false, ['kms:EnableKeyRotation', 'create', 'to have the key rotated']),
    ...when(isDisabled, ['kms:DisableKey', 'create', 'to disable the key']),
    ...when(
      aliases.length > 0,
      ['kms:CreateAlias', 'create', 'to give the key its alias'],
      ['kms:UpdateAlias', 'update', 'to move the alias to another key'],
      ['kms:DeleteAlias', 'delete', 'to delete the alias of the key'],
    ),
    ...when(
      !isKept(declaration),
      ['kms:ScheduleKeyDeletion', 'delete', 'to delete the key with its stack'],
      ['kms:CancelKeyDeletion', 'delete', undo],
      ['kms:EnableKey', 'delete', undo],
    ),
  ]
}

const when = (holds: boolean, ...calls: Call[]): Call[] => (holds ? calls : [])

/** By service: what reads, writes and deletes the policy that a resource carries. */
const POLICY_CALLS: Readonly<Record<string, readonly [read: string, write: string, remove: string]>> = {
  s3: ['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
  ecr: ['ecr:GetRepositoryPolicy', 'ecr:SetRepositoryPolicy', 'ecr:DeleteRepositoryPolicy'],
  secretsmanager: [
    'secretsmanager:GetResourcePolicy',
    'secretsmanager:PutResourcePolicy',
    'secretsmanager:DeleteResourcePolicy',
  ],
  // AWS: a topic's policy is one of its attributes, and is never absent.
  sns: ['sns:GetTopicAttributes', 'sns:SetTopicAttributes', 'sns:SetTopicAttributes'],
}

const policyCalls =
  (service: keyof typeof POLICY_CALLS) =>
  (declaration: TemplateResource): Call[] => {
    const [read, write, remove] = entryOf(POLICY_CALLS, service)!
    return [
      [read, 'read', 'to read the policy before changing it'],
      [write, 'update', 'to stay able to change the policy'],
      ...when(!isKept(declaration), [remove, 'delete', 'to delete the policy with its stack']),
    ]
  }

function addPolicy(
  arn: string,
  { origin }: LocatedPolicy,
  add: (origin: Origin, resource: string, callsOf: (declaration: TemplateResource) => Call[]) => void,
): void {
  const service = parseArn(arn)?.service ?? ''
  if (Object.hasOwn(POLICY_CALLS, service)) add(origin, arn, policyCalls(service))
}
