/** Carrying out the actions of alarms. */
import { lambdaFunction, type Place, placeOf, senderAs, topic } from '../../../destinations/index.ts'
import { handOver } from '../../../kernel/hand-over.ts'
import { serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import { alarmArn } from '../kinds.ts'
import { invalidValue, unsupported } from './refuse.ts'

export interface Action {
  readonly to: string
  readonly alarm: string
  readonly text: string
  readonly lambda: string
  readonly subject: string
}

/** AWS: topics, and functions since 2023. */
const PLACES = [topic, lambdaFunction]

/**
 * AWS: CloudWatch publishes as itself, let in by the topic's policy; functions let lambda.alarms.cloudwatch.amazonaws.com
 * in (AlarmThatSendsEmail, alarms-and-actions-Lambda). Who does not is sent nothing, and nobody is told.
 */
export const alarmAction = handOver<Action>({
  name: 'cloudwatch.alarm-action',
  deliver: async (ctx, { to, alarm, text, lambda, subject }) => {
    const destination = placeOf(PLACES, to)
    if (!destination) return
    const isFunction = destination === lambdaFunction
    const principal = isFunction ? 'lambda.alarms.cloudwatch.amazonaws.com' : servicePrincipal('cloudwatch')
    const as = serviceIdentity(principal, { arn: alarmArn(ctx, alarm), account: ctx.account })
    await destination.send(senderAs(ctx, as), to, isFunction ? { text: lambda } : { text, subject })
  },
})

/** Errors: InvalidParameterValue for what is no ARN; UnsupportedParameter for what alarms may do on AWS and not here. */
export function checkActions(lists: readonly (readonly string[] | undefined)[]): void {
  for (const to of lists.flatMap((one) => one ?? [])) {
    if (!to.startsWith('arn:')) throw invalidValue(`Invalid arn syntax: ${to}`)
    if (!placeOf(PLACES as readonly Place[], to))
      throw unsupported(`the alarm action ${to}; it has topics of SNS and functions of Lambda`)
  }
}
