/** Checks of a pipeline's definition before it is kept: structure, what can be run, and every role. */

import { type ActionTypeId, AwsError, type PipelineDeclaration } from '../../../../model/index.ts'
import { findProvider, validateDeclaration, worksOf } from '../../../../pipeline/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { servicePrincipal } from '../../../kernel/identity.ts'
import { findRunner } from '../providers/index.ts'
import { providerOf } from './action-types.ts'
import { ownContext } from './records.ts'
import { roleSessions } from './role-sessions.ts'

/** Gives the request to pass the pipeline's role. AWS: action roles are assumed, not passed. */
export const passPipelineRole = ({ roleArn }: { roleArn: string }): AccessRequest => ({
  action: 'iam:PassRole',
  resource: roleArn,
  context: { 'iam:PassedToService': servicePrincipal('codepipeline') },
})

/**
 * Checks a definition. Errors: the exception of the first rule broken; UnsupportedParameter for what the embedded
 * cloud cannot run; InvalidStructureException where a role cannot be assumed.
 */
export async function checkDefinition(ctx: Context, pipeline: PipelineDeclaration): Promise<void> {
  const { account, region } = ctx
  const registered = { find: (type: ActionTypeId) => providerOf(ctx, type), all: true }
  const [first] = validateDeclaration(pipeline, { account, region, registered }).filter(
    (one) => one.severity === 'error',
  )
  if (first) throw new AwsError(first.code, first.message)
  refuseUnsupported(pipeline)
  await checkRoles(ctx, pipeline)
}

function refuseUnsupported(pipeline: PipelineDeclaration): void {
  for (const stage of pipeline.stages) {
    if (stage.blockers !== undefined && !isEmpty(stage.blockers))
      throw unsupported(`The embedded cloud does not support blockers of the stage ${stage.name}.`)
    for (const { action, label } of worksOf(stage)) {
      const { category, owner, provider } = action.actionTypeId
      const runner = findRunner(action)
      if (!runner)
        throw unsupported(
          `The embedded cloud cannot run the action provider ${provider} (${category}, ${owner}) of the action ${label}.`,
        )
      const problem = findProvider(action.actionTypeId)?.refusedPart?.(action)
      if (problem) throw unsupported(`The embedded cloud does not support ${problem} of the action ${label}.`)
    }
  }
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0

const unsupported = (message: string): AwsError =>
  new AwsError('UnsupportedParameter', message, { status: 501 })

/** AWS: CodePipeline itself must be able to assume the pipeline's role, and that role every role of an action or a rule. */
async function checkRoles(caller: Context, pipeline: PipelineDeclaration): Promise<void> {
  const ctx = ownContext(caller, pipeline.name)
  const { roleArn } = pipeline
  await roleSessions(ctx, { pipeline: roleArn })
    .pipeline()
    .catch((error) =>
      refuse(error, `CodePipeline is not authorized to perform AssumeRole on role ${roleArn}`),
    )
  const roles = pipeline.stages.flatMap((stage) =>
    worksOf(stage).flatMap(({ action }) => action.roleArn ?? []),
  )
  const sessions = [...new Set(roles)].map((action) => ({
    action,
    ...roleSessions(ctx, { pipeline: roleArn, action }),
  }))
  await Promise.all(
    sessions.map(({ action, inEffect }) =>
      inEffect().catch((error) =>
        refuse(error, `${roleArn} is not authorized to perform AssumeRole on role ${action}`),
      ),
    ),
  )
}

function refuse(error: unknown, message: string): never {
  if (error instanceof AwsError && error.code !== 'UnsupportedOperation')
    throw new AwsError('InvalidStructureException', message)
  throw error
}
