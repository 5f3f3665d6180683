/** The permissions that handing roles over takes. */
import type { Arn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import { servicePrincipal } from '../../../kernel/identity.ts'
import type { Settings } from '../state.ts'
import { TASKS } from './identity.ts'

const passedTo = (service: string, roles: readonly (Arn | undefined)[]): AccessRequest[] =>
  [...new Set(roles)].flatMap((role) =>
    role ? [{ action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': service } }] : [],
  )

/** Those of tasks. */
export const passed = (...roles: (Arn | undefined)[]): AccessRequest[] => passedTo(TASKS, roles)

/** AWS: those that ECS takes on itself, for load balancers and hooks ("Permission to pass the infrastructure role"). */
export const passedByService = ({
  loadBalancers = [],
  deploymentConfiguration: { lifecycleHooks = [] } = {},
}: Pick<Settings, 'loadBalancers' | 'deploymentConfiguration'>): AccessRequest[] =>
  passedTo(servicePrincipal('ecs'), [
    ...loadBalancers.map(({ advancedConfiguration }) => advancedConfiguration?.roleArn),
    ...lifecycleHooks.map(({ roleArn }) => roleArn),
  ])
