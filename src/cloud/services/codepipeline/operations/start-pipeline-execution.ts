/** codepipeline:StartPipelineExecution. */
import { AwsError, entryOf, formatArn } from '../../../../model/index.ts'
import { findProvider } from '../../../../pipeline/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { servicePrincipal } from '../../../kernel/identity.ts'
import { operation } from '../../../kernel/operation.ts'
import { beginExecution } from '../engine/begin-execution.ts'
import { findPipeline, on } from '../engine/find.ts'
import { startedWith } from '../engine/history.ts'
import type { StoredPipeline, Trigger } from '../state.ts'

type StartInput = Input<'codepipeline', 'StartPipelineExecution'>

/** AWS: the same client request token gives the execution that it started before. */
export const StartPipelineExecution = operation({
  service: 'codepipeline',
  name: 'StartPipelineExecution',
  access: (input, ctx) => on(ctx, 'StartPipelineExecution', input.name),
  run: (input, ctx) => {
    const pipeline = findPipeline(ctx, input.name)
    const { clientRequestToken } = input
    const known = clientRequestToken && startedWith(ctx, input.name, clientRequestToken)
    if (known) return { pipelineExecutionId: known.id }
    checkSourceRevisions(pipeline, input)
    const execution = beginExecution(ctx, pipeline, {
      trigger: triggerOf(ctx),
      variables: givenVariables(pipeline, input),
      overrides: input.sourceRevisions ?? [],
      clientRequestToken,
    })
    return { pipelineExecutionId: execution.id }
  },
})

/** AWS: what EventBridge starts is told apart from what people start, by its rule; a session of the rule's role names it. */
function triggerOf({ identity, account, region }: Context): Trigger {
  const session = identity.session?.name ?? ''
  const byRule = identity.service === servicePrincipal('events') || session.startsWith('AWSEvents')
  if (!byRule) return { type: 'StartPipelineExecution', detail: identity.arn }
  const [, rule] = /^AWSEvents_(.+)$/.exec(session) ?? []
  const ruleArn = rule
    ? formatArn('events', region, account, `rule/${rule}`)
    : identity.context?.['aws:SourceArn']
  return { type: 'CloudWatchEvent', detail: String(ruleArn ?? identity.arn) }
}

/** Errors: ValidationException where a variable is not declared, or has no value at all. */
function givenVariables({ declaration }: StoredPipeline, input: StartInput): Record<string, string> {
  const given = Object.fromEntries((input.variables ?? []).map(({ name, value }) => [name, value]))
  const declared = declaration.variables ?? []
  const unknown = Object.keys(given).find((name) => !declared.some((one) => one.name === name))
  if (unknown !== undefined)
    throw new AwsError(
      'ValidationException',
      `The pipeline '${declaration.name}' does not declare the variable '${unknown}'`,
    )
  const missing = declared.find(
    ({ name, defaultValue }) => defaultValue === undefined && entryOf(given, name) === undefined,
  )
  if (missing)
    throw new AwsError(
      'ValidationException',
      `The variable '${missing.name}' has no default value and must be given`,
    )
  return given
}

/** Errors: ValidationException where a source revision names no source action, or has a type it does not take. */
function checkSourceRevisions({ declaration }: StoredPipeline, { sourceRevisions = [] }: StartInput): void {
  for (const { actionName, revisionType } of sourceRevisions) {
    const source = declaration.stages[0]?.actions.find((action) => action.name === actionName)
    if (!source)
      throw new AwsError('ValidationException', `The pipeline has no source action '${actionName}'`)
    if (!findProvider(source.actionTypeId)?.revisions?.includes(revisionType))
      throw new AwsError(
        'ValidationException',
        `The source action '${actionName}' does not take the revision type ${revisionType}`,
      )
  }
}
