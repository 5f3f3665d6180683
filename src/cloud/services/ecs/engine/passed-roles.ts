/** The permissions that handing roles over takes. */
import type { Arn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { servicePrincipal } from '../../../kernel/identity.ts'
import { definitionKind } from '../kinds.ts'
import type { Settings } from '../state.ts'
import { TASKS } from './identity.ts'

const passedTo = (service: string, roles: readonly (Arn | undefined)[]): AccessRequest[] =>
  [...new Set(roles)].flatMap((role) =>
    role ? [{ action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': service } }] : [],
  )

/** Those of tasks. */
export const passed = (...roles: (Arn | undefined)[]): AccessRequest[] => passedTo(TASKS, roles)

/**
 * Those of the tasks that are made of a definition. AWS: whoever makes them hands over its roles, or what overrides them
 * ("Amazon ECS CodeDeploy IAM Role" for task sets, "Amazon ECS EventBridge IAM Role" for RunTask).
 */
export function passedToTasks(ctx: Context, named = '', overrides: RoleOverrides = {}): AccessRequest[] {
  const definition = definitionKind.lookUp(ctx, named)?.definition
  return passed(
    overrides.taskRoleArn ?? definition?.taskRoleArn,
    overrides.executionRoleArn ?? definition?.executionRoleArn,
  )
}

interface RoleOverrides {
  readonly taskRoleArn?: Arn
  readonly executionRoleArn?: Arn
}

/** AWS: those that ECS takes on itself, for load balancers and hooks ("Permission to pass the infrastructure role"). */
export const passedByService = ({
  loadBalancers = [],
  deploymentConfiguration: { lifecycleHooks = [] } = {},
}: Pick<Settings, 'loadBalancers' | 'deploymentConfiguration'>): AccessRequest[] =>
  passedTo(servicePrincipal('ecs'), [
    ...loadBalancers.map(({ advancedConfiguration }) => advancedConfiguration?.roleArn),
    ...lifecycleHooks.map(({ roleArn }) => roleArn),
  ])
