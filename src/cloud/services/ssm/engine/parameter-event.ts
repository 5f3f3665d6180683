/** The event that every change of a parameter sends to EventBridge. */
import type { Context } from '../../../kernel/context.ts'
import { latestOf, type Parameter } from '../state.ts'

export function announce(ctx: Context, parameter: Parameter, operation: string): void {
  const { type, description } = latestOf(parameter)
  ctx.publish({
    source: 'aws.ssm',
    detailType: 'Parameter Store Change',
    resources: [parameter.arn],
    detail: { name: parameter.name, type, operation, ...(description ? { description } : {}) },
  })
}
