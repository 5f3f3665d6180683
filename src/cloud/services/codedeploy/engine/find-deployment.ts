/** Finding the deployment that a request names. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { deploymentKind } from '../kinds.ts'
import { type Deployment, isOver } from '../state.ts'
import { DEPLOYMENT_ID } from './deployment-id.ts'

/** Errors: DeploymentIdRequiredException, InvalidDeploymentIdException, DeploymentDoesNotExistException. */
export function findDeployment(ctx: Context, id: string | undefined): Deployment {
  if (!id) throw new AwsError('DeploymentIdRequiredException', 'The deployment ID must be specified')
  if (!DEPLOYMENT_ID.test(id))
    throw new AwsError('InvalidDeploymentIdException', `The deployment ID ${id} is in an invalid format`)
  return deploymentKind.find(
    ctx,
    id,
    () => new AwsError('DeploymentDoesNotExistException', `The deployment ${id} could not be found`),
  )
}

/** As `findDeployment`. Errors: DeploymentAlreadyCompletedException besides. */
export function findActive(ctx: Context, id: string | undefined): Deployment {
  const found = findDeployment(ctx, id)
  if (!isOver(found)) return found
  throw new AwsError('DeploymentAlreadyCompletedException', `The deployment ${id} is already complete`)
}
