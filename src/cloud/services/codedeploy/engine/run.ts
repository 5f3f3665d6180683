/** One run of a deployment: what it is now, and how it acts on the world with its group's role. */
import { AwsError } from '../../../../model/index.ts'
import type { Input, OperationName, Output, ServiceId } from '../../../kernel/api.ts'
import type { AssumedRole, Context } from '../../../kernel/context.ts'
import { type Identity, serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import { groupArn } from '../kinds.ts'
import { type Deployment, deployments } from '../state.ts'
import { DeploymentFailure, failureOf, type ServiceInWords } from './failure.ts'

export interface Run {
  /** Of the deployment's account and region, acting as CodeDeploy. */
  readonly ctx: Context
  /** As it is now. */
  readonly deployment: Deployment
  /** Changes the record as it is now, whatever else has changed it meanwhile. */
  save(changes: Partial<Deployment>): Deployment
  /** Calls a service as the group's role. Errors: DeploymentFailure, in the words given. */
  call<S extends ServiceId, O extends OperationName<S>>(
    service: S,
    operation: O,
    input: Input<S, O>,
    words: ServiceInWords,
  ): Promise<Output<S, O>>
}

/** What a step of a run came to: it goes on at once, or when a time or an event has come. */
export type Step = 'on' | { readonly until?: number }

/** Gives CodeDeploy acting by itself for a deployment group. */
export const forGroup = (
  ctx: Pick<Context, 'account' | 'region'>,
  { application, group }: Pick<Deployment, 'application' | 'group'>,
): Identity =>
  serviceIdentity(servicePrincipal('codedeploy'), {
    arn: groupArn(ctx, { application, name: group }),
    account: ctx.account,
  })

/** Gives a run of a deployment that is kept. */
export function runOf(ctx: Context, id: string): Run {
  const table = ctx.table(deployments)
  const current = () => table.get(id)!
  let session: AssumedRole | undefined
  const role = async (): Promise<Identity> => {
    const deployment = current()
    session ??= await ctx
      .assumeRole(deployment.roleArn, { by: forGroup(ctx, deployment), sessionName: id })
      .catch((error: unknown) => {
        throw roleFailure(error, deployment, ctx)
      })
    return session.identity
  }
  return {
    ctx,
    get deployment() {
      return current()
    },
    save: (changes) => {
      const changed = { ...current(), ...changes }
      table.put(id, changed)
      return changed
    },
    call: async (service, operation, input, words) => {
      const as = await role()
      const { group } = current()
      return ctx
        .call(service, operation, input, { as, invokedBy: `codedeploy/${group}` })
        .catch((error: unknown) => {
          throw failureOf(error, current(), words)
        })
    },
  }
}

/** AWS: a role that is not there and one that CodeDeploy may not take on are told apart. */
function roleFailure(error: unknown, { group, roleArn }: Deployment, { cloud }: Context): unknown {
  if (!(error instanceof AwsError)) return error
  return cloud.directory.role(roleArn)
    ? new DeploymentFailure(
        'IAM_ROLE_PERMISSIONS',
        `AWS CodeDeploy does not have the permissions required to assume the role ${roleArn}.`,
      )
    : new DeploymentFailure('IAM_ROLE_MISSING', `IAM Role is missing for deployment group: ${group}`)
}
