/** Sessions of a state machine's role. */
import type { Arn } from '../../../../model/index.ts'
import type { AssumedRole, Context } from '../../../kernel/context.ts'
import { type Identity, serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'

/** A session is renewed when it has less than this left, in milliseconds. */
const MARGIN = 5 * 60_000

export interface MachineSessions {
  /** The machine's role, or another that it takes on. Errors: STS's AccessDenied. */
  session(roleArn?: Arn): Promise<Identity>
}

/** Gives Step Functions acting by itself for a state machine. */
export const forMachine = (ctx: Context, machine: Arn): Identity =>
  serviceIdentity(servicePrincipal('states'), { arn: machine, account: ctx.account })

export function machineSessions(ctx: Context, machine: Arn, roleArn: Arn): MachineSessions {
  const sessionName = () => ctx.cloud.ids.lower(32)
  let current: AssumedRole | undefined
  const own = async (): Promise<Identity> => {
    const left = (current?.credentials.expiration.getTime() ?? 0) - ctx.cloud.clock.now()
    if (!current || left < MARGIN)
      current = await ctx.assumeRole(roleArn, { by: forMachine(ctx, machine), sessionName: sessionName() })
    return current.identity
  }
  return {
    session: async (other) =>
      other === undefined
        ? own()
        : (await ctx.assumeRole(other, { by: await own(), sessionName: sessionName() })).identity,
  }
}
