/** The sessions of a task's roles. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { definitionKind } from '../kinds.ts'
import type { Task } from '../state.ts'
import { asTask } from './identity.ts'
import { PullFailure } from './pull-image.ts'

/** Takes on a task's roles; gives the session of the execution role, where there is one. Errors: PullFailure. */
export async function takeOnRoles(ctx: Context, task: Task): Promise<Identity | undefined> {
  const { executionRoleArn, taskRoleArn } = definitionKind.find(ctx, task.taskDefinition).definition
  const as = executionRoleArn === undefined ? undefined : await session(ctx, task, executionRoleArn)
  if (taskRoleArn !== undefined) await session(ctx, task, taskRoleArn)
  return as
}

/** Errors: PullFailure, in AWS's words. */
const session = (ctx: Context, task: Task, role: string): Promise<Identity> =>
  ctx.assumeRole(role, { by: asTask(ctx, task), sessionName: task.id }).then(
    ({ identity }) => identity,
    (error: unknown) => {
      if (!(error instanceof AwsError)) throw error
      throw new PullFailure(
        `ECS was unable to assume the role '${role}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.`,
      )
    },
  )
