/** Stack policies: what an update may not touch; SetStackPolicy and GetStackPolicy. */

import { starPattern } from '../../../../model/index.ts'
import { unsupportedInTemplate } from '../../../../template/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { policyFrom } from '../engine/stack-input.ts'
import { validationError } from '../engine/validation-error.ts'
import { liveStack, stackKind } from '../kinds.ts'
import { type ResourceChange, stacks } from '../state.ts'

interface Statement {
  readonly Effect?: string
  readonly Action?: string | string[]
  readonly NotAction?: unknown
  readonly Resource?: string | string[]
  readonly NotResource?: string | string[]
  readonly Condition?: { readonly StringEquals?: { readonly ResourceType?: string | string[] } }
}

const covers = (patterns: string | string[] | undefined, text: string): boolean =>
  [patterns ?? []].flat().some((pattern) => starPattern(pattern.toLowerCase())(text.toLowerCase()))

const actionOf = (change: ResourceChange): string => {
  if (change.action === 'Remove') return 'Update:Delete'
  return change.replacement === 'True' ? 'Update:Replace' : 'Update:Modify'
}

/**
 * AWS: once a stack has a policy, whatever it does not allow is protected; an explicit deny wins. Resources that are
 * added are not protected. Errors: ValidationError naming the resources that the policy protects.
 */
export function enforceStackPolicy(policy: string | undefined, changes: readonly ResourceChange[]): void {
  if (policy === undefined) return
  const { Statement: statements = [] } = JSON.parse(policy) as { Statement?: Statement[] }
  const denied = changes.filter((change) => isProtected(change) && !isAllowed(statements, change))
  if (denied.length > 0)
    throw validationError(
      `Action denied by stack policy: Statement [#1] does not allow [${actionOf(denied[0]!)}] for resource [LogicalResourceId/${denied[0]!.logicalId}]`,
    )
}

const isProtected = ({ action }: ResourceChange): boolean => action === 'Modify' || action === 'Remove'

function isAllowed(statements: readonly Statement[], change: ResourceChange): boolean {
  const speaking = statements.filter((statement) => {
    if (statement.NotAction !== undefined) throw unsupportedInTemplate('NotAction in a stack policy')
    const types = statement.Condition?.StringEquals?.ResourceType
    const resource = `LogicalResourceId/${change.logicalId}`
    const named = statement.NotResource
      ? !covers(statement.NotResource, resource)
      : covers(statement.Resource, resource)
    return (
      named &&
      covers(statement.Action, actionOf(change)) &&
      (types === undefined || covers(types, change.type))
    )
  })
  return speaking.some((one) => one.Effect === 'Allow') && !speaking.some((one) => one.Effect === 'Deny')
}

export const SetStackPolicy = operation({
  service: 'cloudformation',
  name: 'SetStackPolicy',
  access: (input, ctx) => [stackKind.on(ctx, 'SetStackPolicy', input.StackName)],
  run: async (input, ctx) => {
    const stack = liveStack(ctx, input.StackName)
    const policy = await policyFrom(input, ctx)
    if (policy === undefined)
      throw validationError('You must specify either the StackPolicyBody or the StackPolicyURL parameter.')
    ctx.table(stacks).put(stack.id, { ...stack, policy })
    return {}
  },
})

export const GetStackPolicy = operation({
  service: 'cloudformation',
  name: 'GetStackPolicy',
  access: (input, ctx) => [stackKind.on(ctx, 'GetStackPolicy', input.StackName)],
  run: (input, ctx) => ({ StackPolicyBody: liveStack(ctx, input.StackName).policy }),
})
